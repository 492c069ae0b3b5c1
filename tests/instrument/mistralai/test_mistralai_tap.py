"""The `mistralai` SDK against the emulator: one correct span per call, and nothing changed for the caller."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from tests.emulator import Emulator
from tests.instrument.mistralai.sdk import (
    BASE,
    ERRORS,
    HTTP,
    MESSAGES,
    MODEL,
    RELEASE,
    TOOL,
    UNREADABLE,
    Sdk,
    aclient,
    client,
    method,
    retries,
)
from tests.instrument.telemetry import Telemetry


CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
CHAT: dict[str, Any] = {"model": MODEL, "messages": MESSAGES}
CALLS: list[tuple[str, dict[str, Any], str, str]] = [
    ("chat.complete", CHAT, f"chat {MODEL}", MODEL),
    ("agents.complete", {"agent_id": "ag_1", "messages": MESSAGES}, "chat", "mistral-medium-latest"),
    (
        "fim.complete",
        {"model": "codestral-2508", "prompt": "def f("},
        "text_completion codestral-2508",
        "codestral-2508",
    ),
    (
        "embeddings.create",
        {"model": "mistral-embed", "inputs": ["a", "b"]},
        "embeddings mistral-embed",
        "mistral-embed",
    ),
]
STREAMS = [
    ("chat.stream", CHAT, f"chat {MODEL}"),
    ("agents.stream", {"agent_id": "ag_1", "messages": MESSAGES}, "chat"),
    ("fim.stream", {"model": "codestral-2508", "prompt": "def f("}, "text_completion codestral-2508"),
]
if RELEASE >= (1, 8):
    CALLS += [
        ("ocr.process", {"model": "mistral-ocr-2512", "document": {"type": "document_url", "document_url": "https://x/y"}},
         "generate_content mistral-ocr-2512", "mistral-ocr-2512"),
        ("classifiers.moderate", {"model": "mistral-moderation-2411", "inputs": ["a"]},
         "moderation mistral-moderation-2411", "mistral-moderation-2411"),
        ("beta.conversations.start", {"model": MODEL, "inputs": "Where?"}, f"chat {MODEL}", MODEL),
        ("beta.conversations.append", {"conversation_id": "conv_1", "inputs": "Where?"}, "chat",
         "mistral-medium-latest"),
    ]  # fmt: skip
    STREAMS += [
        ("beta.conversations.start_stream", {"model": MODEL, "inputs": "Where?"}, f"chat {MODEL}"),
        ("beta.conversations.append_stream", {"conversation_id": "conv_1", "inputs": "Where?"}, "chat"),
        ("beta.conversations.restart_stream",
         {"conversation_id": "conv_1", "inputs": "Where?", "from_entry_id": "e"}, "chat"),
    ]  # fmt: skip


async def call(emulator: Emulator, path: str, arguments: dict[str, Any], *, scenario: str, is_async: bool) -> Sdk:
    """The result of one call through either client."""
    if is_async:
        async with aclient(emulator, scenario) as sdk:
            return await method(sdk, f"{path}_async")(**arguments)
    with client(emulator, scenario) as sdk:
        return method(sdk, path)(**arguments)


async def drain(
    emulator: Emulator, path: str, arguments: dict[str, Any], *, scenario: str, is_async: bool
) -> list[Sdk]:
    """The events of one stream through either client."""
    if is_async:
        async with aclient(emulator, scenario) as sdk:
            return [event async for event in await method(sdk, f"{path}_async")(**arguments)]
    with client(emulator, scenario) as sdk:
        return list(method(sdk, path)(**arguments))


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("path", "arguments", "name", "model"), CALLS, ids=lambda value: str(value)[:24])
async def test_plain(
    telemetry: Telemetry,
    emulator: Emulator,
    path: str,
    arguments: dict[str, Any],
    name: str,
    model: str,
    *,
    is_async: bool,
) -> None:
    """Every operation is one client span with its usage, and the SDK's own type is returned."""
    result = await call(emulator, path, arguments, scenario="default", is_async=is_async)
    assert type(result).__module__.startswith("mistralai")
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == name
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.operation.name"] == name.partition(" ")[0]
    assert found["gen_ai.provider.name"] == "mistral_ai"
    assert found["gen_ai.response.model"] == model
    used = ("gen_ai.usage.input_tokens", "spanwise.usage.input_pages", "spanwise.moderation.flagged")
    assert any(name in found for name in used)
    assert found["server.address"] == "127.0.0.1"
    assert found["server.port"] == int(emulator.url.rpartition(":")[2])
    assert "gen_ai.input.messages" not in found


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("path", "arguments", "name"), STREAMS, ids=lambda value: str(value)[:32])
async def test_stream(
    telemetry: Telemetry, emulator: Emulator, path: str, arguments: dict[str, Any], name: str, *, is_async: bool
) -> None:
    """Every stream is one span that ends with it, with model, usage and the time to the first chunk."""
    events = await drain(emulator, path, arguments, scenario="default;chunks=5", is_async=is_async)
    assert len(events) >= 7
    found = telemetry.attributes()
    assert telemetry.one().name == name
    assert found["gen_ai.request.stream"] is True
    assert found["spanwise.stream.outcome"] == "drained"
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["gen_ai.response.model"]
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0


