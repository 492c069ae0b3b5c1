"""The inference clients of `huggingface_hub` against the emulator: one span per call, nothing changed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
from huggingface_hub import AsyncInferenceClient, InferenceClient, constants
from huggingface_hub.errors import HfHubHTTPError, InferenceTimeoutError, TextGenerationError
from huggingface_hub.inference import _client
from huggingface_hub.inference._generated import _async_client
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.instrument import Httpx2Instrumentor, HttpxInstrumentor, HuggingFaceInstrumentor
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.hugging_face import provider
from tests.emulator import Emulator
from tests.emulator.hugging_face import MODEL
from tests.instrument.telemetry import Telemetry, instrumented


Sdk: TypeAlias = Any
"""Clients and answers of the SDK: its overloads want literal arguments, tests have parameters."""

CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
MESSAGES: Any = [{"role": "user", "content": "Where is my parcel?"}]
TOOL: Any = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {"id": {"type": "string"}}}},
}
BOTH = pytest.mark.parametrize("is_async", [False, True])
WHOLE_AND_STREAM = pytest.mark.parametrize("is_stream", [False, True])


@contextmanager
def at(url: str, scenario: str = "default", **options: Any) -> Iterator[Sdk]:
    """A client of an endpoint whose every call meets `scenario`."""
    with InferenceClient(model=url, token="hf_x", headers={"x-emulator": scenario}, **options) as sdk:
        yield sdk


@asynccontextmanager
async def aat(url: str, scenario: str = "default", **options: Any) -> AsyncIterator[Sdk]:
    """The same for coroutines."""
    async with AsyncInferenceClient(model=url, token="hf_x", headers={"x-emulator": scenario}, **options) as sdk:
        yield sdk


async def call(
    emulator: Emulator, name: str, asked: dict[str, Any], *, scenario: str = "default", is_async: bool, **options: Any
) -> Sdk:
    """The answer; of a stream all that it yields."""
    url = f"{emulator.url}/{'tei' if name == 'feature_extraction' else 'tgi'}"
    if not is_async:
        with at(url, scenario, **options) as sdk:
            answer = getattr(sdk, name)(**asked)
            return list(answer) if isinstance(answer, Iterator) else answer
    async with aat(url, scenario, **options) as sdk:
        answer = await getattr(sdk, name)(**asked)
        return [item async for item in answer] if isinstance(answer, AsyncIterator) else answer


def chat(**asked: Any) -> dict[str, Any]:
    """What a chat completion is asked."""
    return {"messages": MESSAGES, **asked}


@BOTH
@WHOLE_AND_STREAM
async def test_chat(telemetry: Telemetry, emulator: Emulator, *, is_async: bool, is_stream: bool) -> None:
    """A chat completion, whole or streamed, is one inference span; an endpoint's model is known by its answer."""
    asked = chat(stream=is_stream, temperature=0.5, seed=7, stop=["X"], max_tokens=99)
    answer = await call(emulator, "chat_completion", asked, is_async=is_async)
    assert all(chunk.choices for chunk in answer) if is_stream else answer.usage.completion_tokens
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == "chat"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.provider.name"] == "huggingface"
    assert "gen_ai.request.model" not in found
    assert found["gen_ai.response.model"] == MODEL
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] == 13
    assert found["gen_ai.usage.output_tokens"] == 18
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["gen_ai.request.seed"] == 7
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["gen_ai.request.max_tokens"] == 99
    assert found["server.address"] == "127.0.0.1"
    assert found.get("spanwise.stream.outcome") == ("drained" if is_stream else None)
    assert ("gen_ai.response.time_to_first_chunk" in found) is is_stream
    assert "gen_ai.input.messages" not in found


