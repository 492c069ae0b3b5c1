"""The `openai` SDK against the emulator: one correct span per call, and nothing changed for the caller."""

from __future__ import annotations

import importlib
import json
from typing import Any, TypeAlias

import openai
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from pydantic import BaseModel

from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry


Sdk: TypeAlias = Any
"""Clients and streams of an SDK: its overloads want literal arguments, tests have parameters."""


MESSAGES: Any = [{"role": "user", "content": "Where is my parcel?"}]
MODEL = "gpt-4.1-mini"
RELEASE = tuple(int(part) for part in openai.VERSION.split(".")[:2])


def client(emulator: Emulator, scenario: str = "default", **options: Sdk) -> Sdk:
    """A sync client whose every call meets `scenario`."""
    return openai.OpenAI(base_url=emulator.openai_url, api_key="k", default_headers={"x-emulator": scenario}, **options)


def aclient(emulator: Emulator, scenario: str = "default", **options: Sdk) -> Sdk:
    """An async client whose every call meets `scenario`."""
    return openai.AsyncOpenAI(
        base_url=emulator.openai_url, api_key="k", default_headers={"x-emulator": scenario}, **options
    )


def assert_inference(telemetry: Telemetry) -> None:
    """The attributes the convention asks of every finished inference."""
    span = telemetry.one()
    found = telemetry.attributes()
    assert span.name == f"chat {MODEL}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.operation.name"] == "chat"
    assert found["gen_ai.provider.name"] == "openai"
    assert found["gen_ai.request.model"] == MODEL
    assert found["gen_ai.response.model"] == "gpt-4.1-mini-2025-04-14"
    assert str(found["gen_ai.response.id"])
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert found["gen_ai.usage.cache_read.input_tokens"] >= 0
    assert found["server.address"] == "127.0.0.1"
    assert isinstance(found["server.port"], int)
    assert "gen_ai.input.messages" not in found
    assert "spanwise.response.refused" not in found


def test_plain_call(telemetry: Telemetry, emulator: Emulator) -> None:
    """A chat completion is one inference span, and the SDK's own type is returned."""
    with client(emulator) as sdk:
        completion = sdk.chat.completions.create(model=MODEL, messages=MESSAGES, temperature=0.5, seed=7, stop=["X"])
    assert type(completion).__name__ == "ChatCompletion"
    assert_inference(telemetry)
    found = telemetry.attributes()
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["gen_ai.request.seed"] == 7
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["openai.api.type"] == "chat_completions"


async def test_plain_call_async(telemetry: Telemetry, emulator: Emulator) -> None:
    """The async client gives the same span."""
    async with aclient(emulator) as sdk:
        await sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert_inference(telemetry)


def test_stream_asks_for_usage_and_hides_it(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream whose caller did not ask has its tokens on the span, and the caller sees no extra chunk."""
    with client(emulator) as sdk:
        chunks = list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
    assert emulator.requests[-1].body["stream_options"] == {"include_usage": True}
    assert all(chunk.choices for chunk in chunks)
    assert all(chunk.usage is None for chunk in chunks)
    assert_inference(telemetry)
    found = telemetry.attributes()
    assert found["gen_ai.request.stream"] is True
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["spanwise.stream.outcome"] == "drained"


async def test_stream_async(telemetry: Telemetry, emulator: Emulator) -> None:
    """The async stream gives the same span and hides the same chunk."""
    async with aclient(emulator) as sdk:
        stream = await sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        chunks = [chunk async for chunk in stream]
    assert all(chunk.choices for chunk in chunks)
    assert_inference(telemetry)


def test_stream_usage_the_caller_asked_for(telemetry: Telemetry, emulator: Emulator) -> None:
    """A caller who asks for the usage gets its chunk."""
    with client(emulator) as sdk:
        stream = sdk.chat.completions.create(
            model=MODEL, messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
        chunks = list(stream)
    assert chunks[-1].usage is not None
    assert_inference(telemetry)


def test_stream_usage_switched_off(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the switch off the request is untouched and tokens are absent, not zero."""
    monkeypatch.setenv("SPANWISE_INCLUDE_USAGE", "never")
    with client(emulator) as sdk:
        list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
    assert "stream_options" not in emulator.requests[-1].body
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


def test_chunks_are_the_same_with_and_without_us(emulator: Emulator, telemetry: Telemetry) -> None:
    """What a streaming caller receives does not depend on instrumentation."""
    from spanwise.instrument import OpenAIInstrumentor

    with client(emulator, "text;text=caf%C3%A9%20%F0%9F%9A%9A%20ok;chunks=7") as sdk:
        watched = "".join(
            c.choices[0].delta.content or ""
            for c in sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        )
        OpenAIInstrumentor().uninstrument()
        bare = "".join(
            c.choices[0].delta.content or ""
            for c in sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        )
    assert watched == bare == "café 🚚 ok"
    assert len(telemetry.spans()) == 1


@pytest.mark.parametrize("scenario", ["gzip", "crlf", "default;fragment_bytes=7"])
def test_stream_encodings(telemetry: Telemetry, emulator: Emulator, scenario: str) -> None:
    """Compressed streams, CRLF streams and events cut anywhere are read alike, and usage stays hidden."""
    with client(emulator, scenario) as sdk:
        chunks = list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
    assert all(chunk.choices for chunk in chunks)
    assert_inference(telemetry)


def test_raw_response(telemetry: Telemetry, emulator: Emulator) -> None:
    """`with_raw_response` gives the caller its raw response and us the same span."""
    with client(emulator) as sdk:
        raw = sdk.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES)
        assert raw.headers["content-type"].startswith("application/json")
        assert raw.parse().choices
    assert_inference(telemetry)


