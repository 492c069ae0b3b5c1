"""Images that Vertex AI and AI Studio make with Imagen."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import NOTHING, Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, put, text
from spanwise.instrument.codec.gemini_content import modality
from spanwise.instrument.codec.gemini_generate import CandidateReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""


class GeminiImage:
    """`predict` of the Imagen models: making, editing and upscaling. Billed by the image: there are no tokens."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"predictions"')
    last: ClassVar[re.Pattern[bytes]] = NOTHING

    def request(self, body: Json, /) -> Attributes:
        """Model, number of images, seed."""
        found: Attributes = {attr.GEN_AI_OUTPUT_TYPE: values.GEN_AI_OUTPUT_TYPE_IMAGE}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        parameters = mapping(body.get("parameters"))
        wanted = count(parameters.get("sampleCount"))
        put(found, attr.GEN_AI_REQUEST_CHOICE_COUNT, wanted if wanted != 1 else None)
        put(found, attr.GEN_AI_REQUEST_SEED, count(parameters.get("seed")))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The prompt of each instance as a message."""
        prompts = [text(mapping(instance).get("prompt")) for instance in items(body.get("instances"))]
        messages = [{"role": "user", "parts": [{"type": "text", "content": said}]} for said in prompts if said]
        return {attr.GEN_AI_INPUT_MESSAGES: dump(messages)} if messages else {}

    def response(self, body: Json, /) -> Attributes:
        """Images returned, and whether a filter took all or some."""
        predictions = [mapping(prediction) for prediction in items(body.get("predictions"))]
        images = sum(1 for prediction in predictions if _is_image(prediction))
        found: Attributes = {}
        put(found, attr.SPANWISE_USAGE_OUTPUT_IMAGES, images or None)
        reasons = [_reason(prediction) for prediction in predictions if _is_image(prediction) or _filtered(prediction)]
        # Where the filter took everything, Vertex AI answers with an empty object.
        if not reasons and "error" not in body:
            reasons = [values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER]
        if values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER in reasons:
            found[attr.SPANWISE_RESPONSE_REFUSED] = True
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, reasons or None)
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """One message per image."""
        messages = [
            {"role": "assistant", "parts": [_image(mapping(prediction))]}
            for prediction in items(body.get("predictions"))
            if _is_image(mapping(prediction))
        ]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> CandidateReducer:
        """A reducer, for the interface: images do not stream."""
        return CandidateReducer()


def _is_image(prediction: Json) -> bool:
    return bool(text(prediction.get("bytesBase64Encoded")) or text(prediction.get("gcsUri")))


def _filtered(prediction: Json) -> bool:
    return bool(text(prediction.get("raiFilteredReason")))


def _reason(prediction: Json) -> str:
    if _filtered(prediction):
        return values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER
    return values.GEN_AI_RESPONSE_FINISH_REASONS_STOP


def _image(prediction: Json) -> Part:
    kind = text(prediction.get("mimeType")) or "image/png"
    if uri := text(prediction.get("gcsUri")):
        return {"type": "uri", "modality": modality(kind), "mime_type": kind, "uri": uri}
    data = str(prediction.get("bytesBase64Encoded"))
    return {"type": "blob", "modality": modality(kind), "mime_type": kind, "content": data}
