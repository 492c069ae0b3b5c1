"""Ollama embeddings."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, put
from spanwise.instrument.codec.ollama_options import ollama_request, ollama_response
from spanwise.instrument.codec.ollama_stream import LAST_LINE, LINE_GATE, LineReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class OllamaEmbed:
    """`POST /api/embed`, and `/api/embeddings` before it, which counts nothing. Texts and vectors are not captured."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    gate: ClassVar[re.Pattern[bytes]] = LINE_GATE
    last: ClassVar[re.Pattern[bytes]] = LAST_LINE

    def request(self, body: Json, /) -> Attributes:
        """Model and vector length."""
        found = ollama_request(body)
        put(found, attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, count(body.get("dimensions")))
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Model, input tokens, the time it took."""
        return ollama_response(body)

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> LineReducer:
        """A reducer, for the interface: embeddings do not stream."""
        return LineReducer()
