"""InvokeModel through `boto3`: the dialects of the families, and every way to read a body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.record import SpanRecord
from tests.emulator import Emulator
from tests.instrument.bedrock.client import UNCLOSED, Sdk, client
from tests.instrument.telemetry import Telemetry


CLAUDE = "global.anthropic.claude-sonnet-4-5-20250929-v1:0"
CHAT: Any = [{"role": "user", "content": "Where is my parcel?"}]
CLAUDE_BODY: Any = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 99, "messages": CHAT}
NOVA: Any = {
    "messages": [{"role": "user", "content": [{"text": "Where?"}]}],
    "inferenceConfig": {"maxTokens": 99, "topK": 20},
}
FAMILIES: list[Any] = [
    pytest.param(CLAUDE, CLAUDE_BODY, "chat", id="anthropic"),
    pytest.param("us.amazon.nova-lite-v1:0", NOVA, "chat", id="nova"),
    pytest.param(
        "amazon.titan-text-express-v1",
        {"inputText": "Where?", "textGenerationConfig": {"maxTokenCount": 99}},
        "text_completion",
        id="titan",
    ),
    pytest.param(
        "us.meta.llama3-3-70b-instruct-v1:0", {"prompt": "Where?", "max_gen_len": 99}, "text_completion", id="llama"
    ),
    pytest.param(
        "mistral.mistral-7b-instruct-v0:2", {"prompt": "Where?", "max_tokens": 99}, "text_completion", id="mistral"
    ),
    pytest.param("mistral.mistral-large-2407-v1:0", {"messages": CHAT, "max_tokens": 99}, "chat", id="mistral-chat"),
    pytest.param("cohere.command-text-v14", {"prompt": "Where?", "max_tokens": 99}, "text_completion", id="command"),
    pytest.param("cohere.command-r-v1:0", {"message": "Where?", "max_tokens": 99}, "chat", id="command-r"),
    pytest.param("ai21.jamba-1-5-mini-v1:0", {"messages": CHAT, "max_tokens": 99}, "chat", id="jamba"),
    pytest.param("us.deepseek.r1-v1:0", {"prompt": "Where?", "max_tokens": 99}, "text_completion", id="deepseek"),
    pytest.param("openai.gpt-oss-120b-1:0", {"messages": CHAT, "max_tokens": 99}, "chat", id="gpt-oss"),
]


def invoke(sdk: Sdk, model: str = CLAUDE, body: Any = None, **options: Sdk) -> Sdk:
    """An answer whose body nobody has read yet."""
    return sdk.invoke_model(modelId=model, body=json.dumps(CLAUDE_BODY if body is None else body), **options)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("model", "body", "operation"), FAMILIES)
def test_families(
    telemetry: Telemetry,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    body: Any,
    operation: str,
    *,
    streamed: bool,
) -> None:
    """Each family's dialect, whole or streamed, gives one span with settings, tokens, reason and content."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    with client(emulator, "text;text=It%20is%20near;input_tokens=40;cached_tokens=0;output_tokens=7") as sdk:
        arguments = {"modelId": model, "body": json.dumps(body)}
        if streamed:
            events = list(sdk.invoke_model_with_response_stream(**arguments)["body"])
            assert all("bytes" in event["chunk"] for event in events)
        else:
            assert json.loads(sdk.invoke_model(**arguments)["body"].read())
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"{operation} {model}"
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.provider.name"] == "aws.bedrock"
    assert found["gen_ai.request.model"] == model
    assert found["gen_ai.request.max_tokens"] == 99
    assert found["gen_ai.usage.input_tokens"] == 40
    assert found["gen_ai.usage.output_tokens"] == 7
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found.get("spanwise.stream.outcome") == ("drained" if streamed else None)
    assert found["spanwise.response.latency_s"] == 0.551
    assert found.get("gen_ai.request.stream", False) is streamed
    assert "openai.api.type" not in found
    (message,) = json.loads(found["gen_ai.output.messages"])
    assert message == {"role": "assistant", "parts": [{"type": "text", "content": "It is near"}]}
    assert "Where" in found["gen_ai.input.messages"]


