"""Converse through `boto3` against the emulator: one correct span per call, and nothing changed for the caller."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.record import SpanRecord
from tests.emulator import Emulator
from tests.instrument.bedrock.client import MESSAGES, MODEL, UNCLOSED, client
from tests.instrument.telemetry import Telemetry


RELEASE = tuple(int(part) for part in version("botocore").split(".")[:3])
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
TOOL: Any = {
    "toolSpec": {
        "name": "track",
        "inputSchema": {"json": {"type": "object", "properties": {"id": {"type": "string"}}}},
    }
}


def assert_inference(telemetry: Telemetry) -> None:
    """The attributes the convention asks of every finished inference."""
    span = telemetry.one()
    found = telemetry.attributes()
    assert span.name == f"chat {MODEL}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.operation.name"] == "chat"
    assert found["gen_ai.provider.name"] == "aws.bedrock"
    assert found["gen_ai.request.model"] == MODEL
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert found["server.address"] == "127.0.0.1"
    assert isinstance(found["server.port"], int)
    assert found["spanwise.response.latency_s"] == 0.551
    assert "gen_ai.input.messages" not in found
    assert "gen_ai.output.messages" not in found


def test_plain_call(telemetry: Telemetry, emulator: Emulator) -> None:
    """A Converse is one inference span with what its request asks for; the model id is percent-encoded on the wire."""
    guardrail: Any = {"guardrailConfig": {"guardrailIdentifier": "gr-1", "guardrailVersion": "1"}}
    if RELEASE < (1, 34, 123):
        guardrail = {}
    with client(emulator) as sdk:
        answer = sdk.converse(
            modelId=MODEL,
            messages=MESSAGES,
            inferenceConfig={"maxTokens": 99, "temperature": 0.5, "topP": 0.9, "stopSequences": ["X"]},
            additionalModelRequestFields={"top_k": 40},
            **guardrail,
        )
    assert type(answer) is dict
    assert emulator.requests[-1].path == f"/model/{MODEL.replace(':', '%3A')}/converse"
    assert_inference(telemetry)
    found = telemetry.attributes()
    assert found["gen_ai.request.max_tokens"] == 99
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["gen_ai.request.top_p"] == 0.9
    assert found["gen_ai.request.top_k"] == 40
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found.get("aws.bedrock.guardrail.id") == ("gr-1" if guardrail else None)
    assert "gen_ai.request.stream" not in found


def test_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """A drained stream is the same span with its first chunk and its outcome; the stream is botocore's own."""
    with client(emulator) as sdk:
        answer = sdk.converse_stream(modelId=MODEL, messages=MESSAGES)
        assert type(answer["stream"]).__name__ == "EventStream"
        assert telemetry.spans() == []
        events = [next(iter(event)) for event in answer["stream"]]
    assert events[0] == "messageStart"
    assert events[-1] == "metadata"
    assert_inference(telemetry)
    found = telemetry.attributes()
    assert found["gen_ai.request.stream"] is True
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["spanwise.stream.outcome"] == "drained"


