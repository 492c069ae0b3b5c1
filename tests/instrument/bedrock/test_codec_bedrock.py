"""The codecs of Bedrock on bodies as the API reference shows them, and on bodies that nobody sends."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from spanwise.instrument.codec import Codec
from spanwise.instrument.codec.bedrock_agent import BedrockAgent
from spanwise.instrument.codec.bedrock_converse import BedrockConverse
from spanwise.instrument.codec.bedrock_generate import BedrockGenerate
from spanwise.instrument.codec.bedrock_invoke import invoked
from spanwise.instrument.codec.bedrock_retrieval import BedrockRerank, BedrockRetrieve
from spanwise.instrument.codec.bedrock_usage import METRICS, counted, invocation_metrics, token_usage


CHAT: Any = [{"role": "user", "content": "Where?"}]


def content(found: Any, name: str) -> Any:
    """A content attribute as JSON."""
    return json.loads(found[name])


def invoke_codec(model: str, body: Any) -> Codec:
    """The codec of a request that has one."""
    codec = invoked(model, body)
    assert codec is not None
    return codec


def test_kinds_of_input_are_added() -> None:
    """Plain input, reads and writes are counted apart by the API; the convention's input is their sum."""
    found = token_usage(
        {
            "inputTokens": 10,
            "outputTokens": 5,
            "totalTokens": 615,
            "cacheReadInputTokens": 500,
            "cacheWriteInputTokens": 100,
            "cacheDetails": [{"ttl": "1h", "inputTokens": 60}, {"ttl": "5m", "inputTokens": 40}, {"ttl": "2h"}],
        }
    )
    assert found == {
        "gen_ai.usage.input_tokens": 610,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 500,
        "gen_ai.usage.cache_write.input_tokens": 100,
        "spanwise.usage.cache_write.1h.input_tokens": 60,
        "spanwise.usage.cache_write.5m.input_tokens": 40,
    }


def test_unknown_counts_are_absent() -> None:
    """What an answer does not say is no 0."""
    assert token_usage({}) == {}
    assert token_usage({"totalTokens": 7}) == {}
    assert invocation_metrics({"outputTokenCount": 3}) == {"gen_ai.usage.output_tokens": 3}


@pytest.mark.parametrize("value", ["", "-1", "1.5", "x", "\uff11", "9" * 40])
def test_headers_that_are_no_counts(value: str) -> None:
    """A header that is no number says nothing, those beside it do."""
    headers = {"x-amzn-bedrock-input-token-count": value, "x-amzn-bedrock-output-token-count": "7"}
    assert counted(headers) == {METRICS: {"outputTokenCount": 7}}
    assert counted({"content-type": "application/json"}) == {}


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("tool_use", "tool_call"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("content_filtered", "content_filter"),
        ("guardrail_intervened", "content_filter"),
        ("malformed_model_output", "error"),
        ("malformed_tool_use", "error"),
    ],
)
def test_stop_reasons(reason: str, said: str) -> None:
    """Every stop reason of Converse has the convention's word."""
    assert BedrockConverse().response({"stopReason": reason})["gen_ai.response.finish_reasons"] == [said]


def test_converse_response() -> None:
    """Tier, latency mode, time and the model that a router chose are taken over; standard mode is none."""
    body = {
        "serviceTier": {"type": "flex"},
        "performanceConfig": {"latency": "optimized"},
        "metrics": {"latencyMs": 1250},
        "trace": {"promptRouter": {"invokedModelId": "arn:aws:bedrock:::foundation-model/a"}},
    }
    assert BedrockConverse().response(body) == {
        "spanwise.response.service_tier": "flex",
        "spanwise.response.speed": "optimized",
        "spanwise.response.latency_s": 1.25,
        "gen_ai.response.model": "arn:aws:bedrock:::foundation-model/a",
    }
    assert BedrockConverse().response({"performanceConfig": {"latency": "standard"}}) == {}


def test_errors_are_known_by_their_code() -> None:
    """An error in botocore's form gives its code and status, and nothing of its message."""
    body = {
        "Error": {"Code": "throttlingException", "Message": "canary"},
        "ResponseMetadata": {"HTTPStatusCode": 429},
    }
    expected = {"error.type": "ThrottlingException", "http.response.status_code": 429}
    for codec in (BedrockConverse(), BedrockAgent(), BedrockRetrieve(), BedrockRerank(), BedrockGenerate()):
        assert codec.response(body) == expected
    assert invoke_codec("anthropic.claude-3", {"messages": CHAT}).response(body) == expected


