"""The `ollama` SDK against the emulator: one correct span per call, and nothing changed for the caller."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import AsyncGeneratorType, GeneratorType
from typing import Any, TypeAlias

import httpx
import ollama
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.instrument import HttpxInstrumentor, OllamaInstrumentor
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.tap import Tap
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry, instrumented


Sdk: TypeAlias = Any
"""Clients and answers of the SDK: its overloads want literal arguments, tests have parameters."""

CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
MODEL = "llama3.2"
MESSAGES: Any = [{"role": "user", "content": "Where is my parcel?"}]
TOOL: Any = {
    "type": "function",
    "function": {
        "name": "f",
        "description": "Find.",
        "parameters": {"type": "object", "properties": {"id": {"type": "string", "description": "x"}}, "required": []},
    },
}
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 400
BOTH = pytest.mark.parametrize("is_async", [False, True])
WHOLE_AND_STREAM = pytest.mark.parametrize("is_stream", [False, True])


@contextmanager
def at(url: str, scenario: str = "default", **options: Any) -> Iterator[Sdk]:
    """A client whose every call meets `scenario`; without TLS, so that no certificates are read."""
    sdk: Sdk = ollama.Client(url, headers={"x-emulator": scenario}, verify=False, **options)
    with sdk._client:
        yield sdk


@asynccontextmanager
async def aat(url: str, scenario: str = "default", **options: Any) -> AsyncIterator[Sdk]:
    """The same for coroutines."""
    sdk: Sdk = ollama.AsyncClient(url, headers={"x-emulator": scenario}, verify=False, **options)
    async with sdk._client:
        yield sdk


async def call(
    emulator: Emulator, name: str, asked: dict[str, Any], *, scenario: str = "default", is_async: bool, **options: Any
) -> Sdk:
    """The answer; of a stream all lines."""
    asked = {"model": MODEL, **asked}
    if not is_async:
        with at(emulator.url, scenario, **options) as sdk:
            answer = getattr(sdk, name)(**asked)
            return list(answer) if isinstance(answer, Iterator) else answer
    async with aat(emulator.url, scenario, **options) as sdk:
        answer = await getattr(sdk, name)(**asked)
        return [line async for line in answer] if isinstance(answer, AsyncIterator) else answer


def assert_inference(telemetry: Telemetry, operation: str = "chat") -> None:
    """The attributes the convention asks of every finished inference."""
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"{operation} {MODEL}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.operation.name"] == operation
    assert found["gen_ai.provider.name"] == "ollama"
    assert found["gen_ai.request.model"] == found["gen_ai.response.model"] == MODEL
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert found["spanwise.response.latency_s"] == 0.25
    assert found["spanwise.response.load_s"] == 0.03
    assert found["server.address"] == "127.0.0.1"
    assert isinstance(found["server.port"], int)
    assert not any(name in found for name in ("gen_ai.input.messages", "gen_ai.output.messages", "error.type"))


@BOTH
@WHOLE_AND_STREAM
async def test_chat(telemetry: Telemetry, emulator: Emulator, *, is_async: bool, is_stream: bool) -> None:
    """A chat, whole or streamed, is one inference span with the options that were sent."""
    options = {"temperature": 0.5, "seed": 7, "stop": ["X"], "num_predict": 99, "top_k": 3, "repeat_penalty": 1.1}
    asked = {"messages": MESSAGES, "options": options, "stream": is_stream}
    answer = await call(emulator, "chat", asked, is_async=is_async)
    assert isinstance(answer[-1] if is_stream else answer, ollama.ChatResponse)
    assert_inference(telemetry)
    found = telemetry.attributes()
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["gen_ai.request.seed"] == 7
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["gen_ai.request.max_tokens"] == 99
    assert found["gen_ai.request.top_k"] == 3
    assert found.get("gen_ai.request.stream", False) is is_stream
    assert found.get("spanwise.stream.outcome") == ("drained" if is_stream else None)
    assert ("gen_ai.response.time_to_first_chunk" in found) is is_stream


@BOTH
@WHOLE_AND_STREAM
async def test_generate(telemetry: Telemetry, emulator: Emulator, *, is_async: bool, is_stream: bool) -> None:
    """A completion is a `text_completion` span; a format is an output type."""
    asked = {"prompt": "Where is it?", "format": "json", "stream": is_stream}
    await call(emulator, "generate", asked, is_async=is_async)
    assert_inference(telemetry, "text_completion")
    assert telemetry.attributes()["gen_ai.output.type"] == "json"


@BOTH
async def test_embed(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """Embeddings are a span with tokens, and without texts or vectors."""
    answer = await call(emulator, "embed", {"input": ["a", "b"]}, is_async=is_async)
    assert len(answer["embeddings"]) == 2
    assert telemetry.one().name == f"embeddings {MODEL}"
    assert telemetry.attributes()["gen_ai.usage.input_tokens"] == 2


@BOTH
async def test_embeddings(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """The endpoint before counts nothing, so the span has no tokens."""
    await call(emulator, "embeddings", {"prompt": "a"}, is_async=is_async)
    assert telemetry.one().name == f"embeddings {MODEL}"
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


def test_functions_of_the_module(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ollama.chat`, a method of a client made at import, is a span as well."""
    with httpx.Client(base_url=emulator.url, verify=False) as http:
        monkeypatch.setattr(ollama.chat.__self__, "_client", http)  # type: ignore[attr-defined]
        ollama.chat(MODEL, messages=MESSAGES)
    assert_inference(telemetry)


