"""OpenAI images: made from a text, from images, or as variations of one."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, put, text
from spanwise.instrument.codec.media import blob_part, url_part
from spanwise.instrument.codec.openai_chat import DONE
from spanwise.instrument.codec.openai_usage import usage
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_MOST: Final = 64
"""Images that are kept of one stream."""


class OpenAIImages:
    """`POST /images/generations`, `/images/edits` and `/images/variations`: content that is an image.

    Images that are uploaded stand beside the body and are not seen here.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'"type"\s*:\s*"(?:image_generation\.completed|image_edit\.completed|error)"|"error"\s*:\s*\{'
    )
    # A stream has one event for each image that is complete, so the last of them cannot be told from the others.
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Model, number, size and quality asked for."""
        found: Attributes = {attr.GEN_AI_OUTPUT_TYPE: values.GEN_AI_OUTPUT_TYPE_IMAGE}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        choices = count(body.get("n"))
        put(found, attr.GEN_AI_REQUEST_CHOICE_COUNT, choices if choices != 1 else None)
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        _looks(found, body)
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The prompt, and images that are named by a URL or an id."""
        parts: list[Part] = []
        if prompt := text(body.get("prompt")):
            parts.append({"type": "text", "content": prompt})
        for entry in items(body.get("images")):
            image = mapping(entry)
            if url := text(image.get("image_url")):
                parts.append(url_part(url, "image"))
            elif identity := text(image.get("file_id")):
                parts.append({"type": "file", "modality": "image", "file_id": identity})
        return {attr.GEN_AI_INPUT_MESSAGES: dump([{"role": "user", "parts": parts}])} if parts else {}

    def response(self, body: Json, /) -> Attributes:
        """Images made, their looks, and tokens of the models that are billed by them."""
        found = usage(body)
        _looks(found, body)
        put(found, attr.SPANWISE_USAGE_OUTPUT_IMAGES, len(items(body.get("data"))) or None)
        made = found.get(attr.GEN_AI_USAGE_OUTPUT_TOKENS)
        if isinstance(made, int) and made and not _is_split(body):
            # What is not split is an image altogether: the API counts no other output tokens.
            found[attr.GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS] = made
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The images as references, with the prompts they were made from where those were revised."""
        kind = f"image/{text(body.get('output_format')) or 'png'}"
        parts: list[Part] = []
        for entry in items(body.get("data")):
            image = mapping(entry)
            if data := text(image.get("b64_json")):
                parts.append(blob_part(data, mime_type=kind, modality="image"))
            elif url := text(image.get("url")):
                parts.append(url_part(url, "image"))
            if revised := text(image.get("revised_prompt")):
                parts.append({"type": "text", "content": revised})
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> ImageReducer:
        """A reducer for images that arrive one after the other."""
        return ImageReducer()


def _looks(found: Attributes, body: Json) -> None:
    for name, key in ((attr.SPANWISE_IMAGE_SIZE, "size"), (attr.SPANWISE_IMAGE_QUALITY, "quality")):
        value = text(body.get(key))
        put(found, name, value if value != "auto" else None)


def _is_split(body: Json) -> bool:
    return bool(mapping(mapping(body.get("usage")).get("output_tokens_details")))


class ImageReducer:
    """Events of an image stream as the body of the same call without streaming. Partial images are passed over."""

    def __init__(self) -> None:
        self._body: Part = {}
        self._images: list[Json] = []
        self._usage: dict[str, Any] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("type")
        if kind in ("image_generation.completed", "image_edit.completed"):
            for key in ("size", "quality", "output_format"):
                if value := text(event.get(key)):
                    self._body[key] = value
            if len(self._images) < _MOST:
                self._images.append({"b64_json": event.get("b64_json")})
            _sum(self._usage, mapping(event.get("usage")))
        elif kind == "error" or event.get("error"):
            error = mapping(event.get("error"))
            self.error = text(error.get("code")) or text(error.get("type")) or "provider_error"

    def body(self) -> Json:
        """The images so far."""
        return {**self._body, "data": self._images, "usage": self._usage}


def _sum(total: dict[str, Any], added: Json) -> None:
    """Add the counts of one image to those of the others."""
    for key, value in added.items():
        if isinstance(value, dict):
            _sum(total.setdefault(key, {}), value)
        elif (counted := count(value)) is not None:
            total[key] = total.get(key, 0) + counted