def test_usage_is_not_asked_for_where_it_is_switched_off(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the switch off the request is untouched and tokens are absent, not zero."""
    monkeypatch.setenv("SPANWISE_INCLUDE_USAGE", "never")
    with at(f"{emulator.url}/tgi") as sdk:
        list(sdk.chat_completion(MESSAGES, stream=True))
    assert "stream_options" not in emulator.requests[-1].body
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


def test_usage_the_caller_asked_for(telemetry: Telemetry, emulator: Emulator) -> None:
    """A caller who asks for the usage gets its chunk."""
    with at(f"{emulator.url}/tgi") as sdk:
        *_, last = sdk.chat_completion(MESSAGES, stream=True, stream_options={"include_usage": True})
    assert last.usage is not None
    assert telemetry.attributes()["gen_ai.usage.input_tokens"] == last.usage.prompt_tokens


def test_openai_style(telemetry: Telemetry, emulator: Emulator) -> None:
    """`client.chat.completions.create` is the same span."""
    with at(f"{emulator.url}/tgi") as sdk:
        assert sdk.chat.completions.create(messages=MESSAGES).choices
    assert telemetry.one().name == "chat"


def test_routed(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call by way of a provider has the model under the name that the provider knows."""
    from huggingface_hub.hf_api import InferenceProviderMapping
    from huggingface_hub.inference._providers import _common

    known: Sdk = InferenceProviderMapping
    mapping = known(
        provider="groq", hf_model_id=MODEL, providerId="llama-3.1-8b-instant", task="conversational", status="live"
    )
    monkeypatch.setitem(_common.HARDCODED_MODEL_INFERENCE_MAPPING, "groq", {MODEL: mapping})
    monkeypatch.setattr(constants, "INFERENCE_PROXY_TEMPLATE", emulator.url + "/router/{provider}")
    with InferenceClient(provider="groq", token="hf_x") as sdk:
        try:
            sdk.chat_completion(MESSAGES, model=MODEL)
        except HfHubHTTPError:
            # Groq's own paths begin with `/openai`.
            assert emulator.requests[-1].path == "/router/groq/openai/v1/chat/completions"
    found = telemetry.attributes()
    assert found["gen_ai.request.model"] == "llama-3.1-8b-instant"
    assert found["gen_ai.provider.name"] == "groq"


@pytest.mark.parametrize(
    ("url", "named", "model", "expected"),
    [
        ("https://router.huggingface.co/groq/openai/v1/chat/completions", "groq", "x", "huggingface_groq"),
        ("https://router.huggingface.co/together/v1/completions", "together", "x", "huggingface_together"),
        ("https://router.huggingface.co/hf-inference/models/x", "hf-inference", "x", "huggingface"),
        ("https://router.huggingface.co/v1/chat/completions", "auto", "x", "huggingface"),
        ("https://router.huggingface.co/v1/chat/completions", "auto", "x:fastest", "huggingface"),
        ("https://router.huggingface.co/v1/chat/completions", "auto", "x:cerebras", "huggingface_cerebras"),
        ("https://router.huggingface.co/v1/chat/completions", "auto", "x:No Name", "huggingface"),
        ("https://router.huggingface.co", None, None, "huggingface"),
        ("https://x.us-east-1.aws.endpoints.huggingface.cloud", None, None, "huggingface"),
        ("https://api.together.xyz/v1/chat/completions", "together", "x", "together_ai"),
        ("https://api.groq.com/openai/v1/chat/completions", "groq", "x", "groq"),
        ("https://api.novita.ai/v3/openai/chat/completions", "novita", "x", "novita"),
    ],
)
def test_provider(url: str, named: str | None, model: str | None, expected: str) -> None:
    """A routed call is Hugging Face's, by the provider it is routed to; a direct one is the provider's."""
    assert provider(SimpleNamespace(provider=named, model=None), url, model) == expected


@pytest.mark.parametrize(
    ("name", "model"),
    [("huggingface_cerebras", "openai/gpt-oss-120b"), ("huggingface_together", "MiniMaxAI/MiniMax-M3")],
)
def test_price(name: str, model: str) -> None:
    """The names of routed providers are those under which the price book knows what a call costs."""
    from spanwise.cost import Cost, CostConfig
    from spanwise.record import SpanRecord

    attributes: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": name,
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": 1_000_000,
        "gen_ai.usage.output_tokens": 1_000_000,
    }
    found = Cost(CostConfig())(SpanRecord("chat", 1, 2, start_unix_nano=1_793_000_000 * 10**9, attributes=attributes))
    assert found is not None
    assert float(found.attributes["gen_ai.usage.cost.amount"]) > 0.01  # type: ignore[arg-type]