@pytest.mark.parametrize(("model", "body", "operation"), FAMILIES)
def test_stream_without_content(
    telemetry: Telemetry, emulator: Emulator, model: str, body: Any, operation: str
) -> None:
    """Without content capture the gate of each dialect still lets tokens and reason through."""
    with client(emulator, "text;input_tokens=40;cached_tokens=0;output_tokens=7") as sdk:
        list(sdk.invoke_model_with_response_stream(modelId=model, body=json.dumps(body))["body"])
    found = telemetry.attributes()
    assert found["gen_ai.operation.name"] == operation
    assert found["gen_ai.usage.input_tokens"] == 40
    assert found["gen_ai.usage.output_tokens"] == 7
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert "gen_ai.output.messages" not in found


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("amazon.titan-embed-text-v2:0", {"inputText": "a", "dimensions": 4}),
        ("cohere.embed-english-v3", {"texts": ["a", "b"], "input_type": "search_query"}),
    ],
)
def test_embeddings(telemetry: Telemetry, emulator: Emulator, model: str, body: Any) -> None:
    """Embeddings are a span with tokens and dimensions and without texts or vectors."""
    with client(emulator) as sdk:
        invoke(sdk, model, body)["body"].read()
    found = telemetry.attributes()
    assert telemetry.one().name == f"embeddings {model}"
    assert found["gen_ai.embeddings.dimension.count"] == len([0] * body.get("dimensions", 8))
    assert found["gen_ai.usage.input_tokens"] > 0
    assert "gen_ai.usage.output_tokens" not in found or found["gen_ai.usage.output_tokens"] == 0


def test_the_price_is_that_of_the_profile(telemetry: Telemetry, emulator: Emulator) -> None:
    """A global profile costs what the price book has for it: what the model calls itself does not stand in the way."""
    with client(emulator, "text;input_tokens=1000;output_tokens=10;cached_tokens=600") as sdk:
        answer = json.loads(invoke(sdk)["body"].read())
    assert answer["model"]
    found = telemetry.attributes()
    assert "gen_ai.response.model" not in found
    priced = Cost(CostConfig())(SpanRecord("chat", 1, 1, attributes=dict(found))).attributes
    assert priced["gen_ai.usage.cost.amount"] == pytest.approx((400 * 3 + 600 * 0.3 + 10 * 15) / 1e6)


def test_a_profile_of_ones_own(telemetry: Telemetry, emulator: Emulator) -> None:
    """An ARN that names no model stays as it is: the request shows the dialect, and the answer the model."""
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456"
    with client(emulator) as sdk:
        invoke(sdk, arn)["body"].read()
    found = telemetry.attributes()
    assert found["gen_ai.request.model"] == arn
    assert found["gen_ai.response.model"] == arn, "the emulated model calls itself as it was called"
    assert emulator.requests[-1].path == f"/model/{arn.replace(':', '%3A').replace('/', '%2F')}/invoke"


def test_settings_in_headers(telemetry: Telemetry, emulator: Emulator) -> None:
    """A guardrail goes over the wire in a header, and is on the span."""
    with client(emulator) as sdk:
        invoke(sdk, guardrailIdentifier="gr-1", guardrailVersion="1")["body"].read()
    assert telemetry.attributes()["aws.bedrock.guardrail.id"] == "gr-1"


def by_lines(body: Sdk) -> bytes:
    """Read by lines."""
    return b"\n".join(body.iter_lines())


def by_parts(body: Sdk) -> bytes:
    """Read by a size that does not divide the body."""
    parts = []
    while part := body.read(7):
        parts.append(part)
    return b"".join(parts)