def test_raw_response_of_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream parsed out of a raw response is one span that ends with the stream."""
    with client(emulator) as sdk:
        raw = sdk.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES, stream=True)
        assert telemetry.spans() == []
        chunks = list(raw.parse())
    assert all(chunk.choices for chunk in chunks)
    assert_inference(telemetry)


def test_streaming_response_read_as_lines(telemetry: Telemetry, emulator: Emulator) -> None:
    """`with_streaming_response` read line by line is one span, and no line carries the usage we asked for."""
    with (
        client(emulator) as sdk,
        sdk.chat.completions.with_streaming_response.create(model=MODEL, messages=MESSAGES, stream=True) as response,
    ):
        lines = list(response.iter_lines())
    assert lines[-2:] == ["data: [DONE]", ""] or lines[-1] == "data: [DONE]"
    assert not any('"usage":{' in line.replace(" ", "") for line in lines)
    assert_inference(telemetry)


async def test_streaming_response_parsed_async(telemetry: Telemetry, emulator: Emulator) -> None:
    """`with_streaming_response` on the async client, parsed as JSON, is one span."""
    async with (
        aclient(emulator) as sdk,
        sdk.chat.completions.with_streaming_response.create(model=MODEL, messages=MESSAGES) as response,
    ):
        completion = await response.parse()
    assert completion.choices
    assert_inference(telemetry)


class Answer(BaseModel):
    """A structured answer."""

    city: str


@pytest.mark.skipif(RELEASE < (1, 92), reason="parse left beta in 1.92; older ones have their own test run")
def test_parse(telemetry: Telemetry, emulator: Emulator) -> None:
    """`parse` is one span of JSON output."""
    with client(emulator) as sdk:
        completion = sdk.chat.completions.parse(model=MODEL, messages=MESSAGES, response_format=Answer)
    assert completion.choices[0].message.parsed is not None
    assert_inference(telemetry)
    assert telemetry.attributes()["gen_ai.output.type"] == "json"


@pytest.mark.skipif(RELEASE < (1, 92), reason="stream left beta in 1.92; older ones have their own test run")
def test_stream_helper(telemetry: Telemetry, emulator: Emulator) -> None:
    """The `stream` helper is one span."""
    with client(emulator) as sdk, sdk.chat.completions.stream(model=MODEL, messages=MESSAGES) as stream:
        for _ in stream:
            pass
        assert stream.get_final_completion().choices
    assert_inference(telemetry)


@pytest.mark.skipif(RELEASE < (1, 66), reason="the responses API came with 1.66")
@pytest.mark.parametrize("streamed", [False, True])
def test_responses(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """The responses API, whole or streamed, is one span."""
    with client(emulator) as sdk:
        result = sdk.responses.create(model=MODEL, input="Where?", stream=streamed, max_output_tokens=99)
        if streamed:
            assert [event.type for event in result][-1] == "response.completed"
    assert_inference(telemetry)
    found = telemetry.attributes()
    assert found["openai.api.type"] == "responses"
    assert found["gen_ai.request.max_tokens"] == 99
    assert found["gen_ai.usage.reasoning.output_tokens"] >= 0


@pytest.mark.skipif(RELEASE < (1, 66), reason="the responses API came with 1.66")
@pytest.mark.parametrize("streamed", [False, True])
async def test_responses_async(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """The same through the async client."""
    async with aclient(emulator) as sdk:
        result = await sdk.responses.create(model=MODEL, input="Where?", stream=streamed)
        if streamed:
            assert [event.type async for event in result][-1] == "response.completed"
    assert_inference(telemetry)


@pytest.mark.parametrize("streamed", [False, True])
def test_legacy_completions(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """A legacy completion is a `text_completion` span."""
    with client(emulator) as sdk:
        result = sdk.completions.create(model="gpt-3.5-turbo-instruct", prompt="Once", stream=streamed)
        if streamed:
            assert all(chunk.choices for chunk in result)
    span = telemetry.one()
    assert span.name == "text_completion gpt-3.5-turbo-instruct"
    assert telemetry.attributes()["gen_ai.usage.output_tokens"] > 0


def test_embeddings(telemetry: Telemetry, emulator: Emulator) -> None:
    """Embeddings are a span with tokens and dimensions and without texts or vectors."""
    with client(emulator) as sdk:
        result = sdk.embeddings.create(model="text-embedding-3-small", input=["a", "b"], dimensions=8)
    assert len(result.data[0].embedding) == 8
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == "embeddings text-embedding-3-small"
    assert found["gen_ai.embeddings.dimension.count"] == 8
    assert found["gen_ai.usage.input_tokens"] > 0
    assert "gen_ai.usage.output_tokens" not in found


def test_azure(telemetry: Telemetry, emulator: Emulator) -> None:
    """An Azure client is `azure.ai.openai`, and is asked for usage only by a version that offers it."""
    for version, asks in (("2024-06-01", False), ("2025-01-01-preview", True)):
        with openai.AzureOpenAI(azure_endpoint=emulator.anthropic_url, api_key="k", api_version=version) as sdk:
            list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
        assert ("stream_options" in emulator.requests[-1].body) is asks
    assert {dict(s.attributes or {})["gen_ai.provider.name"] for s in telemetry.spans()} == {"azure.ai.openai"}


def test_tool_call(telemetry: Telemetry, emulator: Emulator) -> None:
    """A tool call ends with the convention's reason."""
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    with client(emulator) as sdk:
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES, tools=[tool])
    assert telemetry.attributes()["gen_ai.response.finish_reasons"] == ("tool_call",)


