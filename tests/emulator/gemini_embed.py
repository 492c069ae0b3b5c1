"""Embeddings of Gemini: embedContent, batchEmbedContents, and predict of Vertex AI, which also makes images."""

from __future__ import annotations

import base64

from tests.emulator.call import Call
from tests.emulator.document import Json, JsonValue
from tests.emulator.openai_embeddings import embed
from tests.emulator.reply import Reply, json_reply


_DIMENSIONS = 768
_PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n emulated image").decode()


def embed_reply(call: Call) -> Reply:
    """The answer to POST :embedContent."""
    text = _text(call.body.get("content"))
    return json_reply({"embedding": {"values": _vector(call.body, text)}, "usageMetadata": _usage(call, [text])})


def batch_reply(call: Call) -> Reply:
    """The answer to POST :batchEmbedContents."""
    asked = call.body.get("requests") or []
    texts = [_text(each.get("content")) for each in asked]
    vectors = [{"values": _vector(each, text)} for each, text in zip(asked, texts, strict=True)]
    return json_reply({"embeddings": vectors, "usageMetadata": _usage(call, texts)})


def predict_reply(call: Call) -> Reply:
    """The answer to POST :predict: vectors for contents, images for prompts."""
    instances = call.body.get("instances") or [{}]
    parameters = call.body.get("parameters") or {}
    if "prompt" in instances[0]:
        return json_reply(_images(call, int(parameters.get("sampleCount") or 1)))
    texts = [str(instance.get("content") or "") for instance in instances]
    predictions = [
        {
            "embeddings": {
                "values": _vector(parameters, text),
                "statistics": {"token_count": _tokens(text), "truncated": False},
            }
        }
        for text in texts
    ]
    return json_reply(
        {"predictions": predictions, "metadata": {"billableCharacterCount": sum(len(text) for text in texts)}}
    )


def _images(call: Call, wanted: int) -> Json:
    if call.scenario.name == "content_filter":
        return {}
    image = {"mimeType": "image/png", "bytesBase64Encoded": _PIXEL}
    return {"predictions": [image for _ in range(wanted)]}


def _text(content: JsonValue) -> str:
    parts = (content or {}).get("parts") or []
    return " ".join(str(part.get("text") or "") for part in parts)


def _vector(asked: Json, text: str) -> list[float]:
    config = asked.get("embedContentConfig") or {}
    size = asked.get("outputDimensionality") or config.get("outputDimensionality") or _DIMENSIONS
    return list(embed(text, int(size)))


def _usage(call: Call, texts: list[str]) -> Json:
    counted = sum(_tokens(text) for text in texts)
    tokens = counted if call.scenario.input_tokens is None else call.scenario.input_tokens
    details = [{"modality": "TEXT", "tokenCount": tokens}]
    return call.billed({"promptTokenCount": tokens, "totalTokenCount": tokens, "promptTokensDetails": details})


def _tokens(text: str) -> int:
    return max(1, -(-len(text) // 4))