def test_request_parameters(telemetry: Telemetry, emulator: Emulator) -> None:
    """What the request asks for is on the span, by the convention's names; the tier is none of OpenAI's."""
    asked = {"temperature": 0.2, "top_p": 0.9, "max_tokens": 64, "random_seed": 7, "stop": ["X"]}
    with client(emulator, "default;service_tier=priority;cached_tokens=4") as sdk:
        sdk.chat.complete(**CHAT, **asked, response_format={"type": "json_object"}, safe_prompt=True)
    found = telemetry.attributes()
    assert found["gen_ai.request.temperature"] == 0.2
    assert found["gen_ai.request.top_p"] == 0.9
    assert found["gen_ai.request.max_tokens"] == 64
    assert found["gen_ai.request.seed"] == 7
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["gen_ai.output.type"] == "json"
    assert found["gen_ai.usage.cache_read.input_tokens"] == 4
    assert found["spanwise.response.service_tier"] == "priority"
    assert not any(name.startswith("openai.") for name in found)


@pytest.mark.skipif(RELEASE < (1, 8), reason="conversations came with 1.8")
def test_conversation(telemetry: Telemetry, emulator: Emulator) -> None:
    """A conversation's id is known from the response, then from the path; what its tools read is input as well."""
    with client(emulator, "default;input_tokens=15;output_tokens=5") as sdk:
        begun = sdk.beta.conversations.start(model=MODEL, inputs="Where?", tools=[{"type": "web_search"}])
        sdk.beta.conversations.append(conversation_id=begun.conversation_id, inputs="And now?")
    first, second = (dict(span.attributes or {}) for span in telemetry.spans())
    assert first["gen_ai.conversation.id"] == second["gen_ai.conversation.id"] == begun.conversation_id
    assert first["gen_ai.usage.input_tokens"] == 115
    assert first["spanwise.usage.tool.input_tokens"] == 100
    assert first["spanwise.usage.web_searches"] == 1
    assert second["gen_ai.usage.input_tokens"] == 15


@pytest.mark.parametrize("scenario", ["gzip", "crlf", "default;fragment_bytes=7"])
async def test_stream_encodings(telemetry: Telemetry, emulator: Emulator, scenario: str) -> None:
    """Compressed streams, CRLF streams and events cut anywhere give the same span."""
    events = await drain(emulator, "chat.stream", CHAT, scenario=scenario, is_async=False)
    assert events[-1].data.usage.completion_tokens == telemetry.attributes()["gen_ai.usage.output_tokens"]


def test_chunks_are_the_same_with_and_without_us(emulator: Emulator, telemetry: Telemetry) -> None:
    """What a streaming caller receives does not depend on instrumentation."""
    from spanwise.instrument import MistralAIInstrumentor

    def said(sdk: Sdk) -> str:
        return "".join(event.data.choices[0].delta.content for event in sdk.chat.stream(**CHAT))

    with client(emulator, "text;text=caf%C3%A9%20%F0%9F%9A%9A%20ok;chunks=7") as sdk:
        watched = said(sdk)
        MistralAIInstrumentor().uninstrument()
        bare = said(sdk)
    assert watched == bare == "café 🚚 ok"
    assert len(telemetry.spans()) == 1


