"""The `cohere` SDK against the emulator: one correct span per call, and nothing changed for the caller."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import cohere
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from tests.emulator import Emulator
from tests.instrument.cohere.sdk import (
    ERROR,
    HTTP,
    MESSAGES,
    MODEL,
    RELEASE,
    TOOL,
    TOOL_V1,
    WAIT_MS,
    Sdk,
    aclient,
    attempts,
    client,
)
from tests.instrument.telemetry import Telemetry


CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
CHAT: dict[str, Any] = {"model": MODEL, "messages": MESSAGES}
CHAT_V1: dict[str, Any] = {"model": "command-r-08-2024", "message": "Where is my parcel?"}
DOCUMENTS = ["A parcel is near.", "Nothing else.", "My parcel is where it is."]
RERANK: dict[str, Any] = {"model": "rerank-v3.5", "query": "Where is my parcel?", "documents": DOCUMENTS, "top_n": 2}
EMBED: dict[str, Any] = {"model": "embed-v4.0", "texts": ["a", "b"], "input_type": "search_query"}
CALLS: list[tuple[int, str, dict[str, Any], str]] = [
    (1, "chat", CHAT_V1, "chat command-r-08-2024"),
    (2, "chat", CHAT, f"chat {MODEL}"),
    (1, "generate", {"model": "command", "prompt": "Once"}, "text_completion command"),
    (1, "embed", EMBED, "embeddings embed-v4.0"),
    (2, "embed", {**EMBED, "embedding_types": ["float"]}, "embeddings embed-v4.0"),
    (1, "rerank", RERANK, "retrieval"),
    (2, "rerank", RERANK, "retrieval"),
]
STREAMS: list[tuple[int, str, dict[str, Any], str]] = [
    (1, "chat_stream", CHAT_V1, "chat command-r-08-2024"),
    (2, "chat_stream", CHAT, f"chat {MODEL}"),
    (1, "generate_stream", {"model": "command", "prompt": "Once"}, "text_completion command"),
]


async def call(
    emulator: Emulator, api: int, name: str, arguments: dict[str, Any], *, scenario: str, is_async: bool
) -> Sdk:
    """The result of one call through either client."""
    if is_async:
        async with aclient(emulator, scenario, api=api) as sdk:
            return await getattr(sdk, name)(**arguments)
    with client(emulator, scenario, api=api) as sdk:
        return getattr(sdk, name)(**arguments)


async def drain(
    emulator: Emulator, api: int, name: str, arguments: dict[str, Any], *, scenario: str, is_async: bool
) -> list[Sdk]:
    """The events of one stream through either client."""
    if is_async:
        async with aclient(emulator, scenario, api=api) as sdk:
            return [event async for event in getattr(sdk, name)(**arguments)]
    with client(emulator, scenario, api=api) as sdk:
        return list(getattr(sdk, name)(**arguments))


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("api", "path", "arguments", "name"), CALLS, ids=lambda value: str(value)[:12])
async def test_plain(
    telemetry: Telemetry,
    emulator: Emulator,
    api: int,
    path: str,
    arguments: dict[str, Any],
    name: str,
    *,
    is_async: bool,
) -> None:
    """Every operation of both versions is one client span with what is billed, and the SDK's own type is returned."""
    result = await call(emulator, api, path, arguments, scenario="default", is_async=is_async)
    assert type(result).__module__.startswith("cohere")
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == name
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.operation.name"] == name.partition(" ")[0]
    assert found["gen_ai.provider.name"] == "cohere"
    assert found["gen_ai.request.model"] == arguments["model"]
    assert found.get("gen_ai.usage.input_tokens", 0) + found.get("spanwise.usage.rerank_searches", 0) > 0
    assert found["server.address"] == "127.0.0.1"
    assert found["server.port"] == int(emulator.url.rpartition(":")[2])
    assert not any(name in found for name in ("gen_ai.input.messages", "gen_ai.retrieval.query.text"))


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("api", "path", "arguments", "name"), STREAMS, ids=lambda value: str(value)[:16])
async def test_stream(
    telemetry: Telemetry,
    emulator: Emulator,
    api: int,
    path: str,
    arguments: dict[str, Any],
    name: str,
    *,
    is_async: bool,
) -> None:
    """Every stream, of events or of lines, is one span that ends with it."""
    scenario = "default;chunks=5;input_tokens=40;output_tokens=9"
    events = await drain(emulator, api, path, arguments, scenario=scenario, is_async=is_async)
    assert len(events) >= 6
    found = telemetry.attributes()
    assert telemetry.one().name == name
    assert found["gen_ai.request.stream"] is True
    assert found["spanwise.stream.outcome"] == "drained"
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.response.id"]
    assert found["gen_ai.usage.input_tokens"] == 40
    assert found["gen_ai.usage.output_tokens"] == 9


