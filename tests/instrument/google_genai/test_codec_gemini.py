"""The codecs of Gemini over plain JSON: what the wire says, and nothing it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cost import Cost, CostConfig
from spanwise.instrument.codec.gemini_embed import GeminiEmbed
from spanwise.instrument.codec.gemini_generate import GeminiGenerate
from spanwise.instrument.codec.gemini_image import GeminiImage
from spanwise.instrument.codec.gemini_live import GeminiLive
from spanwise.instrument.codec.gemini_path import GeminiPath
from spanwise.record import Scope, SpanRecord


GENERATE, EMBED, IMAGE, LIVE = GeminiGenerate(), GeminiEmbed(), GeminiImage(), GeminiLive()
KEYS = st.sampled_from(["contents", "instances", "content", "requests", "prompt", "model", "generationConfig", "tools"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | KEYS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)
BODIES = st.dictionaries(KEYS, JSON, max_size=6)


@settings(max_examples=50, deadline=None)
@given(path=st.text(max_size=60), body=BODIES)
def test_any_path_is_read(path: str, body: dict[str, Any]) -> None:
    """Whatever a path is, it has a codec or none."""
    found = GeminiPath(path)
    codec = found.codec(body)
    assert codec is None or codec.request(found.request(body)) is not None


def test_candidates_do_not_allocate() -> None:
    """An index of a billion, or thousands of indices, cost no memory in proportion."""
    reducer = GENERATE.reducer()
    for index in (10**9, *range(5000)):
        reducer.add({"candidates": [{"index": index, "content": {"parts": [{"text": "x"}]}}]})
    assert len(reducer.body()["candidates"]) <= 256


@pytest.mark.parametrize(
    ("path", "model", "codec"),
    [
        ("/v1beta/models/gemini-3.5-flash:generateContent", "gemini-3.5-flash", "GeminiGenerate"),
        ("/v1beta/models/g:streamGenerateContent?alt=sse", "g", "GeminiGenerate"),
        ("/v1beta/tunedModels/mine-123:generateContent", "tunedModels/mine-123", "GeminiGenerate"),
        ("/v1beta1/projects/p/locations/l/publishers/google/models/g:generateContent", "g", "GeminiGenerate"),
        ("/v1beta1/projects/p/locations/l/endpoints/42:generateContent", "endpoints/42", "GeminiGenerate"),
        ("/v1beta/models/e:batchEmbedContents", "e", "GeminiEmbed"),
        ("/v1beta/models/g:countTokens", "g", None),
        ("/v1beta/models/veo:predictLongRunning", "veo", None),
        ("/v1beta/models/m:predict", "m", None),
    ],
)
def test_paths(path: str, model: str, codec: str | None) -> None:
    """A path says the model, without version, project and publisher, and what is asked of it."""
    found = GeminiPath(path)
    assert found.model == model
    chosen = found.codec({})
    assert (type(chosen).__name__ if chosen else None) == codec
    assert found.request({}).get("stream") is (True if "stream" in path else None)


def test_predict_is_told_by_its_instances() -> None:
    """Vertex AI's one method for all models is an embedding of contents, or an image of a prompt."""
    path = GeminiPath("/v1/publishers/google/models/m:predict")
    assert isinstance(path.codec({"instances": [{"content": "a"}]}), GeminiEmbed)
    assert isinstance(path.codec({"instances": [{"prompt": "a"}]}), GeminiImage)


@pytest.mark.parametrize("spelled", ["camel", "snake"])
def test_request(spelled: str) -> None:
    """Every parameter the convention knows, in both ways in which Google reads JSON."""
    camel = {
        "model": "g",
        "generationConfig": {
            "temperature": 0.5, "topP": 0.9, "topK": 40.0, "maxOutputTokens": 99, "seed": 7, "candidateCount": 2,
            "presencePenalty": 0.1, "frequencyPenalty": 0.2, "stopSequences": ["X", 1],
            "thinkingConfig": {"thinkingLevel": "LOW"}, "responseMimeType": "application/json",
        },
    }  # fmt: skip
    snake = json.loads(
        json.dumps(camel)
        .replace("generationConfig", "generation_config").replace("topP", "top_p").replace("topK", "top_k")
        .replace("maxOutputTokens", "max_output_tokens").replace("candidateCount", "candidate_count")
        .replace("presencePenalty", "presence_penalty").replace("frequencyPenalty", "frequency_penalty")
        .replace("stopSequences", "stop_sequences").replace("thinkingConfig", "thinking_config")
        .replace("thinkingLevel", "thinking_level").replace("responseMimeType", "response_mime_type")
    )  # fmt: skip
    assert GENERATE.request(camel if spelled == "camel" else snake) == {
        "gen_ai.request.model": "g",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.top_k": 40,
        "gen_ai.request.max_tokens": 99,
        "gen_ai.request.seed": 7,
        "gen_ai.request.presence_penalty": 0.1,
        "gen_ai.request.frequency_penalty": 0.2,
        "gen_ai.request.stop_sequences": ["X"],
        "gen_ai.request.choice.count": 2,
        "gen_ai.request.reasoning.level": "LOW",
        "gen_ai.output.type": "json",
    }