@pytest.mark.parametrize("is_stream", [False, True])
def test_content(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_stream: bool) -> None:
    """With SPAN_ONLY the span carries both sides, tools and calls included."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with client(emulator) as sdk:
        asked = {**CHAT, "tools": [TOOL]}
        list(sdk.chat.stream(**asked)) if is_stream else sdk.chat.complete(**asked)
    found = telemetry.attributes()
    (message,) = json.loads(found["gen_ai.input.messages"])
    assert message["parts"] == [{"type": "text", "content": "Where is my parcel?"}]
    (answer,) = json.loads(found["gen_ai.output.messages"])
    (part,) = answer["parts"]
    assert part["type"] == "tool_call"
    assert isinstance(part["arguments"], dict)
    assert json.loads(found["gen_ai.tool.definitions"])[0]["name"] == "f"
    assert found["gen_ai.response.finish_reasons"] == ("tool_call",)


@pytest.mark.skipif(RELEASE < (1, 10), reason="thinking came with 1.10")
@pytest.mark.parametrize("is_stream", [False, True])
def test_thinking(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, is_stream: bool
) -> None:
    """Chunks of thinking are a part of reasoning, before the text."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with client(emulator, "thinking") as sdk:
        list(sdk.chat.stream(**CHAT)) if is_stream else sdk.chat.complete(**CHAT)
    (answer,) = json.loads(telemetry.attributes()["gen_ai.output.messages"])
    assert [part["type"] for part in answer["parts"]] == ["reasoning", "text"]
    assert answer["parts"][0]["content"].startswith("The customer asks")


