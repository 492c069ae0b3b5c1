"""The `litellm` SDK against the emulator: one span per call, whatever it asks beneath, and nothing changed."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import threading
from typing import Any, TypeAlias

import litellm as sdk
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry


Sdk: TypeAlias = Any
"""Arguments and results of the SDK, whose types say less than it does."""

litellm: Sdk = sdk
held_completion: Sdk = litellm.completion
held_acompletion: Sdk = litellm.acompletion
"""References taken before anything is instrumented, as `from litellm import completion` does."""

MODEL = "openai/gpt-4.1-mini"
CLAUDE = "anthropic/claude-haiku-4-5"
MESSAGES: list[dict[str, str]] = [{"role": "user", "content": "Where is my parcel?"}]
USAGE = {"include_usage": True}

# Its own: sockets and loops that it keeps until the process ends, and conversions of its own models.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
    pytest.mark.filterwarnings("ignore:Items? .* on TypedDict class:UserWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning"),
]


def at(emulator: Emulator, scenario: str = "default", model: str = MODEL) -> dict[str, Sdk]:
    """Arguments that lead to the emulator."""
    base = emulator.anthropic_url if model == CLAUDE else emulator.openai_url
    return {"model": model, "api_base": base, "api_key": "k", "extra_headers": {"x-emulator": scenario}}


def only(telemetry: Telemetry) -> tuple[Any, dict[str, Any]]:
    """The only finished span, and its attributes."""
    span = telemetry.one()
    return span, dict(span.attributes or {})


def span_attributes(span: Any) -> dict[str, Any]:
    """The attributes of a span."""
    return dict(span.attributes or {})


def assert_chat(telemetry: Telemetry, model: str = MODEL) -> dict[str, Any]:
    """The attributes of the only span, which is a chat completion that succeeded."""
    span, found = only(telemetry)
    assert span.name == f"chat {model}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert span.instrumentation_scope.name == "spanwise.instrument.litellm"
    assert found["gen_ai.provider.name"] == model.partition("/")[0]
    assert found["gen_ai.request.model"] == model
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["server.address"] == "127.0.0.1"
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert "openai.api.type" not in found
    assert "gen_ai.input.messages" not in found
    return found


@pytest.mark.parametrize("model", [MODEL, CLAUDE])
@pytest.mark.parametrize("held", [False, True])
def test_plain_call(routed: Telemetry, emulator: Emulator, model: str, *, held: bool) -> None:
    """A completion is one span, by whichever reference it is called; the provider's SDK beneath makes none."""
    call = held_completion if held else litellm.completion
    result = call(messages=MESSAGES, **at(emulator, model=model))
    assert type(result).__name__ == "ModelResponse"
    found = assert_chat(routed, model)
    assert "http.request.resend_count" not in found
    # Older releases have no price for the newer of the two.
    if not held and (cost_usd := result._hidden_params["response_cost"]):
        assert found["gen_ai.usage.cost.amount"] == cost_usd
        assert found["gen_ai.usage.cost.currency"] == "USD"
        assert found["gen_ai.usage.cost.source"] == "local"
    else:
        assert "gen_ai.usage.cost.amount" not in found
        assert held or model == CLAUDE


@pytest.mark.parametrize("model", [MODEL, CLAUDE])
@pytest.mark.parametrize("held", [False, True])
async def test_plain_call_async(routed: Telemetry, emulator: Emulator, model: str, *, held: bool) -> None:
    """The same for the function that does not block."""
    call = held_acompletion if held else litellm.acompletion
    assert inspect.iscoroutinefunction(call)
    await call(messages=MESSAGES, **at(emulator, model=model))
    assert_chat(routed, model)


def test_positional(routed: Telemetry, emulator: Emulator) -> None:
    """Model and messages may be given by position."""
    options = at(emulator)
    litellm.completion(options.pop("model"), MESSAGES, temperature=0.5, **options)
    assert assert_chat(routed)["gen_ai.request.temperature"] == 0.5


