"""The `anthropic` SDK against the emulator: one correct span per call, its own tracing stood in for."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import anthropic
import pytest
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry


Sdk: TypeAlias = Any
"""Clients and streams of an SDK: its overloads want literal arguments, tests have parameters."""


MODEL = "claude-haiku-4-5"
ARGUMENTS: dict[str, Any] = {
    "model": MODEL,
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Where is my parcel?"}],
}
MAJOR = int(anthropic.__version__.split(".")[0])


def client(emulator: Emulator, scenario: str = "default", **options: Sdk) -> Sdk:
    """A sync client whose every call meets `scenario`."""
    return anthropic.Anthropic(
        base_url=emulator.anthropic_url, api_key="k", default_headers={"x-emulator": scenario}, **options
    )


def aclient(emulator: Emulator, scenario: str = "default", **options: Sdk) -> Sdk:
    """An async client whose every call meets `scenario`."""
    return anthropic.AsyncAnthropic(
        base_url=emulator.anthropic_url, api_key="k", default_headers={"x-emulator": scenario}, **options
    )


def assert_inference(telemetry: Telemetry) -> None:
    """The attributes the convention asks of every finished inference."""
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"chat {MODEL}"
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.provider.name"] == "anthropic"
    assert found["gen_ai.response.model"] == "claude-haiku-4-5-20251001"
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.request.max_tokens"] == 100
    assert found["gen_ai.usage.output_tokens"] > 0
    cached = found["gen_ai.usage.cache_read.input_tokens"] + found["gen_ai.usage.cache_write.input_tokens"]
    assert found["gen_ai.usage.input_tokens"] >= cached
    assert found["server.address"] == "127.0.0.1"


CACHE = "default;input_tokens=1000;cached_tokens=600;cache_write_5m_tokens=100;cache_write_1h_tokens=50"


@pytest.mark.parametrize("streamed", [False, True])
def test_message(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """A message, whole or streamed, is one span whose input tokens include the cache."""
    with client(emulator, CACHE) as sdk:
        result = sdk.messages.create(**ARGUMENTS, stream=streamed)
        if streamed:
            assert [event.type for event in result][-1] == "message_stop"
    assert_inference(telemetry)
    found = telemetry.attributes()
    assert found["gen_ai.usage.cache_read.input_tokens"] == 600
    assert found["gen_ai.usage.cache_write.input_tokens"] == 150
    assert found["spanwise.usage.cache_write.5m.input_tokens"] == 100
    assert found["spanwise.usage.cache_write.1h.input_tokens"] == 50


@pytest.mark.parametrize("streamed", [False, True])
async def test_message_async(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """The async client gives the same span."""
    async with aclient(emulator) as sdk:
        result = await sdk.messages.create(**ARGUMENTS, stream=streamed)
        if streamed:
            assert [event.type async for event in result][-1] == "message_stop"
    assert_inference(telemetry)


@pytest.mark.parametrize("beta", [False, True] if MAJOR >= 1 else [False])
def test_stream_helper(telemetry: Telemetry, emulator: Emulator, *, beta: bool) -> None:
    """The `stream` helper, plain and beta, is one span."""
    with client(emulator) as sdk:
        resource = sdk.beta.messages if beta else sdk.messages
        with resource.stream(**ARGUMENTS) as stream:
            assert "".join(stream.text_stream)
            assert stream.get_final_message().content
    assert_inference(telemetry)


async def test_stream_helper_async(telemetry: Telemetry, emulator: Emulator) -> None:
    """The async `stream` helper is one span."""
    async with aclient(emulator) as sdk, sdk.messages.stream(**ARGUMENTS) as stream:
        assert [text async for text in stream.text_stream]
    assert_inference(telemetry)


def test_beta_message(telemetry: Telemetry, emulator: Emulator) -> None:
    """A beta message is one span."""
    with client(emulator) as sdk:
        sdk.beta.messages.create(**ARGUMENTS)
    assert_inference(telemetry)


def test_raw_and_streaming_response(telemetry: Telemetry, emulator: Emulator) -> None:
    """Raw and streaming response variants are one span each."""
    with client(emulator) as sdk:
        assert sdk.messages.with_raw_response.create(**ARGUMENTS).parse().content
        with sdk.messages.with_streaming_response.create(**ARGUMENTS) as response:
            assert response.read()
    assert [span.name for span in telemetry.spans()] == [f"chat {MODEL}"] * 2
    assert all("gen_ai.usage.input_tokens" in (span.attributes or {}) for span in telemetry.spans())


def test_count_tokens_is_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """Counting tokens spends none and gets no span of ours."""
    with client(emulator) as sdk:
        counting = sdk.messages if hasattr(sdk.messages, "count_tokens") else sdk.beta.messages
        counting.count_tokens(model=MODEL, messages=[{"role": "user", "content": "a"}])
    scopes = {span.instrumentation_scope.name for span in telemetry.spans() if span.instrumentation_scope}
    assert "spanwise.instrument.anthropic" not in scopes


@pytest.mark.skipif(MAJOR < 2, reason="the SDK traces itself since 2.0")
@pytest.mark.parametrize("streamed", [False, True])
def test_stands_in_for_native_tracing(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """With the SDK's own tracing on, a call is still one span, and its context still reaches the provider."""
    options = {"tracer_provider": telemetry.provider, "propagation": True}
    with client(emulator, open_telemetry=options) as sdk:
        result = sdk.messages.create(**ARGUMENTS, stream=streamed)
        if streamed:
            list(result)
    assert_inference(telemetry)
    context = telemetry.one().get_span_context()
    assert context is not None
    traceparent = emulator.requests[-1].headers["traceparent"]
    assert traceparent.split("-")[2] == trace.format_span_id(context.span_id)