@BOTH
@WHOLE_AND_STREAM
@pytest.mark.parametrize("details", [False, True])
async def test_text_generation(
    telemetry: Telemetry, emulator: Emulator, *, is_async: bool, is_stream: bool, details: bool
) -> None:
    """A generation is a `text_completion`; its tokens are those that the details or the headers tell."""
    asked = {"prompt": "Where is it?", "stream": is_stream, "details": details, "max_new_tokens": 99, "top_k": 3}
    answer = await call(emulator, "text_generation", asked, is_async=is_async)
    assert answer
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == "text_completion"
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.request.max_tokens"] == 99
    assert found["gen_ai.request.top_k"] == 3
    told = details or not is_stream
    assert found.get("gen_ai.usage.input_tokens") == (3 if told else None)
    assert found.get("gen_ai.usage.output_tokens") == (18 if told else None)
    assert found.get("gen_ai.response.finish_reasons") == (("stop",) if details else None)
    assert found.get("spanwise.stream.outcome") == ("drained" if is_stream else None)


@BOTH
async def test_feature_extraction(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """Feature extraction is an `embeddings` span; the API counts nothing."""
    answer = await call(emulator, "feature_extraction", {"text": "a"}, is_async=is_async)
    assert answer.shape == (1, 32)
    assert telemetry.one().name == "embeddings"
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


@pytest.mark.parametrize("scenario", ["gzip", "crlf", "default;fragment_bytes=7"])
async def test_stream_encodings(telemetry: Telemetry, emulator: Emulator, scenario: str) -> None:
    """Compressed streams, CRLF streams and events cut anywhere are read alike, and usage stays hidden."""
    chunks = await call(emulator, "chat_completion", chat(stream=True), scenario=scenario, is_async=False)
    assert all(chunk.choices for chunk in chunks)
    assert telemetry.attributes()["gen_ai.usage.output_tokens"] == 18


@WHOLE_AND_STREAM
async def test_content(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_stream: bool
) -> None:
    """With SPAN_ONLY the span carries both sides, tools and calls included."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    await call(emulator, "chat_completion", chat(stream=is_stream, tools=[TOOL]), is_async=False)
    found = telemetry.attributes()
    (message,) = json.loads(found["gen_ai.input.messages"])
    assert message["parts"] == [{"type": "text", "content": "Where is my parcel?"}]
    (answer,) = json.loads(found["gen_ai.output.messages"])
    assert isinstance(answer["parts"][-1]["arguments"], dict)
    assert json.loads(found["gen_ai.tool.definitions"])[0]["name"] == "f"


@WHOLE_AND_STREAM
async def test_content_of_a_generation(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_stream: bool
) -> None:
    """Prompt and text are a message each; tokens that are no text are not in it."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    asked = {"prompt": "Where?", "stream": is_stream}
    await call(emulator, "text_generation", asked, scenario="text;text=It%20is%20near", is_async=False)
    found = telemetry.attributes()
    assert json.loads(found["gen_ai.input.messages"])[0]["parts"] == [{"type": "text", "content": "Where?"}]
    assert json.loads(found["gen_ai.output.messages"])[0]["parts"] == [{"type": "text", "content": "It is near"}]


async def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    asked = {"messages": [{"role": "user", "content": canary}], "stream": True}
    for scenario in ("echo", "error_400", "stream_error"):
        with contextlib.suppress(HfHubHTTPError, TextGenerationError):
            await call(emulator, "chat_completion", asked, scenario=scenario, is_async=False)
    spans = telemetry.spans()
    assert len(spans) == 3
    assert not any(canary in span.to_json() for span in spans)


@BOTH
@WHOLE_AND_STREAM
@pytest.mark.parametrize(
    ("scenario", "error", "status"),
    [
        ("error_400", "BadRequestError", 400),
        ("error_401", "HfHubHTTPError", 401),
        ("error_404", "HfHubHTTPError", 404),
        ("quota", "HfHubHTTPError", 429),
        ("error_503", "HfHubHTTPError", 503),
    ],
)
async def test_errors(
    telemetry: Telemetry, emulator: Emulator, scenario: str, error: str, status: int, *, is_async: bool, is_stream: bool
) -> None:
    """The caller gets the SDK's exception; the span its class and status."""
    with pytest.raises(HfHubHTTPError) as caught:
        await call(emulator, "chat_completion", chat(stream=is_stream), scenario=scenario, is_async=is_async)
    assert type(caught.value).__name__ == error
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == found["error.type"] == error
    assert found["http.response.status_code"] == status
    assert not span.events


@BOTH
async def test_timeout(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A call that times out is an error span, by the class that the caller gets."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - releases before 2 pass the HTTP library's on
        await call(
            emulator, "chat_completion", chat(), scenario="slow_first_byte;delay_s=0.3", is_async=is_async, timeout=0.1
        )
    assert telemetry.attributes()["error.type"] == type(caught.value).__name__
    assert telemetry.attributes()["error.type"] in (InferenceTimeoutError.__name__, "ReadTimeout")


@BOTH
@pytest.mark.parametrize("url", ["http://127.0.0.1:9", None])
async def test_no_response(telemetry: Telemetry, emulator: Emulator, url: str | None, *, is_async: bool) -> None:
    """A server that is not there, and one that resets the connection, are error spans."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the class is the HTTP library's
        if url is None:
            await call(emulator, "chat_completion", chat(), scenario="drop", is_async=is_async)
        else:
            with at(url) as sdk:
                sdk.chat_completion(MESSAGES)
    assert telemetry.attributes()["error.type"] == type(caught.value).__name__
    assert telemetry.one().status.status_code is StatusCode.ERROR


@BOTH
async def test_malformed_body(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A 200 with broken JSON, of which the SDK complains after the call, has no numbers that nobody said."""
    with pytest.raises(ValueError):  # noqa: PT011
        await call(emulator, "chat_completion", chat(), scenario="malformed_body", is_async=is_async)
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


@BOTH
@pytest.mark.parametrize("name", ["chat_completion", "text_generation"])
async def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator, name: str, *, is_async: bool) -> None:
    """An error in a 200 stream marks the span as failed, whatever the SDK raises."""
    asked = chat(stream=True) if name == "chat_completion" else {"prompt": "x", "stream": True}
    with pytest.raises(Exception) as caught:  # noqa: PT011 - one class for each kind of error
        await call(emulator, name, asked, scenario="stream_error", is_async=is_async)
    del caught
    found = telemetry.attributes()
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == ("server_error" if name == "chat_completion" else "generation")


@BOTH
async def test_disconnect(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A connection lost in mid-stream is a failed span; the caller gets what it would have got."""
    with pytest.raises(Exception, match=r"closed|incomplete"):
        await call(emulator, "chat_completion", chat(stream=True), scenario="disconnect", is_async=is_async)
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "RemoteProtocolError"


def test_left_early(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream left in the middle ends with the client that holds it, without an error."""
    with at(f"{emulator.url}/tgi", "default;chunks=50") as sdk:
        next(iter(sdk.chat_completion(MESSAGES, stream=True)))
    assert telemetry.attributes()["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert telemetry.one().status.status_code is StatusCode.UNSET


async def test_cancelled(telemetry: Telemetry, emulator: Emulator) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    started = asyncio.Event()

    async def read(sdk: Sdk) -> None:
        async for _ in await sdk.chat_completion(MESSAGES, stream=True):
            started.set()

    async with aat(f"{emulator.url}/tgi", "slow_chunks;delay_s=0.05;chunks=100") as sdk:
        task = asyncio.create_task(read(sdk))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert telemetry.attributes()["spanwise.stream.outcome"] == "cancelled"


def test_context_is_not_left_behind(telemetry: Telemetry, emulator: Emulator) -> None:
    """Between the chunks of a stream no span of ours is current."""
    with at(f"{emulator.url}/tgi") as sdk:
        for _ in sdk.chat_completion(MESSAGES, stream=True):
            assert not trace.get_current_span().get_span_context().is_valid
    assert len(telemetry.spans()) == 1


def test_other_tasks_are_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """A task that has no operation in the convention makes no span."""
    with at(f"{emulator.url}/tgi") as sdk:
        sdk.fill_mask("The [MASK]")
    assert len(emulator.requests) == 1
    assert telemetry.spans() == []


def test_chunks_are_the_same_without_us(telemetry: Telemetry, emulator: Emulator) -> None:
    """What a caller receives does not depend on us, and uninstrument puts the SDK's methods back."""

    def said(sdk: Sdk) -> list[str]:
        return [chunk.choices[0].delta.content or "" for chunk in sdk.chat_completion(MESSAGES, stream=True)]

    with at(f"{emulator.url}/tgi", "text;text=caf%C3%A9%20%F0%9F%9A%9A%20ok;chunks=7") as sdk:
        watched = said(sdk)
        HuggingFaceInstrumentor().uninstrument()
        assert said(sdk) == watched
    assert "".join(watched) == "café 🚚 ok"
    held: list[Sdk] = [_client, _async_client, InferenceClient, AsyncInferenceClient]
    for owner in held:
        assert not any(hasattr(value, "_spanwise_tap") for value in vars(owner).values())
    assert len(telemetry.spans()) == 1


@BOTH
@WHOLE_AND_STREAM
async def test_one_span_with_the_http_library_watched(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_async: bool, is_stream: bool
) -> None:
    """The request inside a call is no second call."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(HuggingFaceInstrumentor(), HttpxInstrumentor(), Httpx2Instrumentor()) as telemetry:
        await call(emulator, "chat_completion", chat(stream=is_stream), is_async=is_async)
        assert telemetry.one().name == "chat"


@BOTH
@WHOLE_AND_STREAM
@pytest.mark.parametrize("hook", ["begin", "learn", "end"])
async def test_a_defect_of_ours_is_not_the_callers(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, hook: str, *, is_async: bool, is_stream: bool
) -> None:
    """Whichever of our hooks fails, the caller gets the answer and no context is left behind."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    with instrumented(HuggingFaceInstrumentor()):
        monkeypatch.setattr(Tap if hook == "begin" else Call, hook, fail)
        assert await call(emulator, "chat_completion", chat(stream=is_stream), is_async=is_async)
    assert not trace.get_current_span().get_span_context().is_valid


@pytest.mark.parametrize("reads", [0, 3])
def test_stream_left_while_its_client_lives(telemetry: Telemetry, emulator: Emulator, reads: int) -> None:
    """A stream that is dropped is one span then, with what was read, though the client holds its response."""
    with at(f"{emulator.url}/tgi", "default;chunks=40") as sdk:
        stream = sdk.chat_completion(MESSAGES, stream=True)
        for _ in range(reads):
            next(stream)
        del stream
        found = telemetry.attributes()
        assert found["spanwise.stream.outcome"] == "abandoned"
        assert ("gen_ai.response.model" in found) is bool(reads)
        assert telemetry.one().status.status_code is StatusCode.UNSET
    assert len(telemetry.spans()) == 1


async def test_async_stream_left_while_its_client_lives(telemetry: Telemetry, emulator: Emulator) -> None:
    """The same for coroutines."""
    async with aat(f"{emulator.url}/tgi", "default;chunks=40") as sdk:
        stream = await sdk.chat_completion(MESSAGES, stream=True)
        await anext(stream)
        await stream.aclose()
        del stream
        await asyncio.sleep(0)
        assert telemetry.attributes()["spanwise.stream.outcome"] == "abandoned"
    assert len(telemetry.spans()) == 1