def test_usage_is_inclusive() -> None:
    """Input is the prompt, cache included, and what tools added; output is the answer and the thoughts."""
    usage = {
        "promptTokenCount": 1000, "cachedContentTokenCount": 600, "toolUsePromptTokenCount": 50,
        "candidatesTokenCount": 20, "thoughtsTokenCount": 70, "totalTokenCount": 1140, "trafficType": "ON_DEMAND",
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 500}, {"modality": "AUDIO", "tokenCount": 200},
            {"modality": "VIDEO", "tokenCount": 100}, {"modality": "IMAGE", "tokenCount": 100},
            {"modality": "DOCUMENT", "tokenCount": 100},
        ],
        "toolUsePromptTokensDetails": [{"modality": "TEXT", "tokenCount": 50}],
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 400}, {"modality": "AUDIO", "tokenCount": 200}],
        "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 20}, {"modality": "IMAGE", "tokenCount": 0}],
    }  # fmt: skip
    body = {"candidates": [{"finishReason": "MAX_TOKENS"}], "usageMetadata": usage, "responseId": "r"}
    assert GENERATE.response({**body, "modelVersion": "gemini-3.5-flash"}) == {
        "gen_ai.usage.input_tokens": 1050,
        "gen_ai.usage.cache_read.input_tokens": 600,
        "spanwise.usage.tool.input_tokens": 50,
        "gen_ai.usage.text.input_tokens": 550,
        "gen_ai.usage.audio.input_tokens": 200,
        "gen_ai.usage.image.input_tokens": 100,
        "spanwise.usage.video.input_tokens": 100,
        "gen_ai.usage.text.cache_read.input_tokens": 400,
        "gen_ai.usage.audio.cache_read.input_tokens": 200,
        "gen_ai.usage.output_tokens": 90,
        "gen_ai.usage.text.output_tokens": 20,
        "gen_ai.usage.reasoning.output_tokens": 70,
        "spanwise.response.service_tier": "ON_DEMAND",
        "gen_ai.response.id": "r",
        "gen_ai.response.model": "gemini-3.5-flash",
        "gen_ai.response.finish_reasons": ["length"],
    }


def test_nothing_known_is_nothing_said() -> None:
    """Without a usage there are no tokens, not zero."""
    assert GENERATE.response({"candidates": []}) == {}
    assert EMBED.response({"embedding": {"values": [1.0]}}) == {}


@pytest.mark.parametrize(
    ("reason", "word", "refused"),
    [
        ("STOP", "stop", None),
        ("MAX_TOKENS", "length", None),
        ("SAFETY", "content_filter", True),
        ("RECITATION", "content_filter", True),
        ("IMAGE_SAFETY", "content_filter", True),
        ("MALFORMED_FUNCTION_CALL", "error", None),
        (None, "error", None),
        ("LANGUAGE", "language", None),
    ],
)
def test_finish_reasons(reason: str | None, word: str, *, refused: bool | None) -> None:
    """Google's reasons in the convention's words; one that nobody knows as it is."""
    found = GENERATE.response({"candidates": [{"finishReason": reason}]})
    assert found["gen_ai.response.finish_reasons"] == [word]
    assert found.get("spanwise.response.refused") is refused


@pytest.mark.parametrize(("model", "searches"), [("gemini-3.5-flash", 3), ("gemini-2.5-pro", 1), ("", 3)])
def test_searches(model: str, searches: int) -> None:
    """Every query is billed, or one prompt for models before the third generation."""
    grounding = {"webSearchQueries": ["a", "b", ""], "imageSearchQueries": ["c"]}
    found = GENERATE.response({"candidates": [{"groundingMetadata": grounding}], "modelVersion": model})
    assert found["spanwise.usage.web_searches"] == searches