@pytest.mark.skipif(MAJOR < 2, reason="the SDK traces itself since 2.0")
def test_native_tracing_returns_after_uninstrument(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without us the SDK's own span is there again."""
    from spanwise.instrument import AnthropicInstrumentor

    AnthropicInstrumentor().uninstrument()
    with client(emulator, open_telemetry={"tracer_provider": telemetry.provider}) as sdk:
        sdk.messages.create(**ARGUMENTS)
    scope = telemetry.one().instrumentation_scope
    assert scope is not None
    assert scope.name == "com.anthropic.sdk.python"


def test_refusal(telemetry: Telemetry, emulator: Emulator) -> None:
    """A refused call says so in its finish reason."""
    with client(emulator, "refusal") as sdk:
        sdk.messages.create(**ARGUMENTS)
    found = telemetry.attributes()
    assert found["gen_ai.response.finish_reasons"] == ("content_filter",)
    assert found["spanwise.response.refused"] is True


def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """An overload in mid-stream marks the span; the caller gets the SDK's exception."""
    with client(emulator, "stream_error") as sdk, pytest.raises(anthropic.APIError):
        list(sdk.messages.create(**ARGUMENTS, stream=True))
    assert telemetry.attributes()["error.type"] == "overloaded_error"
    assert telemetry.one().status.status_code is StatusCode.ERROR


def test_retry(telemetry: Telemetry, emulator: Emulator) -> None:
    """A retried 429 is one span that counts it."""
    with client(emulator, "rate_limit") as sdk:
        sdk.messages.create(**ARGUMENTS)
    assert_inference(telemetry)
    assert telemetry.attributes()["http.request.resend_count"] == 1


@pytest.mark.parametrize("streamed", [False, True])
def test_content(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, streamed: bool) -> None:
    """With SPAN_ONLY the system prompt, tools, messages and tool call are in the convention's form."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    schema = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    with client(emulator) as sdk:
        result = sdk.messages.create(
            **ARGUMENTS, system="Be kind.", tools=[{"name": "find", "input_schema": schema}], stream=streamed
        )
        if streamed:
            list(result)
    found = telemetry.attributes()
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be kind."}]
    assert json.loads(found["gen_ai.tool.definitions"])[0]["name"] == "find"
    (message,) = json.loads(found["gen_ai.output.messages"])
    (call,) = [part for part in message["parts"] if part["type"] == "tool_call"]
    assert call["name"] == "find"
    assert isinstance(call["arguments"], dict)
    assert found["gen_ai.response.finish_reasons"] == ("tool_call",)
