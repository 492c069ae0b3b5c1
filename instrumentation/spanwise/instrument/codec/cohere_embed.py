"""Cohere embeddings, both versions of its API."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.cohere_usage import cohere_usage
from spanwise.instrument.codec.field import count, items, mapping, put, text
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class CohereEmbed:
    """`POST /v1/embed` and `/v2/embed`. Texts, images and vectors are never captured."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"meta"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Model, encodings and vector length."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        kinds = [kind for kind in items(body.get("embedding_types")) if isinstance(kind, str)]
        put(found, attr.GEN_AI_REQUEST_ENCODING_FORMATS, kinds or None)
        put(found, attr.GEN_AI_EMBEDDINGS_DIMENSION_COUNT, count(body.get("output_dimension")))
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Id and input tokens; those of images are billed beside those of texts, the convention counts both."""
        meta = mapping(body.get("meta"))
        found = cohere_usage(meta)
        found.pop(attr.GEN_AI_USAGE_OUTPUT_TOKENS, None)
        billed = mapping(meta.get("billed_units"))
        if images := count(billed.get("image_tokens")):
            found[attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS] = images
            found[attr.GEN_AI_USAGE_INPUT_TOKENS] = images + (count(billed.get("input_tokens")) or 0)
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: embeddings do not stream."""
        return ChatReducer()