def by_buffer(body: Sdk) -> bytes:
    """Read into a buffer, where the release has that."""
    if "readinto" not in vars(type(body)):
        return bytes(body.read())
    found, buffer = b"", bytearray(16)
    while size := body.readinto(buffer):
        found += bytes(buffer[:size])
    return found


def by_context(body: Sdk) -> bytes:
    """Read the raw response that `with` gives."""
    with body as raw:
        assert type(raw).__name__ == "HTTPResponse"
        return bytes(raw.read())


def by_context_and_body(body: Sdk) -> bytes:
    """Read the body inside `with`, twice."""
    with body:
        return bytes(body.read(10) + body.read())


READERS: list[Any] = [
    lambda body: body.read(),
    lambda body: b"".join(body.iter_chunks(16)),
    b"".join,
    lambda body: b"".join(body.readlines()),
    by_lines,
    by_parts,
    by_buffer,
    by_context,
    by_context_and_body,
]


@pytest.mark.parametrize("read", READERS)
def test_ways_to_read(telemetry: Telemetry, emulator: Emulator, read: Any) -> None:
    """However a body is read, the caller gets all of it, its type is botocore's, and the span its tokens."""
    with client(emulator) as sdk:
        body = invoke(sdk)["body"]
        assert type(body).__name__ == "StreamingBody"
        assert telemetry.spans() == []
        assert json.loads(read(body))["role"] == "assistant"
    found = telemetry.attributes()
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert str(found["gen_ai.response.id"]).startswith("msg_")


def test_counts_of_a_body_nobody_reads(telemetry: Telemetry, emulator: Emulator) -> None:
    """A body that is closed unread still has the tokens of its headers."""
    with client(emulator, "text;input_tokens=40;output_tokens=7;cached_tokens=0") as sdk:
        invoke(sdk)["body"].close()
    found = telemetry.attributes()
    assert found["gen_ai.usage.input_tokens"] == 40
    assert found["gen_ai.usage.output_tokens"] == 7
    assert "gen_ai.response.id" not in found


@pytest.mark.filterwarnings(*UNCLOSED)
@pytest.mark.parametrize("size", [0, 8])
def test_a_body_that_is_dropped(telemetry: Telemetry, emulator: Emulator, size: int) -> None:
    """A body that is dropped, unread or in part, ends its span."""
    with client(emulator) as sdk:
        invoke(sdk)["body"].read(size)
    assert telemetry.one().status.status_code is StatusCode.UNSET


@pytest.mark.filterwarnings(*UNCLOSED)
def test_a_body_that_breaks(telemetry: Telemetry, emulator: Emulator) -> None:
    """A body that is cut off fails with the error that the caller gets."""
    with client(emulator, "disconnect") as sdk, pytest.raises(Exception, match=r".") as caught:
        invoke(sdk)["body"].read()
    assert telemetry.attributes()["error.type"] == type(caught.value).__name__
    assert telemetry.one().status.status_code is StatusCode.ERROR


def test_images_are_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """A request in no dialect that spends tokens makes no span, and is sent as it is."""
    with client(emulator) as sdk:
        invoke(sdk, "amazon.titan-image-generator-v2:0", {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "x"}})
    assert telemetry.spans() == []


def test_error(telemetry: Telemetry, emulator: Emulator) -> None:
    """A refused call is known by its code."""
    with client(emulator, "rate_limit;times=always") as sdk, pytest.raises(sdk.exceptions.ThrottlingException):
        invoke(sdk)
    assert telemetry.attributes()["error.type"] == "ThrottlingException"


def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error event of a model's stream is known by its code."""
    with client(emulator, "stream_error") as sdk:
        stream = sdk.invoke_model_with_response_stream(modelId=CLAUDE, body=json.dumps(CLAUDE_BODY))["body"]
        with pytest.raises(sdk.exceptions.ClientError):
            list(stream)
        stream.close()
    assert telemetry.attributes()["error.type"] == "ThrottlingException"
