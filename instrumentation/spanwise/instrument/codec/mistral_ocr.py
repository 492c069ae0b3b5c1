"""Mistral OCR: a document in, its text out, billed by the page."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, put, text
from spanwise.instrument.codec.mistral_message import mistral_parts
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class MistralOcr:
    """`POST /v1/ocr`. A model makes content of a document, so this is the convention's `generate_content`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"usage_info"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Model, and JSON as the output where an annotation is asked for."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        if mapping(body.get("document_annotation_format")):
            found[attr.GEN_AI_OUTPUT_TYPE] = values.GEN_AI_OUTPUT_TYPE_JSON
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The document as one message of the user."""
        parts = mistral_parts([body.get("document")])
        return {attr.GEN_AI_INPUT_MESSAGES: dump([{"role": "user", "parts": parts}])} if parts else {}

    def response(self, body: Json, /) -> Attributes:
        """Model and pages, those apart that were annotated: all of them, or those that had an annotated image."""
        found: Attributes = {}
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        pages = count(mapping(body.get("usage_info")).get("pages_processed"))
        put(found, attr.SPANWISE_USAGE_INPUT_PAGES, pages)
        annotated = pages if text(body.get("document_annotation")) else _annotated(body)
        put(found, attr.SPANWISE_USAGE_INPUT_ANNOTATED_PAGES, annotated or None)
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The text of each page, and the annotation of the document."""
        said = [text(mapping(page).get("markdown")) for page in items(body.get("pages"))]
        parts = [{"type": "text", "content": part} for part in (*said, text(body.get("document_annotation"))) if part]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: this does not stream."""
        return ChatReducer()


def _annotated(body: Json) -> int:
    return sum(
        any(text(mapping(image).get("image_annotation")) for image in items(mapping(page).get("images")))
        for page in items(body.get("pages"))
    )
