"""Embeddings of Gemini and Vertex AI."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import NOTHING, Attributes, Json
from spanwise.instrument.codec.field import count, items, mapping, put, text
from spanwise.instrument.codec.gemini_content import either
from spanwise.instrument.codec.gemini_generate import CandidateReducer
from spanwise.instrument.codec.gemini_usage import usage
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class GeminiEmbed:
    """`embedContent`, `batchEmbedContents` and the `predict` of Vertex AI's embedding models.

    Texts and vectors are never captured: the convention has no attribute for them. The model of the path comes as the
    field `model` of the request.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"usageMetadata"')
    last: ClassVar[re.Pattern[bytes]] = NOTHING

    def request(self, body: Json, /) -> Attributes:
        """Model and vector length."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        first = mapping(next(iter(items(body.get("requests"))), None))
        for holder in (
            body,
            first,
            mapping(either(body, "embedContentConfig")),
            mapping(either(first, "embedContentConfig")),
            mapping(body.get("parameters")),
        ):
            put(found, attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, count(either(holder, "outputDimensionality")))
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Input tokens and their modalities; on Vertex AI those of every text, and the characters billed."""
        found = usage(mapping(body.get("usageMetadata")))
        found.pop(attr.GEN_AI_USAGE_OUTPUT_TOKENS, None)
        if attr.GEN_AI_USAGE_INPUT_TOKENS not in found:
            put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, _predicted(body))
        characters = count(mapping(body.get("metadata")).get("billableCharacterCount"))
        put(found, attr.SPANWISE_USAGE_INPUT_CHARACTERS, characters)
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> CandidateReducer:
        """A reducer, for the interface: embeddings do not stream."""
        return CandidateReducer()


def _predicted(body: Json) -> int | None:
    """Tokens of the predictions, when every one says its own."""
    counts = [
        count(mapping(mapping(mapping(prediction).get("embeddings")).get("statistics")).get("token_count"))
        for prediction in items(body.get("predictions"))
    ]
    known = [tokens for tokens in counts if tokens is not None]
    return sum(known) if known and len(known) == len(counts) else None
