"""Ollama completions."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import dump, text
from spanwise.instrument.codec.ollama_options import image_parts, ollama_request, ollama_response
from spanwise.instrument.codec.ollama_stream import LAST_LINE, LINE_GATE, LineReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""


class OllamaGenerate:
    """`POST /api/generate`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION
    gate: ClassVar[re.Pattern[bytes]] = LINE_GATE
    last: ClassVar[re.Pattern[bytes]] = LAST_LINE

    def request(self, body: Json, /) -> Attributes:
        """Model, options, output type, level of thinking."""
        return ollama_request(body)

    def request_content(self, body: Json, /) -> Attributes:
        """The prompt, what comes after the gap, and the images as one message; the system prompt apart."""
        given = [text(body.get("prompt")), text(body.get("suffix"))]
        parts: list[Part] = [{"type": "text", "content": said} for said in given if said]
        parts.extend(image_parts(body.get("images")))
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump([{"role": "user", "parts": parts}])} if parts else {}
        if system := text(body.get("system")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": system}])
        return found

    def response(self, body: Json, /) -> Attributes:
        """Model, counts, why it ended, the time it took."""
        return ollama_response(body)

    def response_content(self, body: Json, /) -> Attributes:
        """The completion as one message."""
        parts: list[Part] = []
        if thinking := text(body.get("thinking")):
            parts.append({"type": "reasoning", "content": thinking})
        if said := text(body.get("response")):
            parts.append({"type": "text", "content": said})
        parts.extend(image_parts([body.get("image")]))
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> LineReducer:
        """A reducer for lines."""
        return LineReducer()