def test_content_on_the_span(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SPAN_ONLY the span carries both sides of the conversation in the convention's form."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    with client(emulator, "text;text=It%20is%20near;chunks=3") as sdk:
        list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
    found = telemetry.attributes()
    assert json.loads(found["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "Where is my parcel?"}]}
    ]
    assert json.loads(found["gen_ai.output.messages"]) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "It is near"}]}
    ]


def test_streamed_tool_call_content(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fragments of a streamed tool call become one part with parsed arguments."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    tool = {
        "type": "function",
        "function": {"name": "f", "parameters": {"type": "object", "properties": {"id": {"type": "string"}}}},
    }
    with client(emulator) as sdk:
        list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, tools=[tool], stream=True))
    (message,) = json.loads(telemetry.attributes()["gen_ai.output.messages"])
    (part,) = [part for part in message["parts"] if part["type"] == "tool_call"]
    assert part["name"] == "f"
    assert isinstance(part["arguments"], dict)


def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    for scenario in ("echo", "error_400", "stream_error"):
        with client(emulator, scenario, max_retries=0) as sdk:
            try:
                stream = scenario != "error_400"
                result = sdk.chat.completions.create(
                    model=MODEL, messages=[{"role": "user", "content": canary}], stream=stream
                )
                list(result)
            except openai.APIError:
                pass
            result = None
    spans = telemetry.spans()
    assert len(spans) == 3
    assert not any(canary in span.to_json() for span in spans)


def test_retry_is_inside_the_span(telemetry: Telemetry, emulator: Emulator) -> None:
    """A 429 that the SDK retries is one span that counts it."""
    with client(emulator, "rate_limit") as sdk:
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert_inference(telemetry)
    assert telemetry.attributes()["http.request.resend_count"] == 1


