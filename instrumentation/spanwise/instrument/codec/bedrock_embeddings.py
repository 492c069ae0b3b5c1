"""Embeddings on Amazon Bedrock: Titan's and Nova's, and Cohere's."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.bedrock_retrieval import WholeReducer
from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, items, mapping, put, text
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class BedrockEmbeddings:
    """`InvokeModel` of a model that embeds; the model stands in the request as `model`.

    Texts and vectors are no content of the convention: neither is read.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'TokenCount"')
    last: ClassVar[re.Pattern[bytes]] = re.compile(rb'"amazon-bedrock-invocationMetrics"\s*:')

    def request(self, body: Json, /) -> Attributes:
        """Model, dimensions, formats."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        single = mapping(body.get("singleEmbeddingParams"))
        asked = (body.get("dimensions"), body.get("output_dimension"), single.get("embeddingDimension"))
        sizes = (count(size) for size in (*asked, mapping(body.get("embeddingConfig")).get("outputEmbeddingLength")))
        put(found, attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, next((size for size in sizes if size), None))
        formats = items(body.get("embedding_types")) or items(body.get("embeddingTypes"))
        put(found, attr.GEN_AI_REQUEST_ENCODING_FORMATS, [kind for kind in formats if isinstance(kind, str)] or None)
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the contract of a codec
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Tokens where the body says them, and the size of a vector."""
        found: Attributes = {}
        tokens = count(body.get("inputTextTokenCount", body.get("inputTokenCount")))
        put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, tokens)
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        put(found, attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, _size(body) or None)
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the contract of a codec
        """Nothing."""
        return {}

    def reducer(self) -> WholeReducer:
        """A reducer, for completeness: embeddings have no stream."""
        return WholeReducer()


def _size(body: Json) -> int:
    """Length of the first vector of numbers: alone, in a list, or in lists by type. Bits come packed in bytes."""
    if vector := items(body.get("embedding")):
        return len(vector)
    given = body.get("embeddings")
    if isinstance(given, dict):
        given = given.get("float") or given.get("int8") or given.get("uint8")
    first = next(iter(items(given)), None)
    return len(items(mapping(first).get("embedding")) or items(first))