async def test_a_stream_is_the_generator_of_the_sdk(telemetry: Telemetry, emulator: Emulator) -> None:
    """What the caller iterates is no object of ours, and a stream that is never read makes no request and no span."""
    with at(emulator.url) as sdk:
        sync = sdk.chat(model=MODEL, messages=MESSAGES, stream=True)
    async with aat(emulator.url) as sdk:
        aio = await sdk.chat(model=MODEL, messages=MESSAGES, stream=True)
    assert type(sync) is GeneratorType
    assert type(aio) is AsyncGeneratorType
    assert sync.gi_code.co_filename == aio.ag_code.co_filename == ollama.Client.chat.__code__.co_filename
    del sync, aio
    assert telemetry.spans() == []
    assert emulator.requests == []


@pytest.mark.parametrize("scenario", ["gzip", "default;fragment_bytes=7"])
async def test_stream_encodings(telemetry: Telemetry, emulator: Emulator, scenario: str) -> None:
    """Compressed streams and lines cut anywhere give the same span."""
    await call(emulator, "chat", {"messages": MESSAGES, "stream": True}, scenario=scenario, is_async=False)
    assert_inference(telemetry)


@WHOLE_AND_STREAM
async def test_content(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_stream: bool
) -> None:
    """With SPAN_ONLY the span carries both sides: tools, calls, and images by type, size and hash."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    asked = {"messages": [{**MESSAGES[0], "images": [PNG]}], "tools": [TOOL], "stream": is_stream}
    await call(emulator, "chat", asked, is_async=False)
    found = telemetry.attributes()
    (message,) = json.loads(found["gen_ai.input.messages"])
    assert message["parts"][0] == {"type": "text", "content": "Where is my parcel?"}
    assert message["parts"][1]["mime_type"] == "image/png"
    assert "408 bytes" in message["parts"][1]["content"]
    (answer,) = json.loads(found["gen_ai.output.messages"])
    (part,) = answer["parts"]
    assert (part["type"], part["name"]) == ("tool_call", "f")
    assert isinstance(part["arguments"], dict)
    assert json.loads(found["gen_ai.tool.definitions"])[0]["name"] == "f"
    assert found["gen_ai.response.finish_reasons"] == ("tool_call",)


@WHOLE_AND_STREAM
async def test_tool_calls_end_as_such(telemetry: Telemetry, emulator: Emulator, *, is_stream: bool) -> None:
    """A model that calls a tool stopped for that, whatever the server calls it, with content off as well."""
    await call(emulator, "chat", {"messages": MESSAGES, "tools": [TOOL], "stream": is_stream}, is_async=False)
    assert telemetry.attributes()["gen_ai.response.finish_reasons"] == ("tool_call",)


@WHOLE_AND_STREAM
async def test_thinking(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_stream: bool
) -> None:
    """Thinking is a part of reasoning, before the text."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    for name, asked in (("chat", {"messages": MESSAGES}), ("generate", {"prompt": "x", "system": "Be brief."})):
        await call(emulator, name, {**asked, "stream": is_stream}, scenario="thinking", is_async=False)
    for span in telemetry.spans():
        (answer,) = json.loads(str((span.attributes or {})["gen_ai.output.messages"]))
        assert [part["type"] for part in answer["parts"]] == ["reasoning", "text"]
    said = json.loads(str((telemetry.spans()[1].attributes or {})["gen_ai.system_instructions"]))
    assert said == [{"type": "text", "content": "Be brief."}]