@pytest.mark.parametrize(
    ("scenario", "error", "status"),
    [
        ("error_400", openai.BadRequestError, 400),
        ("error_401", openai.AuthenticationError, 401),
        ("error_404", openai.NotFoundError, 404),
        ("rate_limit;times=always", openai.RateLimitError, 429),
        ("error_500", openai.InternalServerError, 500),
    ],
)
def test_errors(
    telemetry: Telemetry, emulator: Emulator, scenario: str, error: type[openai.APIStatusError], status: int
) -> None:
    """The caller gets the SDK's exception; the span its class and status."""
    with client(emulator, scenario, max_retries=1) as sdk, pytest.raises(error):
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert found["error.type"] == error.__name__
    assert found["http.response.status_code"] == status
    assert found.get("http.request.resend_count") == (1 if status in (429, 500) else None)
    assert not span.events


async def test_error_async(telemetry: Telemetry, emulator: Emulator) -> None:
    """The async client's exception passes untouched as well."""
    async with aclient(emulator, "error_400") as sdk:
        with pytest.raises(openai.BadRequestError):
            await sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert telemetry.attributes()["error.type"] == "BadRequestError"


@pytest.mark.parametrize("stream", [False, True])
def test_refusal(telemetry: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """A chat completion that the provider reports as a success but the model declined says so, with content off."""
    with client(emulator, "refusal") as sdk:
        answer = sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=stream)
        if stream:
            list(answer)
    found = telemetry.attributes()
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["spanwise.response.refused"] is True


@pytest.mark.skipif(RELEASE < (1, 66), reason="the responses API came with 1.66")
@pytest.mark.parametrize("stream", [False, True])
async def test_refusal_responses(telemetry: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """The same for the responses API."""
    async with aclient(emulator, "refusal") as sdk:
        answer = await sdk.responses.create(model=MODEL, input="Where is my parcel?", stream=stream)
        if stream:
            [event async for event in answer]
    assert telemetry.attributes()["spanwise.response.refused"] is True


def test_connection_refused(telemetry: Telemetry) -> None:
    """A provider that is not there is an error span."""
    with (
        openai.OpenAI(base_url="http://127.0.0.1:9/v1", api_key="k", max_retries=0) as sdk,
        pytest.raises(openai.APIConnectionError),
    ):
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert telemetry.attributes()["error.type"] == "APIConnectionError"


def test_timeout(telemetry: Telemetry, emulator: Emulator) -> None:
    """A call that times out is an error span."""
    with (
        client(emulator, "slow_first_byte;delay_s=0.5", timeout=0.05, max_retries=0) as sdk,
        pytest.raises(openai.APITimeoutError),
    ):
        sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert telemetry.attributes()["error.type"] == "APITimeoutError"


def test_malformed_body(telemetry: Telemetry, emulator: Emulator) -> None:
    """A 200 with broken JSON ends the span, whatever the SDK makes of it."""
    with client(emulator, "malformed_body", max_retries=0) as sdk:
        try:
            sdk.chat.completions.create(model=MODEL, messages=MESSAGES)
        except (openai.APIError, ValueError) as error:
            assert telemetry.attributes()["error.type"] == type(error).__name__
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error event in a 200 stream marks the span as failed; the caller gets the SDK's exception."""
    with client(emulator, "stream_error") as sdk, pytest.raises(openai.APIError):
        list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
    span = telemetry.one()
    assert span.status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["spanwise.stream.outcome"] == "failed"


def test_disconnect(telemetry: Telemetry, emulator: Emulator) -> None:
    """A connection lost in mid-stream is a failed span; the caller gets what it would have got."""
    with client(emulator, "disconnect") as sdk:
        with pytest.raises(Exception) as failure:  # noqa: PT011 - versions of the SDK disagree on the class
            list(sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
        del failure
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"]


def test_http_client_spans_become_children(telemetry: Telemetry, emulator: Emulator) -> None:
    """While the request is made our span is current; between the chunks of a stream it is not."""
    seen: list[int] = []
    http = importlib.import_module("httpx2" if openai.VERSION >= "3" else "httpx")

    def hook(request: object) -> None:
        seen.append(trace.get_current_span().get_span_context().span_id)

    with (
        http.Client(event_hooks={"request": [hook]}) as http_client,
        openai.OpenAI(base_url=emulator.openai_url, api_key="k", http_client=http_client) as sdk,
    ):
        for _ in sdk.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True):
            assert not trace.get_current_span().get_span_context().is_valid
    context = telemetry.one().get_span_context()
    assert context is not None
    assert seen == [context.span_id]