@pytest.mark.parametrize("model", [MODEL, CLAUDE])
def test_stream(routed: Telemetry, emulator: Emulator, model: str) -> None:
    """A stream is one span that ends with it, with the usage that the provider sent."""
    stream = litellm.completion(messages=MESSAGES, stream=True, stream_options=USAGE, **at(emulator, model=model))
    assert type(stream).__name__ == "CustomStreamWrapper"
    assert routed.spans() == []
    for _ in stream:
        assert not trace.get_current_span().get_span_context().is_valid
    found = assert_chat(routed, model)
    assert found["gen_ai.request.stream"] is True
    assert found["spanwise.stream.outcome"] == "drained"
    assert found["gen_ai.response.time_to_first_chunk"] > 0


@pytest.mark.parametrize("model", [MODEL, CLAUDE])
async def test_stream_async(routed: Telemetry, emulator: Emulator, model: str) -> None:
    """The same for a stream that is not blocking."""
    stream = await litellm.acompletion(
        messages=MESSAGES, stream=True, stream_options=USAGE, **at(emulator, model=model)
    )
    assert [chunk async for chunk in stream]
    assert assert_chat(routed, model)["spanwise.stream.outcome"] == "drained"


def test_an_estimate_of_litellm_is_no_usage(routed: Telemetry, emulator: Emulator) -> None:
    """Where the provider sent no usage there is none, though LiteLLM counts the words itself."""
    list(litellm.completion(messages=MESSAGES, stream=True, **at(emulator)))
    _, found = only(routed)
    assert found["spanwise.stream.outcome"] == "drained"
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert "gen_ai.usage.input_tokens" not in found


@pytest.mark.parametrize("leave", ["drop", "never"])
def test_stream_abandoned(routed: Telemetry, emulator: Emulator, leave: str) -> None:
    """A stream dropped early or never read is one span as soon as LiteLLM lets go of it, and no error."""
    stream = litellm.completion(messages=MESSAGES, stream=True, **at(emulator, "default;chunks=30"))
    if leave == "drop":
        next(iter(stream))
    del stream
    # It keeps the arguments and the result of its last call for its own reports.
    litellm.error_logs.clear()
    # A thread of its own writes its reports, and lets go of the stream when it is done.
    waiting = threading.Event()
    for _ in range(100):
        gc.collect()
        if routed.spans():
            break
        waiting.wait(0.05)
    span, found = only(routed)
    assert found["spanwise.stream.outcome"] == "abandoned"
    assert span.status.status_code is StatusCode.UNSET


async def test_stream_closed_async(routed: Telemetry, emulator: Emulator) -> None:
    """A stream closed early is one span."""
    stream = await litellm.acompletion(messages=MESSAGES, stream=True, **at(emulator, "default;chunks=30"))
    await anext(aiter(stream))
    if not hasattr(stream, "aclose"):
        # Older releases cannot close one: it is dropped.
        del stream
        litellm.error_logs.clear()
        gc.collect()
    else:
        await stream.aclose()
    assert only(routed)[1]["spanwise.stream.outcome"] in ("closed", "abandoned")