@pytest.mark.parametrize("streamed", [False, True])
def test_cached_tokens_are_counted_in(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """Bedrock counts the three kinds of input apart; the span has their sum, the parts, and a price by each of them."""
    counts = "input_tokens=1000;cached_tokens=600;cache_write_5m_tokens=100;cache_write_1h_tokens=50;output_tokens=10"
    with client(emulator, f"default;{counts}") as sdk:
        if streamed:
            list(sdk.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"])
        else:
            assert sdk.converse(modelId=MODEL, messages=MESSAGES)["usage"]["inputTokens"] == 250
    found = telemetry.attributes()
    assert found["gen_ai.usage.input_tokens"] == 1000
    if RELEASE < (1, 36) and not streamed:
        # It parses no counts of the cache: they are unknown, and the total still tells all of the input.
        assert "gen_ai.usage.cache_read.input_tokens" not in found
        return
    assert found["gen_ai.usage.cache_read.input_tokens"] == 600
    assert found["gen_ai.usage.cache_write.input_tokens"] == 150
    priced = Cost(CostConfig())(SpanRecord("chat", 1, 1, attributes=dict(found))).attributes
    # Releases that parse no lifetimes leave open which of two prices a write has.
    assert priced["spanwise.cost.status"] == ("exact" if streamed or RELEASE >= (1, 42) else "estimated")
    # A million: 3.30 in and 16.50 out, 0.33 read, 4.125 written for five minutes and 6.60 for an hour.
    details = {name: found.get(f"spanwise.usage.cache_write.{name}.input_tokens") for name in ("5m", "1h")}
    assert details in ({"5m": 100, "1h": 50}, {"5m": None, "1h": None}), "older releases do not parse cacheDetails"
    hour = 6.60 if details["1h"] else 4.125
    dollars = (250 * 3.30 + 600 * 0.33 + 100 * 4.125 + 50 * hour + 10 * 16.50) / 1e6
    assert priced["gen_ai.usage.cost.amount"] == pytest.approx(dollars)


@pytest.mark.parametrize("streamed", [False, True])
def test_content(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, streamed: bool) -> None:
    """With SPAN_ONLY both sides of the conversation are on the span, an image as type, size and hash."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    image = {"image": {"format": "png", "source": {"bytes": b"\x89PNG" * 100}}}
    messages = [{"role": "user", "content": [{"text": "What is this?"}, image]}]
    with client(emulator, "thinking;text=It%20is%20near;chunks=3") as sdk:
        arguments = {"modelId": MODEL, "messages": messages, "system": [{"text": "Be brief."}]}
        if streamed:
            list(sdk.converse_stream(**arguments)["stream"])
        else:
            sdk.converse(**arguments)
    found = telemetry.attributes()
    (asked,) = json.loads(found["gen_ai.input.messages"])
    assert asked["parts"][0] == {"type": "text", "content": "What is this?"}
    assert asked["parts"][1]["content"].startswith("[image/png, 400 bytes, sha256 ")
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be brief."}]
    (answered,) = json.loads(found["gen_ai.output.messages"])
    assert answered["role"] == "assistant"
    assert answered["parts"][-1] == {"type": "text", "content": "It is near"}


@pytest.mark.parametrize("streamed", [False, True])
def test_tool_call(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, streamed: bool
) -> None:
    """A tool call ends with the convention's reason, and its fragments become one part with parsed arguments."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with client(emulator) as sdk:
        arguments: Any = {"modelId": MODEL, "messages": MESSAGES, "toolConfig": {"tools": [TOOL]}}
        if streamed:
            list(sdk.converse_stream(**arguments)["stream"])
        else:
            sdk.converse(**arguments)
    found = telemetry.attributes()
    assert found["gen_ai.response.finish_reasons"] == ("tool_call",)
    (message,) = json.loads(found["gen_ai.output.messages"])
    (part,) = [part for part in message["parts"] if part["type"] == "tool_call"]
    assert part["name"] == "track"
    assert part["arguments"] == {"id": "1001"}
    assert json.loads(found["gen_ai.tool.definitions"])[0]["name"] == "track"


@pytest.mark.parametrize("streamed", [False, True])
def test_guardrail(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """A guardrail that steps in is said, and the answer counts as filtered."""
    with client(emulator, "content_filter") as sdk:
        if streamed:
            list(sdk.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"])
        else:
            sdk.converse(modelId=MODEL, messages=MESSAGES)
    found = telemetry.attributes()
    assert found["gen_ai.response.finish_reasons"] == ("content_filter",)
    assert found["spanwise.response.guarded"] is True
    assert telemetry.one().status.status_code is StatusCode.UNSET


@pytest.mark.filterwarnings(*UNCLOSED)
def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    messages = [{"role": "user", "content": [{"text": canary}]}]
    for scenario in ("echo", "error_400", "stream_error"):
        with client(emulator, scenario) as sdk:
            try:
                list(sdk.converse_stream(modelId=MODEL, messages=messages)["stream"])
            except sdk.exceptions.ClientError:
                continue
    spans = telemetry.spans()
    assert len(spans) == 3
    assert all(canary not in str(span.to_json()) for span in spans)


def test_nothing_is_left_behind(emulator: Emulator, telemetry: Telemetry) -> None:
    """After `uninstrument` the classes of botocore are as they were, and calls make no span."""
    from botocore.client import BaseClient  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from botocore.eventstream import EventStream  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from botocore.response import StreamingBody  # type: ignore[import-not-found, import-untyped, unused-ignore]

    from spanwise.instrument.bedrock import BedrockInstrumentor

    held = [BaseClient, EventStream, StreamingBody]
    assert any(hasattr(function, "_spanwise_tap") for kind in held for function in vars(kind).values())
    with client(emulator) as sdk:
        BedrockInstrumentor().uninstrument()
        sdk.converse(modelId=MODEL, messages=MESSAGES)
        list(sdk.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"])
    assert not any(hasattr(function, "_spanwise_tap") for kind in held for function in vars(kind).values())
    assert telemetry.spans() == []


def test_other_services_are_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """A call of another service of AWS makes no span, and goes on as without us."""
    with client(emulator, service="bedrock") as sdk, pytest.raises(sdk.exceptions.ClientError):
        sdk.list_foundation_models()
    assert telemetry.spans() == []
