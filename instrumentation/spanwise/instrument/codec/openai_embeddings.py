"""OpenAI embeddings."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, put, text
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.instrument.codec.openai_usage import usage
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class OpenAIEmbeddings:
    """`POST /embeddings`. Texts and vectors are never captured: the convention has no attribute for them."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"usage"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Model, encoding and vector length."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        encoding = text(body.get("encoding_format"))
        put(found, attr.GEN_AI_REQUEST_ENCODING_FORMATS, [encoding] if encoding else None)
        put(found, attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, count(body.get("dimensions")))
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Model and input tokens."""
        found = usage(body)
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: embeddings do not stream."""
        return ChatReducer()