def test_content() -> None:
    """Every kind of part, system instruction and tools in the convention's form, signatures left out."""
    parts: list[dict[str, Any]] = [
        {"text": "hm", "thought": True, "thoughtSignature": "c2ln"},
        {"text": "yes"},
        {"functionCall": {"id": "1", "name": "f", "args": {"a": 1}}, "thoughtSignature": "c2ln"},
        {"inline_data": {"mime_type": "image/png", "data": "iVBO"}},
        {"fileData": {"mimeType": "application/pdf", "fileUri": "gs://b/f"}},
        {"executableCode": {"language": "PYTHON", "code": "1+1"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2"}},
        {"somethingNew": {"a": 1}, "thoughtSignature": "c2ln"},
    ]
    result = {"functionResponse": {"id": "1", "name": "f", "response": {"b": 2}}}
    found = GENERATE.request_content(
        {
            "contents": [{"role": "model", "parts": parts}, {"role": "user", "parts": [result]}],
            "system_instruction": {"parts": [{"text": "be kind"}]},
            "tools": [
                {"functionDeclarations": [{"name": "f", "description": "d", "parameters": {}}]},
                {"googleSearch": {}},
            ],
        }
    )
    said, returned = json.loads(str(found["gen_ai.input.messages"]))
    assert said == {
        "role": "assistant",
        "parts": [
            {"type": "reasoning", "content": "hm"},
            {"type": "text", "content": "yes"},
            {"type": "tool_call", "id": "1", "name": "f", "arguments": {"a": 1}},
            {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "iVBO"},
            {"type": "uri", "modality": "document", "mime_type": "application/pdf", "uri": "gs://b/f"},
            {
                "type": "server_tool_call",
                "name": "code_execution",
                "server_tool_call": {"type": "code_execution", "language": "PYTHON", "code": "1+1"},
            },
            {
                "type": "server_tool_call_response",
                "name": "code_execution",
                "server_tool_call_response": {"type": "code_execution", "outcome": "OUTCOME_OK", "output": "2"},
            },
            {"type": "something_new", "somethingNew": {"a": 1}},
        ],
    }
    assert returned == {"role": "tool", "parts": [{"type": "tool_call_response", "id": "1", "response": {"b": 2}}]}
    assert json.loads(str(found["gen_ai.system_instructions"])) == [{"type": "text", "content": "be kind"}]
    assert json.loads(str(found["gen_ai.tool.definitions"])) == [
        {"type": "function", "name": "f", "description": "d", "parameters": {}},
        {"type": "google_search", "name": "google_search"},
    ]


def test_stream_adds_up() -> None:
    """Chunks of thoughts, text and a call, of two candidates, add up to the response without streaming."""
    reducer = GENERATE.reducer()
    for event in (
        {"candidates": [{"index": 0, "content": {"parts": [{"text": "h", "thought": True}]}}], "responseId": "r"},
        {"candidates": [{"index": 0, "content": {"parts": [{"text": "m", "thought": True}]}}]},
        {"candidates": [{"index": 1, "content": {"parts": [{"text": "b"}]}}], "usageMetadata": {"promptTokenCount": 3}},
        {"candidates": [{"index": 0, "content": {"parts": [{"text": "ye"}]}}]},
        {"candidates": [{"index": 0, "content": {"parts": [{"text": "s"}]}}]},
        {"candidates": [{"index": 0, "content": {"parts": [{"functionCall": {"name": "f", "args": {}}}]}}]},
        {"candidates": [{"index": 1, "finishReason": "MAX_TOKENS"}]},
        {"candidates": [{"index": 0, "finishReason": "STOP"}], "usageMetadata": {"candidatesTokenCount": 5}},
    ):
        reducer.add(event)
    body = reducer.body()
    found = GENERATE.response(body)
    assert found["gen_ai.response.finish_reasons"] == ["tool_call", "length"]
    assert found["gen_ai.usage.input_tokens"] == 3
    assert found["gen_ai.usage.output_tokens"] == 5
    first, second = json.loads(str(GENERATE.response_content(body)["gen_ai.output.messages"]))
    assert first["parts"] == [
        {"type": "reasoning", "content": "hm"},
        {"type": "text", "content": "yes"},
        {"type": "tool_call", "name": "f", "arguments": {}},
    ]
    assert second["parts"] == [{"type": "text", "content": "b"}]


def test_images() -> None:
    """Images are counted; what a filter took is a refusal, all of them or some."""
    image, taken = {"bytesBase64Encoded": "iVBO", "mimeType": "image/png"}, {"raiFilteredReason": "no"}
    found = IMAGE.response({"predictions": [image, taken]})
    assert found["spanwise.usage.output_images"] == 1
    assert found["gen_ai.response.finish_reasons"] == ["stop", "content_filter"]
    assert IMAGE.response({})["spanwise.response.refused"] is True


def test_live_leaves_sound_out() -> None:
    """Messages of a session are one response without its sound; the first end counts."""
    reducer = LIVE.reducer()
    for event in (
        {"serverContent": {"modelTurn": {"parts": [{"inlineData": {"mimeType": "audio/pcm", "data": "AAAA"}}]}}},
        {"serverContent": {"outputTranscription": {"text": "It is"}}},
        {"serverContent": {"outputTranscription": {"text": " near"}}},
        {"serverContent": {"interrupted": True}},
        {"serverContent": {"turnComplete": True}, "usageMetadata": {"promptTokenCount": 4, "responseTokenCount": 2}},
    ):
        reducer.add(event)
    body = reducer.body()
    assert LIVE.response(body)["gen_ai.response.finish_reasons"] == ["interrupted"]
    assert LIVE.response(body)["gen_ai.usage.output_tokens"] == 2
    (message,) = json.loads(str(LIVE.response_content(body)["gen_ai.output.messages"]))
    assert message["parts"] == [{"type": "text", "content": "It is near"}]


@pytest.mark.parametrize(
    ("reason", "word"),
    [("TURN_COMPLETE_REASON_UNSPECIFIED", "stop"), ("GENERATED_AUDIO_SAFETY", "content_filter"),
     ("MALFORMED_FUNCTION_CALL", "error"), ("NEED_MORE_INPUT", "stop")],
)  # fmt: skip
def test_how_a_turn_ended(reason: str, word: str) -> None:
    """Reasons of a turn that a filter took are refusals, as those of a candidate are."""
    reducer = LIVE.reducer()
    reducer.add({"serverContent": {"turnComplete": True, "turnCompleteReason": reason}})
    assert LIVE.response(reducer.body())["gen_ai.response.finish_reasons"] == [word]


@pytest.mark.parametrize(
    ("provider", "model", "usage", "usd"),
    [
        # Text and its cache, thoughts as output.
        (
            "gcp.gemini",
            "gemini-3.5-flash",
            {
                "promptTokenCount": 1000, "cachedContentTokenCount": 600, "toolUsePromptTokenCount": 50,
                "candidatesTokenCount": 20, "thoughtsTokenCount": 70,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1000}],
                "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 600}],
                "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 20}],
            },
            (450 * 1.5 + 600 * 0.15 + 90 * 9) / 1e6,
        ),
        # Sound has prices of its own, cached or not.
        (
            "gcp.gemini",
            "gemini-2.5-flash",
            {
                "promptTokenCount": 1000, "cachedContentTokenCount": 300, "candidatesTokenCount": 50,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 600}, {"modality": "AUDIO", "tokenCount": 400},
                ],
                "cacheTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 200}, {"modality": "AUDIO", "tokenCount": 100},
                ],
            },
            (400 * 0.3 + 200 * 0.03 + 300 * 1 + 100 * 0.1 + 50 * 2.5) / 1e6,
        ),
        # Vertex AI names the tier in the counts.
        (
            "gcp.vertex_ai",
            "gemini-3.5-flash",
            {"promptTokenCount": 1000, "candidatesTokenCount": 10, "trafficType": "ON_DEMAND"},
            (1000 * 1.5 + 10 * 9) / 1e6,
        ),
    ],
)  # fmt: skip
def test_calls_are_priced(provider: str, model: str, usage: dict[str, Any], usd: float) -> None:
    """What the codec says of a call is what its price needs, exactly."""
    body = {"usageMetadata": usage, "modelVersion": model, "candidates": [{"finishReason": "STOP"}]}
    host = {"gcp.gemini": "generativelanguage.googleapis.com"}.get(provider, "aiplatform.googleapis.com")
    named = {
        "gen_ai.operation.name": "generate_content", "gen_ai.provider.name": provider, "server.address": host,
    }  # fmt: skip
    attributes = {**named, **GENERATE.request({"model": model}), **GENERATE.response(body)}
    span = SpanRecord("g", 1, 2, start_unix_nano=1_793_491_200 * 10**9, attributes=attributes, scope=Scope(""))
    found = Cost(CostConfig(warn_unknown=False))(span).attributes
    assert found["spanwise.cost.status"] == "exact"
    assert found["gen_ai.usage.cost.amount"] == pytest.approx(usd, rel=1e-9)