async def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    for scenario in ("echo", "error_400", "stream_error"):
        for is_stream in (False, True):
            asked = {"messages": [{"role": "user", "content": canary}], "stream": is_stream}
            try:
                await call(emulator, "chat", asked, scenario=scenario, is_async=False)
            except ollama.ResponseError:
                continue
    spans = telemetry.spans()
    assert len(spans) == 6
    assert not any(canary in span.to_json() for span in spans)


@BOTH
@WHOLE_AND_STREAM
@pytest.mark.parametrize(
    ("scenario", "status"), [("error_400", 400), ("error_404", 404), ("quota", 429), ("error_503", 503)]
)
async def test_errors(
    telemetry: Telemetry, emulator: Emulator, scenario: str, status: int, *, is_async: bool, is_stream: bool
) -> None:
    """The caller gets the SDK's exception; the span its class and status."""
    with pytest.raises(ollama.ResponseError) as caught:
        await call(emulator, "chat", {"messages": MESSAGES, "stream": is_stream}, scenario=scenario, is_async=is_async)
    assert caught.value.status_code == status
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == found["error.type"] == "ResponseError"
    assert found["http.response.status_code"] == status
    assert not span.events


@BOTH
@WHOLE_AND_STREAM
@pytest.mark.parametrize(
    ("scenario", "error"), [("drop", "RemoteProtocolError"), ("slow_first_byte;delay_s=0.3", "ReadTimeout")]
)
async def test_no_response(
    telemetry: Telemetry, emulator: Emulator, scenario: str, error: str, *, is_async: bool, is_stream: bool
) -> None:
    """A connection reset and a call that times out are error spans, of a stream as well."""
    with pytest.raises(getattr(httpx, error)):
        await call(
            emulator,
            "chat",
            {"messages": MESSAGES, "stream": is_stream},
            scenario=scenario,
            is_async=is_async,
            timeout=0.1,
        )
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["error.type"] == error


@WHOLE_AND_STREAM
def test_connection_refused(telemetry: Telemetry, *, is_stream: bool) -> None:
    """A server that is not there is an error span with the class that the caller gets."""
    with at("http://127.0.0.1:9") as sdk, pytest.raises((ConnectionError, httpx.ConnectError)) as caught:
        list(sdk.chat(model=MODEL, messages=MESSAGES, stream=is_stream))
    assert telemetry.attributes()["error.type"] == type(caught.value).__name__


async def test_malformed_body(telemetry: Telemetry, emulator: Emulator) -> None:
    """A 200 with broken JSON is an error span, without numbers that nobody said."""
    with pytest.raises(json.JSONDecodeError):
        await call(emulator, "chat", {"messages": MESSAGES}, scenario="malformed_body", is_async=False)
    assert telemetry.attributes()["error.type"] == "JSONDecodeError"
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


@BOTH
async def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """An error in a 200 stream marks the span as failed; the caller gets the SDK's exception."""
    with pytest.raises(ollama.ResponseError):
        await call(emulator, "chat", {"messages": MESSAGES, "stream": True}, scenario="stream_error", is_async=is_async)
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "provider_error"