@pytest.mark.skipif(RELEASE < (1, 8), reason="conversations came with 1.8")
def test_conversation_content(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries are messages; what the provider ran itself is a part of the answer."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    asked = {"model": MODEL, "inputs": "Where?", "instructions": "Be brief.", "tools": [{"type": "web_search"}]}
    with client(emulator, "text;text=It%20is%20near;chunks=3") as sdk:
        list(sdk.beta.conversations.start_stream(**asked))
    found = telemetry.attributes()
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be brief."}]
    (answer,) = json.loads(found["gen_ai.output.messages"])
    assert [part["type"] for part in answer["parts"]] == ["server_tool_call", "text"]
    assert answer["parts"][1]["content"] == "It is near"


def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    asked = {"model": MODEL, "messages": [{"role": "user", "content": canary}]}
    for scenario in ("echo", "error_400", "stream_error"):
        with client(emulator, scenario) as sdk, contextlib.suppress(*UNREADABLE, ERRORS.SDKError):
            list(sdk.chat.stream(**asked))
    spans = telemetry.spans()
    assert len(spans) == 3
    assert not any(canary in span.to_json() for span in spans)


@pytest.mark.skipif(RELEASE < (1, 3), reason="a hook of 1.2 fails at the second attempt")
@pytest.mark.parametrize("is_async", [False, True])
async def test_retry_is_inside_the_span(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A 429 that the SDK retries is one span that counts it."""
    asked = {**CHAT, "retries": retries()}
    await call(emulator, "chat.complete", asked, scenario="rate_limit;retry_after_ms=0", is_async=is_async)
    assert telemetry.one().status.status_code is StatusCode.UNSET
    assert telemetry.attributes()["http.request.resend_count"] == 1


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("scenario", "status"),
    [
        ("error_400", 400),
        ("error_401", 401),
        ("error_403", 403),
        ("error_404", 404),
        ("quota", 429),
        ("error_503", 503),
    ],
)
async def test_errors(telemetry: Telemetry, emulator: Emulator, scenario: str, status: int, *, is_async: bool) -> None:
    """The caller gets the SDK's exception; the span the status."""
    with pytest.raises(ERRORS.SDKError) as caught:
        await call(emulator, "chat.complete", CHAT, scenario=scenario, is_async=is_async)
    assert caught.value.status_code == status
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == str(status)
    assert found["error.type"] == str(status)
    assert found["http.response.status_code"] == status
    assert not span.events


def test_error_of_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream that is refused is one error span, and the SDK can still read the body of the error."""
    with client(emulator, "error_400") as sdk, pytest.raises(ERRORS.SDKError, match="content may not be null"):
        list(sdk.chat.stream(**CHAT))
    assert telemetry.attributes()["error.type"] == "400"


def test_connection_refused(telemetry: Telemetry, emulator: Emulator) -> None:
    """A provider that is not there is an error span with the class that the caller gets."""
    with client(emulator, server_url="http://127.0.0.1:9") as sdk, pytest.raises(HTTP.ConnectError):
        sdk.chat.complete(**CHAT)
    assert telemetry.attributes()["error.type"] == "ConnectError"


@pytest.mark.parametrize("is_async", [False, True])
async def test_reset(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A connection lost before the first byte is an error span."""
    with pytest.raises(HTTP.RemoteProtocolError):
        await call(emulator, "chat.complete", CHAT, scenario="drop", is_async=is_async)
    assert telemetry.attributes()["error.type"] == "RemoteProtocolError"


@pytest.mark.parametrize("is_async", [False, True])
async def test_timeout(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A call that times out is an error span."""
    asked = {**CHAT, "timeout_ms": 50}
    with pytest.raises(HTTP.ReadTimeout):
        await call(emulator, "chat.complete", asked, scenario="slow_first_byte;delay_s=0.3", is_async=is_async)
    assert telemetry.attributes()["error.type"] == "ReadTimeout"


def test_malformed_body(telemetry: Telemetry, emulator: Emulator) -> None:
    """A 200 with broken JSON is an error span, though the SDK notices only after the call."""
    with client(emulator, "malformed_body") as sdk, pytest.raises(UNREADABLE):
        sdk.chat.complete(**CHAT)
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["error.type"] == "malformed_response"
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


@pytest.mark.skipif(RELEASE < (1, 8), reason="conversations came with 1.8")
def test_error_inside_a_conversation(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error event in a 200 stream marks the span as failed, and the caller gets it as the event it is."""
    with client(emulator, "stream_error") as sdk:
        events = list(sdk.beta.conversations.start_stream(model=MODEL, inputs="Where?"))
    assert events[-1].event == "conversation.response.error"
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "3700"


def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error event in a 200 stream marks the span as failed, whatever the SDK makes of it."""
    with client(emulator, "stream_error") as sdk, pytest.raises(UNREADABLE):
        list(sdk.chat.stream(**CHAT))
    assert telemetry.one().status.status_code is StatusCode.ERROR
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "internal_server_error"


@pytest.mark.parametrize("is_async", [False, True])
async def test_disconnect(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A connection lost in mid-stream is a failed span; the caller gets what it would have got."""
    with pytest.raises(HTTP.RemoteProtocolError):
        await drain(emulator, "chat.stream", CHAT, scenario="disconnect", is_async=is_async)
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "RemoteProtocolError"


def test_http_client_spans_become_children(telemetry: Telemetry, emulator: Emulator) -> None:
    """While the request is made our span is current; between the chunks of a stream it is not."""
    seen: list[int] = []

    def hook(request: object) -> None:
        seen.append(trace.get_current_span().get_span_context().span_id)

    with HTTP.Client(event_hooks={"request": [hook]}, verify=False) as http, client(emulator, client=http) as sdk:
        for _ in sdk.chat.stream(**CHAT):
            assert not trace.get_current_span().get_span_context().is_valid
    context = telemetry.one().get_span_context()
    assert context is not None
    assert seen == [context.span_id]


def test_calls_that_spend_nothing_are_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """Listing models makes no span."""
    with client(emulator) as sdk, pytest.raises(ERRORS.SDKError):
        sdk.models.list()
    assert telemetry.spans() == []


def test_uninstrument_undoes_everything(telemetry: Telemetry, emulator: Emulator) -> None:
    """After uninstrument the SDK's methods are its own."""
    from spanwise.instrument import MistralAIInstrumentor

    assert hasattr(BASE.BaseSDK.do_request, "_spanwise_tap")
    MistralAIInstrumentor().uninstrument()
    for name in ("do_request", "do_request_async"):
        assert not hasattr(vars(BASE.BaseSDK)[name], "_spanwise_tap")
    with client(emulator) as sdk:
        sdk.chat.complete(**CHAT)
    assert telemetry.spans() == []