def test_content_blocks() -> None:
    """Each kind of content block has the convention's part; bytes are a reference, marks of the cache are nothing."""
    blocks = [
        {"text": "Hi"},
        {"cachePoint": {"type": "default"}},
        {"image": {"format": "png", "source": {"bytes": b"x" * 300}}},
        {"document": {"format": "pdf", "name": "d", "source": {"s3Location": {"uri": "s3://b/d.pdf"}}}},
        {"document": {"format": "txt", "name": "t", "source": {"text": "plain"}}},
        {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://b/v.mp4"}}}},
        {"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": 1}}},
        {"toolResult": {"toolUseId": "t1", "content": [{"json": {"b": 2}}, {"text": "ok"}]}},
        {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "s"}}},
        {"reasoningContent": {"redactedContent": b"secret"}},
        {"guardContent": {"text": {"text": "guarded", "qualifiers": ["query"]}}},
        {"citationsContent": {"content": [{"text": "cited"}], "citations": []}},
        {"searchResult": {"source": "s"}},
    ]
    (message,) = content(
        BedrockConverse().request_content({"messages": [{"role": "user", "content": blocks}]}), "gen_ai.input.messages"
    )
    parts = message["parts"]
    image = parts.pop(1)
    assert image["type"] == "blob"
    assert image["content"].startswith("[image/png, 300 bytes, sha256 ")
    assert parts == [
        {"type": "text", "content": "Hi"},
        {"type": "uri", "modality": "document", "mime_type": "application/pdf", "uri": "s3://b/d.pdf"},
        {"type": "text", "content": "plain"},
        {"type": "uri", "modality": "video", "mime_type": "video/mp4", "uri": "s3://b/v.mp4"},
        {"type": "tool_call", "id": "t1", "name": "f", "arguments": {"a": 1}},
        {
            "type": "tool_call_response",
            "id": "t1",
            "response": [{"type": "json", "content": {"b": 2}}, {"type": "text", "content": "ok"}],
        },
        {"type": "reasoning", "content": "Hm"},
        {"type": "reasoning", "content": ""},
        {"type": "text", "content": "guarded"},
        {"type": "text", "content": "cited"},
        {"type": "searchResult", "source": "s"},
    ]


def test_request_settings() -> None:
    """What models take beside Converse's own fields is found where they take it."""
    found = BedrockConverse().request(
        {
            "modelId": "m",
            "additionalModelRequestFields": {"inferenceConfig": {"topK": 7}, "output_config": {"effort": "high"}},
            "outputConfig": {"textFormat": {"type": "json_schema"}},
            "guardrailConfig": {"guardrailIdentifier": "gr"},
        }
    )
    assert found == {
        "gen_ai.request.model": "m",
        "gen_ai.request.top_k": 7,
        "gen_ai.request.reasoning.level": "high",
        "gen_ai.output.type": "json",
        "aws.bedrock.guardrail.id": "gr",
    }


@pytest.mark.parametrize(
    ("model", "body", "operation"),
    [
        ("anthropic.claude-3-haiku-20240307-v1:0", {"messages": CHAT}, "chat"),
        ("apac.anthropic.claude-sonnet-4-20250514-v1:0", {"messages": CHAT}, "chat"),
        ("anthropic.claude-v2:1", {"prompt": "\n\nHuman:"}, "text_completion"),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-8b-instruct-v1:0",
            {"prompt": "x"},
            "text_completion",
        ),
        (
            "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0",
            {"messages": CHAT},
            "chat",
        ),
        ("arn:aws:bedrock:us-east-1:123456789012:imported-model/abc", {"messages": CHAT}, "chat"),
        ("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", {"inputText": "x"}, "text_completion"),
        ("amazon.titan-embed-image-v1", {"inputImage": "x"}, "embeddings"),
        ("amazon.nova-2-multimodal-embeddings-v1:0", {"taskType": "SINGLE_EMBEDDING"}, "embeddings"),
        ("us.cohere.embed-v4:0", {"texts": ["a"]}, "embeddings"),
        ("amazon.rerank-v1:0", {"query": "q", "documents": ["a"]}, "retrieval"),
        ("qwen.qwen3-coder-480b-a35b-v1:0", {"messages": CHAT}, "chat"),
    ],
)
def test_family_of_a_model(model: str, body: Any, operation: str) -> None:
    """The dialect is found by the model's name, whatever stands before it, and else by the fields of the request."""
    codec = invoke_codec(model, body)
    assert codec.operation == operation
    assert codec.request({**body, "model": model})["gen_ai.request.model"] == model