async def test_cancelled(routed: Telemetry, emulator: Emulator) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    started = asyncio.Event()

    async def read() -> None:
        scenario = at(emulator, "slow_chunks;delay_s=0.2;chunks=30")
        async for _ in await litellm.acompletion(messages=MESSAGES, stream=True, **scenario):
            started.set()

    task = asyncio.create_task(read())
    await asyncio.wait([task, asyncio.create_task(started.wait())], return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    span, found = only(routed)
    assert found["spanwise.stream.outcome"] == "cancelled"
    assert span.status.status_code is StatusCode.ERROR


@pytest.mark.parametrize("scenario", ["stream_error", "disconnect"])
def test_stream_breaks(routed: Telemetry, emulator: Emulator, scenario: str) -> None:
    """A stream that breaks off or says an error is a failed span; the caller gets the SDK's exception."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - releases disagree on the class
        list(litellm.completion(messages=MESSAGES, stream=True, **at(emulator, scenario)))
    span, found = only(routed)
    assert span.status.status_code is StatusCode.ERROR
    assert found["error.type"] == type(caught.value).__qualname__
    assert found["spanwise.stream.outcome"] == "failed"


@pytest.mark.parametrize(
    ("scenario", "error", "status"),
    [
        ("error_400", "BadRequestError", 400),
        ("error_401", "AuthenticationError", 401),
        ("error_404", "NotFoundError", 404),
        ("rate_limit;times=always", "RateLimitError", 429),
        ("error_500", "InternalServerError", 500),
    ],
)
@pytest.mark.parametrize("retries", [0, 2])
def test_errors(routed: Telemetry, emulator: Emulator, scenario: str, error: str, status: int, retries: int) -> None:
    """The caller gets the SDK's exception; the span its class, its status and how often LiteLLM tried again."""
    with pytest.raises(getattr(litellm, error)):
        litellm.completion(messages=MESSAGES, max_retries=0, num_retries=retries, **at(emulator, scenario))
    span, found = only(routed)
    assert span.status.status_code is StatusCode.ERROR
    assert found["error.type"] == error
    assert found["http.response.status_code"] == status
    if not retries:
        assert "http.request.resend_count" not in found
    assert not span.events


async def test_error_async(routed: Telemetry, emulator: Emulator) -> None:
    """The same for the function that does not block, with its retries inside."""
    with pytest.raises(litellm.InternalServerError):
        await litellm.acompletion(messages=MESSAGES, max_retries=0, num_retries=1, **at(emulator, "error_500"))
    _, found = only(routed)
    assert found["error.type"] == "InternalServerError"
    assert found["http.request.resend_count"] >= 1


@pytest.mark.parametrize("is_async", [False, True])
async def test_embedding(routed: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """Embeddings are a span with input tokens and neither texts nor vectors."""
    options = at(emulator, model="openai/text-embedding-3-small")
    result = await litellm.aembedding(input=["a"], **options) if is_async else litellm.embedding(input=["a"], **options)
    assert result.data
    span, found = only(routed)
    assert span.name == "embeddings openai/text-embedding-3-small"
    assert found["gen_ai.usage.input_tokens"] > 0
    assert "gen_ai.usage.output_tokens" not in found


@pytest.mark.parametrize("stream", [False, True])
def test_responses(routed: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """The responses API, whole or streamed, is one span."""
    result: Sdk = litellm.responses(input="Where?", stream=stream, **at(emulator))
    if stream:
        assert list(result)
    found = assert_chat(routed)
    assert found.get("spanwise.stream.outcome") == ("drained" if stream else None)


@pytest.mark.parametrize("stream", [False, True])
async def test_responses_async(routed: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """The same for the function that does not block."""
    result: Sdk = await litellm.aresponses(input="Where?", stream=stream, **at(emulator))
    if stream:
        assert [event async for event in result]
    assert_chat(routed)


@pytest.mark.parametrize("stream", [False, True])
def test_text_completion(routed: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """A legacy completion is one span, though its stream asks the provider only when it is read."""
    options = at(emulator, model="text-completion-openai/gpt-3.5-turbo-instruct")
    result: Sdk = litellm.text_completion(prompt="Once", stream=stream, **options)
    if stream:
        assert list(result)
    span, found = only(routed)
    assert span.name == "text_completion text-completion-openai/gpt-3.5-turbo-instruct"
    assert found["gen_ai.provider.name"] == "openai"
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    if not stream:
        assert found["gen_ai.usage.output_tokens"] > 0


@pytest.mark.parametrize("stream", [False, True])
async def test_text_completion_async(routed: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """The same for the function that does not block."""
    options = at(emulator, model="text-completion-openai/gpt-3.5-turbo-instruct")
    result: Sdk = await litellm.atext_completion(prompt="Once", stream=stream, **options)
    if stream:
        assert [chunk async for chunk in result]
    span, _ = only(routed)
    assert span.name.startswith("text_completion ")


def test_router(routed: Telemetry, emulator: Emulator) -> None:
    """Each deployment that a router tries is a span: another model or account, with its own error."""
    deployment = {"model_name": "chat", "litellm_params": {**at(emulator, "error_500"), "max_retries": 0}}
    other = {"model_name": "spare", "litellm_params": at(emulator, model=CLAUDE)}
    router = litellm.Router(model_list=[deployment, other], fallbacks=[{"chat": ["spare"]}], num_retries=0)
    assert router.completion(model="chat", messages=MESSAGES).choices
    found = [dict(span.attributes or {}) for span in routed.spans()]
    assert [each["gen_ai.provider.name"] for each in found] == ["openai", "anthropic"]
    assert [each.get("error.type") for each in found] == ["InternalServerError", None]


@pytest.mark.parametrize("stream", [False, True])
def test_cache(routed: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, stream: bool) -> None:
    """An answer that LiteLLM gives from its own cache has no tokens and no cost: they were counted before."""
    monkeypatch.setattr(litellm, "cache", litellm.Cache(type="local"))
    for _ in range(2):
        result: Sdk = litellm.completion(
            messages=MESSAGES,
            stream=stream,
            caching=True,
            **({"stream_options": USAGE} if stream else {}),
            **at(emulator),
        )
        if stream:
            assert list(result)
    assert len(emulator.requests) == 1
    first, second = (span_attributes(span) for span in routed.spans())
    assert first["gen_ai.usage.input_tokens"] > 0
    assert "gen_ai.usage.input_tokens" not in second
    assert "gen_ai.usage.cost.amount" not in second


def test_content(routed: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SPAN_ONLY both sides of the conversation are on the span, whole or streamed."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    litellm.completion(messages=MESSAGES, **at(emulator, "text;text=It%20is%20near"))
    list(litellm.completion(messages=MESSAGES, stream=True, **at(emulator, "text;text=It%20is%20near;chunks=3")))
    for span in routed.spans():
        found = dict(span.attributes or {})
        assert json.loads(str(found["gen_ai.input.messages"]))[0]["parts"][0]["content"] == "Where is my parcel?"
        assert json.loads(str(found["gen_ai.output.messages"]))[0]["parts"][0]["content"] == "It is near"


def test_suppressed(routed: Telemetry, emulator: Emulator) -> None:
    """Suppressed instrumentation makes no span."""
    from opentelemetry.instrumentation.utils import suppress_instrumentation

    with suppress_instrumentation():
        litellm.completion(messages=MESSAGES, **at(emulator))
    assert routed.spans() == []


def test_nothing_is_left(routed: Telemetry, emulator: Emulator) -> None:
    """After uninstrument the functions are LiteLLM's own, those held early included, and make no span."""
    from spanwise.instrument import LiteLLMInstrumentor, OpenAIInstrumentor

    assert litellm.completion is not held_completion
    late = litellm.completion
    OpenAIInstrumentor().uninstrument()
    LiteLLMInstrumentor().uninstrument()
    assert litellm.completion is held_completion
    # Newer releases have a function of their own in front of the one that has the cell.
    made = litellm.main.completion
    cell = made.__closure__[made.__code__.co_freevars.index("original_function")]
    assert not hasattr(made, "_spanwise_tap")
    assert not hasattr(cell.cell_contents, "_spanwise_tap")
    assert cell.cell_contents is made.__wrapped__
    late(messages=MESSAGES, **at(emulator))
    scopes = {str(span.instrumentation_scope and span.instrumentation_scope.name) for span in routed.spans()}
    assert "spanwise.instrument.litellm" not in scopes
