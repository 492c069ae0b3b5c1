"""Mistral embeddings."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, put, text
from spanwise.instrument.codec.openai_chat import ChatReducer
from spanwise.instrument.codec.openai_embeddings import OpenAIEmbeddings
from spanwise.semconv import attributes as attr


class MistralEmbeddings:
    """`POST /v1/embeddings`: OpenAI's wire, with the length and the type of the numbers under names of their own."""

    operation: ClassVar[str] = OpenAIEmbeddings.operation
    gate: ClassVar[re.Pattern[bytes]] = OpenAIEmbeddings.gate
    last: ClassVar[re.Pattern[bytes]] = OpenAIEmbeddings.last

    def __init__(self) -> None:
        self._embeddings = OpenAIEmbeddings()

    def request(self, body: Json, /) -> Attributes:
        """Model, encoding and vector length."""
        found = self._embeddings.request(body)
        put(found, attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, count(body.get("output_dimension")))
        kind = text(body.get("output_dtype"))
        put(found, attr.GEN_AI_REQUEST_ENCODING_FORMATS, [kind] if kind else None)
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Model and input tokens. The 0 output tokens that the usage says are none of an embedding."""
        found = self._embeddings.response(body)
        found.pop(attr.GEN_AI_USAGE_OUTPUT_TOKENS, None)
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: embeddings do not stream."""
        return self._embeddings.reducer()