@pytest.mark.parametrize("body", [{}, {"taskType": "TEXT_IMAGE"}, {"text_prompts": [{"text": "x"}]}])
def test_no_family(body: Any) -> None:
    """What spends no tokens has no codec."""
    assert invoked("stability.stable-image-core-v1:0", body) is None


def test_what_a_model_calls_itself() -> None:
    """The name in the answer is left out where the request names the model, whose profile has the price."""
    body = {"model": "claude-sonnet-4-5-20250929", "usage": {}}
    named = invoke_codec("global.anthropic.claude-sonnet-4-5-20250929-v1:0", {"messages": CHAT})
    assert "gen_ai.response.model" not in named.response(body)
    own = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"
    codec = invoke_codec(own, {"messages": CHAT, "anthropic_version": "bedrock-2023-05-31"})
    assert codec.response(body)["gen_ai.response.model"] == "claude-sonnet-4-5-20250929"


def test_guardrail_of_a_model() -> None:
    """A guardrail that stepped in is said in the body of InvokeModel by a field of Bedrock's own."""
    codec = invoke_codec("amazon.titan-text-lite-v1", {"inputText": "x"})
    assert codec.response({"amazon-bedrock-guardrailAction": "INTERVENED"})["spanwise.response.guarded"] is True
    assert codec.response({"amazon-bedrock-guardrailAction": "NONE"}) == {}


def test_agent_leaves_a_call_to_the_application() -> None:
    """Control that comes back is a tool call, with its arguments."""
    reducer = BedrockAgent().reducer()
    call = {"actionGroup": "g", "function": "track", "parameters": [{"name": "id", "type": "string", "value": "7"}]}
    inputs = [{"functionInvocationInput": call}]
    reducer.add({"returnControl": {"invocationId": "i", "invocationInputs": inputs}})
    body = reducer.body()
    assert BedrockAgent().response(body)["gen_ai.response.finish_reasons"] == ["tool_call"]
    (message,) = content(BedrockAgent().response_content(body), "gen_ai.output.messages")
    assert message["parts"] == [{"type": "tool_call", "id": "i", "name": "track", "arguments": {"id": "7"}}]


def test_agent_of_two_models() -> None:
    """Usage of all steps is added up; where two models took part, none of them is the model."""
    reducer = BedrockAgent().reducer()
    for model in ("a", "b"):
        reducer.add({"trace": {"trace": {"orchestrationTrace": {"modelInvocationInput": {"foundationModel": model}}}}})
        output = {"metadata": {"usage": {"inputTokens": 10, "outputTokens": 2}}}
        reducer.add({"trace": {"trace": {"preProcessingTrace": {"modelInvocationOutput": output}}}})
    found = BedrockAgent().response(reducer.body())
    assert found == {"gen_ai.usage.input_tokens": 20, "gen_ai.usage.output_tokens": 4}


def test_text_of_an_agent() -> None:
    """Chunks carry text as base64; what is none is left out."""
    reducer = BedrockAgent().reducer()
    for data in (base64.b64encode("café".encode()).decode(), "%", 7):
        reducer.add({"chunk": {"bytes": data}})
    assert reducer.body()["text"] == "café"


CODECS: list[Codec] = [
    BedrockConverse(),
    BedrockAgent(),
    BedrockRetrieve(),
    BedrockRerank(),
    BedrockGenerate(),
    *(
        invoke_codec(model, body)
        for model, body in (
            ("anthropic.claude-3", {"messages": []}),
            ("anthropic.claude-v2", {"prompt": ""}),
            ("amazon.nova-lite", {"messages": []}),
            ("amazon.titan-text", {"inputText": ""}),
            ("amazon.titan-embed-text", {}),
            ("meta.llama3", {"prompt": ""}),
            ("mistral.mistral-7b", {"prompt": ""}),
            ("mistral.mistral-large", {"messages": []}),
            ("cohere.command-text", {"prompt": ""}),
            ("cohere.command-r", {"message": ""}),
            ("ai21.j2-mid", {"prompt": ""}),
            ("deepseek.r1", {"prompt": ""}),
        )
    ),
]


def test_indices_do_not_allocate() -> None:
    """An index of a billion, or thousands of indices, cost no memory in proportion."""
    for codec in CODECS:
        reducer = codec.reducer()
        for index in (10**9, *range(5000)):
            reducer.add({"contentBlockDelta": {"contentBlockIndex": index, "delta": {"text": "x"}}})
            reducer.add({"index": index, "outputText": "x", "text": "x"})
        body = reducer.body()
        assert len(body.get("output", {}).get("message", {}).get("content", ())) <= 1024
        assert len(body.get("results", ())) <= 256
        assert len(body.get("generations", ())) <= 256