def test_request_parameters(telemetry: Telemetry, emulator: Emulator) -> None:
    """What the request asks for is on the span, `p` and `k` by the convention's names; what is billed is the usage."""
    asked = {"temperature": 0.2, "p": 0.9, "k": 5, "max_tokens": 64, "seed": 7, "stop_sequences": ["X"]}
    with client(emulator, "default;input_tokens=40;cached_tokens=8") as sdk:
        answer = sdk.chat(**CHAT, **asked, response_format={"type": "json_object"}, frequency_penalty=0.5)
    found = telemetry.attributes()
    assert found["gen_ai.request.temperature"] == 0.2
    assert found["gen_ai.request.top_p"] == 0.9
    assert found["gen_ai.request.top_k"] == 5
    assert found["gen_ai.request.max_tokens"] == 64
    assert found["gen_ai.request.seed"] == 7
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["gen_ai.request.frequency_penalty"] == 0.5
    assert found["gen_ai.output.type"] == "json"
    assert found["gen_ai.usage.input_tokens"] == answer.usage.billed_units.input_tokens == 40
    assert found["gen_ai.usage.cache_read.input_tokens"] == 8


@pytest.mark.skipif(RELEASE < (5, 13), reason="the models had other names before 5.13")
def test_models_of_the_sdk_in_a_request(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages given as the SDK's own models are read as those given as JSON are."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with client(emulator) as sdk:
        sdk.chat(
            model=MODEL,
            messages=[cohere.UserChatMessageV2(content="Where is my parcel?")],
            response_format=cohere.JsonObjectResponseFormatV2(),
        )
    found = telemetry.attributes()
    assert json.loads(found["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "Where is my parcel?"}]}
    ]
    assert found["gen_ai.output.type"] == "json"


@pytest.mark.parametrize("scenario", ["gzip", "crlf", "default;fragment_bytes=7"])
@pytest.mark.parametrize("api", [1, 2])
async def test_stream_encodings(telemetry: Telemetry, emulator: Emulator, scenario: str, api: int) -> None:
    """Compressed streams, CRLF streams and events or lines cut anywhere give the same span."""
    await drain(emulator, api, "chat_stream", CHAT if api == 2 else CHAT_V1, scenario=scenario, is_async=False)
    assert telemetry.attributes()["gen_ai.usage.output_tokens"] > 0


@pytest.mark.parametrize("api", [1, 2])
async def test_chunks_are_the_same_with_and_without_us(telemetry: Telemetry, emulator: Emulator, api: int) -> None:
    """What a streaming caller receives does not depend on instrumentation."""
    from spanwise.instrument import CohereInstrumentor

    def said(events: list[Sdk]) -> str:
        if api == 1:
            return "".join(event.text for event in events if event.event_type == "text-generation")
        return "".join(event.delta.message.content.text for event in events if event.type == "content-delta")

    asked = CHAT if api == 2 else CHAT_V1
    scenario = "text;text=caf%C3%A9%20%F0%9F%9A%9A%20ok;chunks=7"
    watched = said(await drain(emulator, api, "chat_stream", asked, scenario=scenario, is_async=False))
    CohereInstrumentor().uninstrument()
    bare = said(await drain(emulator, api, "chat_stream", asked, scenario=scenario, is_async=False))
    assert watched == bare == "café 🚚 ok"
    assert len(telemetry.spans()) == 1


@pytest.mark.parametrize("name", ["chat", "chat_stream"])
@pytest.mark.parametrize("api", [1, 2])
async def test_content(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, api: int, name: str
) -> None:
    """With SPAN_ONLY the span carries both sides, tools and calls included."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    asked = {**CHAT, "tools": [TOOL]} if api == 2 else {**CHAT_V1, "preamble": "Be brief.", "tools": [TOOL_V1]}
    run = drain if name == "chat_stream" else call
    await run(emulator, api, name, asked, scenario="default", is_async=False)
    found = telemetry.attributes()
    (message,) = json.loads(found["gen_ai.input.messages"])
    assert message == {"role": "user", "parts": [{"type": "text", "content": "Where is my parcel?"}]}
    (answer,) = json.loads(found["gen_ai.output.messages"])
    part = answer["parts"][-1]
    assert part["type"] == "tool_call"
    assert part["name"] == "f"
    assert isinstance(part["arguments"], dict)
    (tool,) = json.loads(found["gen_ai.tool.definitions"])
    assert tool["name"] == "f"
    assert list(tool["parameters"]["properties"]) == ["id"]
    assert ("gen_ai.system_instructions" in found) is (api == 1)
    assert found["gen_ai.response.finish_reasons"] == ("tool_call",)


@pytest.mark.parametrize("api", [1, 2])
def test_documents_of_a_reranking(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, api: int
) -> None:
    """With the switch the best documents stand on the span with their scores, though the response has no text."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with client(emulator, api=api) as sdk:
        ranked = sdk.rerank(**RERANK)
    found = telemetry.attributes()
    assert found["gen_ai.retrieval.top_k"] == 2
    assert found["gen_ai.retrieval.query.text"] == RERANK["query"]
    documents = json.loads(found["gen_ai.retrieval.documents"])
    assert [document["id"] for document in documents] == [str(result.index) for result in ranked.results]
    assert [document["score"] for document in documents] == [result.relevance_score for result in ranked.results]
    assert [document["content"] for document in documents] == [DOCUMENTS[result.index] for result in ranked.results]


@pytest.mark.skipif(RELEASE < (5, 16), reason="thinking came with 5.16")
@pytest.mark.parametrize("name", ["chat", "chat_stream"])
async def test_thinking(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Thinking is a part of reasoning, before the text."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    run = drain if name == "chat_stream" else call
    await run(emulator, 2, name, CHAT, scenario="thinking", is_async=False)
    (answer,) = json.loads(telemetry.attributes()["gen_ai.output.messages"])
    assert [part["type"] for part in answer["parts"]] == ["reasoning", "text"]
    assert answer["parts"][0]["content"].startswith("The customer asks")


def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    for scenario in ("echo", "error_400", "stream_error"):
        with client(emulator, scenario) as sdk, contextlib.suppress(ERROR):
            list(sdk.chat_stream(model=MODEL, messages=[{"role": "user", "content": canary}]))
    with client(emulator) as sdk:
        sdk.rerank(**{**RERANK, "query": canary, "documents": [canary]})
    spans = telemetry.spans()
    assert len(spans) == 4
    assert not any(canary in span.to_json() for span in spans)


@pytest.mark.parametrize("is_async", [False, True])
async def test_retry_is_inside_the_span(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A 429 that the SDK retries is one span that counts it."""
    asked = {**CHAT, "request_options": attempts(2)}
    scenario = f"rate_limit;times=2;retry_after_ms={WAIT_MS}"
    await call(emulator, 2, "chat", asked, scenario=scenario, is_async=is_async)
    assert telemetry.one().status.status_code is StatusCode.UNSET
    assert telemetry.attributes()["http.request.resend_count"] == 2


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("name", ["chat", "chat_stream"])
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
async def test_errors(
    telemetry: Telemetry, emulator: Emulator, scenario: str, status: int, name: str, *, is_async: bool
) -> None:
    """The caller gets the SDK's exception, of a call and of a stream; the span the status."""
    run = drain if name == "chat_stream" else call
    with pytest.raises(ERROR) as caught:
        await run(emulator, 2, name, {**CHAT, "request_options": attempts(0)}, scenario=scenario, is_async=is_async)
    assert caught.value.status_code == status
    assert "message" in str(caught.value.body)
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == str(status)
    assert found["error.type"] == str(status)
    assert found["http.response.status_code"] == status
    assert not span.events


@pytest.mark.parametrize("name", ["chat", "chat_stream"])
async def test_connection_refused(telemetry: Telemetry, emulator: Emulator, name: str) -> None:
    """A provider that is not there is an error span with the class that the caller gets."""
    asked = {**CHAT, "request_options": attempts(0)}
    with client(emulator, base_url="http://127.0.0.1:9") as sdk, pytest.raises(HTTP.ConnectError):
        list(getattr(sdk, name)(**asked))
    assert telemetry.attributes()["error.type"] == "ConnectError"


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("name", ["chat", "chat_stream"])
async def test_reset(telemetry: Telemetry, emulator: Emulator, name: str, *, is_async: bool) -> None:
    """A connection lost before the first byte is an error span."""
    run = drain if name == "chat_stream" else call
    with pytest.raises(HTTP.RemoteProtocolError):
        await run(emulator, 2, name, CHAT, scenario="drop", is_async=is_async)
    assert telemetry.attributes()["error.type"] == "RemoteProtocolError"


@pytest.mark.parametrize("is_async", [False, True])
async def test_timeout(telemetry: Telemetry, emulator: Emulator, *, is_async: bool) -> None:
    """A call that times out is an error span."""
    asked = {**CHAT, "request_options": {"timeout_in_seconds": 0.05}}
    with pytest.raises(HTTP.ReadTimeout):
        await call(emulator, 2, "chat", asked, scenario="slow_first_byte;delay_s=0.3", is_async=is_async)
    assert telemetry.attributes()["error.type"] == "ReadTimeout"


def test_malformed_body(telemetry: Telemetry, emulator: Emulator) -> None:
    """A 200 with broken JSON is an error span, though the SDK notices only after the call."""
    with client(emulator, "malformed_body") as sdk, pytest.raises(ERROR):
        sdk.chat(**CHAT)
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["error.type"] == "malformed_response"
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("api", [1, 2])
async def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator, api: int, *, is_async: bool) -> None:
    """A stream that ends with an error marks the span as failed; the caller gets it as the event it is."""
    asked = CHAT if api == 2 else CHAT_V1
    events = await drain(emulator, api, "chat_stream", asked, scenario="stream_error", is_async=is_async)
    last = events[-1]
    assert (last.delta.finish_reason if api == 2 else last.finish_reason) == "ERROR"
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "error"
    assert found["gen_ai.usage.input_tokens"] > 0


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("api", [1, 2])
async def test_disconnect(telemetry: Telemetry, emulator: Emulator, api: int, *, is_async: bool) -> None:
    """A connection lost in mid-stream is a failed span; the caller gets what it would have got."""
    with pytest.raises(HTTP.RemoteProtocolError):
        await drain(
            emulator, api, "chat_stream", CHAT if api == 2 else CHAT_V1, scenario="disconnect", is_async=is_async
        )
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"] == "RemoteProtocolError"


@pytest.mark.skipif(RELEASE < (5, 15), reason="raw responses came with 5.15")
@pytest.mark.parametrize("name", ["chat", "chat_stream"])
def test_raw_response(telemetry: Telemetry, emulator: Emulator, name: str) -> None:
    """`with_raw_response` gives the caller headers and data, and us the same span."""
    with client(emulator) as sdk:
        if name == "chat":
            raw = sdk.with_raw_response.chat(**CHAT)
            assert raw.data.message.content
            assert raw.headers["server"] == "emulator"
        else:
            with sdk.with_raw_response.chat_stream(**CHAT) as raw:
                assert raw.headers["server"] == "emulator"
                assert len(list(raw.data)) > 5
    assert telemetry.attributes()["gen_ai.usage.output_tokens"] > 0


def test_http_client_spans_become_children(telemetry: Telemetry, emulator: Emulator) -> None:
    """While the request is made our span is current; between the chunks of a stream it is not."""
    seen: list[int] = []

    def hook(request: object) -> None:
        seen.append(trace.get_current_span().get_span_context().span_id)

    with HTTP.Client(event_hooks={"request": [hook]}, verify=False) as http, client(emulator, httpx_client=http) as sdk:
        for _ in sdk.chat_stream(**CHAT):
            assert not trace.get_current_span().get_span_context().is_valid
    context = telemetry.one().get_span_context()
    assert context is not None
    assert seen == [context.span_id]


def test_calls_that_spend_nothing_are_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """Counting tokens makes no span."""
    with client(emulator) as sdk, pytest.raises(ERROR):
        sdk.tokenize(text="a", model=MODEL, offline=False)
    assert telemetry.spans() == []


def test_uninstrument_undoes_everything(telemetry: Telemetry, emulator: Emulator) -> None:
    """After uninstrument the SDK's methods are its own."""
    from cohere.core import http_client

    from spanwise.instrument import CohereInstrumentor

    assert hasattr(http_client.HttpClient.request, "_spanwise_tap")
    CohereInstrumentor().uninstrument()
    for kind in (http_client.HttpClient, http_client.AsyncHttpClient):
        for name in ("request", "stream"):
            assert not hasattr(vars(kind)[name], "_spanwise_tap")
    with client(emulator) as sdk:
        sdk.chat(**CHAT)
    assert telemetry.spans() == []