@BOTH
async def test_disconnect(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A connection lost in mid-stream is a failed span; the caller gets what it would have got."""
    with pytest.raises(httpx.RemoteProtocolError):
        await call(emulator, "chat", {"messages": MESSAGES, "stream": True}, scenario="disconnect", is_async=is_async)
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "RemoteProtocolError"


@pytest.mark.parametrize("ending", ["close", "drop", "raise"])
def test_left_early(telemetry: Telemetry, emulator: Emulator, ending: str) -> None:
    """A stream closed early, left to the garbage collector or by an exception of the caller's is a span, no error."""
    with at(emulator.url, "default;chunks=50") as sdk:
        lines = sdk.chat(model=MODEL, messages=MESSAGES, stream=True)
        next(lines)
        if ending == "close":
            lines.close()
        if ending == "raise":
            with pytest.raises(RuntimeError):
                lines.throw(RuntimeError("the caller's"))
        del lines
        gc.collect()
    span = telemetry.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert span.status.status_code is StatusCode.UNSET


async def test_left_early_async(telemetry: Telemetry, emulator: Emulator) -> None:
    """The same by `break` and `aclose` of an async stream."""
    async with aat(emulator.url, "default;chunks=50") as sdk:
        lines = await sdk.chat(model=MODEL, messages=MESSAGES, stream=True)
        async for _ in lines:
            break
        await lines.aclose()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "closed"
    assert telemetry.one().status.status_code is StatusCode.UNSET


async def test_cancelled(telemetry: Telemetry, emulator: Emulator) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    started = asyncio.Event()

    async def read(sdk: Sdk) -> None:
        async for _ in await sdk.chat(model=MODEL, messages=MESSAGES, stream=True):
            started.set()

    async with aat(emulator.url, "slow_chunks;delay_s=0.05;chunks=100") as sdk:
        task = asyncio.create_task(read(sdk))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert telemetry.attributes()["spanwise.stream.outcome"] == "cancelled"


def test_context_is_not_left_behind(telemetry: Telemetry, emulator: Emulator) -> None:
    """While the request is made our span is current; between the lines of a stream it is not."""
    seen: list[int] = []

    def hook(request: object) -> None:
        seen.append(trace.get_current_span().get_span_context().span_id)

    with at(emulator.url, event_hooks={"request": [hook]}) as sdk:
        for _ in sdk.chat(model=MODEL, messages=MESSAGES, stream=True):
            assert not trace.get_current_span().get_span_context().is_valid
    context = telemetry.one().get_span_context()
    assert context is not None
    assert seen == [context.span_id]


def test_other_calls_are_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """Listing models and pulling one make no span."""
    with at(emulator.url) as sdk:
        with pytest.raises(ollama.ResponseError):
            sdk.list()
        with pytest.raises(ollama.ResponseError):
            list(sdk.pull(MODEL, stream=True))
    assert telemetry.spans() == []


def test_lines_are_the_same_without_us(telemetry: Telemetry, emulator: Emulator) -> None:
    """What a caller receives does not depend on us, and uninstrument puts the SDK's methods back."""

    def said(sdk: Sdk) -> list[Sdk]:
        return list(sdk.chat(model=MODEL, messages=MESSAGES, stream=True))

    with at(emulator.url, "text;text=caf%C3%A9%20%F0%9F%9A%9A%20ok;chunks=7") as sdk:
        watched = said(sdk)
        OllamaInstrumentor().uninstrument()
        assert said(sdk) == watched
    assert "".join(line["message"]["content"] for line in watched) == "café 🚚 ok"
    for owner in (ollama.Client, ollama.AsyncClient):
        assert not any(hasattr(method, "_spanwise_tap") for method in vars(owner).values())
    assert len(telemetry.spans()) == 1


@BOTH
@WHOLE_AND_STREAM
async def test_one_span_with_the_http_library_watched(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_async: bool, is_stream: bool
) -> None:
    """The request inside a call is no second call."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(OllamaInstrumentor(), HttpxInstrumentor()) as telemetry:
        await call(emulator, "chat", {"messages": MESSAGES, "stream": is_stream}, is_async=is_async)
        assert_inference(telemetry)


@BOTH
@WHOLE_AND_STREAM
@pytest.mark.parametrize("hook", ["begin", "learn", "end"])
async def test_a_defect_of_ours_is_not_the_callers(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, hook: str, *, is_async: bool, is_stream: bool
) -> None:
    """Whichever of our hooks fails, the caller gets the answer and no context is left behind."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    with instrumented(OllamaInstrumentor()):
        monkeypatch.setattr(Tap if hook == "begin" else Call, hook, fail)
        answer = await call(emulator, "chat", {"messages": MESSAGES, "stream": is_stream}, is_async=is_async)
    assert (answer[-1] if is_stream else answer)["done"] is True
    assert not trace.get_current_span().get_span_context().is_valid
