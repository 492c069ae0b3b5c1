"""Ollama chat."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import dump, items, mapping, parse, text
from spanwise.instrument.codec.ollama_options import image_parts, ollama_request, ollama_response
from spanwise.instrument.codec.ollama_stream import LAST_LINE, LINE_GATE, LineReducer
from spanwise.instrument.codec.openai_message import tool_call, tool_definitions
from spanwise.instrument.codec.output_schema import output_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""


class OllamaChat:
    """`POST /api/chat`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = LINE_GATE
    last: ClassVar[re.Pattern[bytes]] = LAST_LINE

    def request(self, body: Json, /) -> Attributes:
        """Model, options, output type, level of thinking."""
        return ollama_request(body)

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, and the tools offered."""
        found: Attributes = {
            attr.GEN_AI_INPUT_MESSAGES: dump([_message(mapping(message)) for message in items(body.get("messages"))])
        }
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(output_schema(body.get("format")))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Model, counts, why it ended, the time it took."""
        return ollama_response(body, calls_tools=bool(items(mapping(body.get("message")).get("tool_calls"))))

    def response_content(self, body: Json, /) -> Attributes:
        """The one message."""
        message = mapping(body.get("message"))
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([_message({"role": "assistant", **message})])} if message else {}

    def reducer(self) -> LineReducer:
        """A reducer for lines."""
        return LineReducer()


def _message(message: Json) -> Part:
    role = text(message.get("role")) or "user"
    said = text(message.get("content"))
    if role == "tool":
        part: Part = {"type": "tool_call_response", "response": parse(said or "")}
        if name := text(message.get("tool_name")):
            part["name"] = name
        return {"role": role, "parts": [part]}
    parts: list[Part] = []
    if thinking := text(message.get("thinking")):
        parts.append({"type": "reasoning", "content": thinking})
    if said:
        parts.append({"type": "text", "content": said})
    parts.extend(image_parts(message.get("images")))
    for entry in items(message.get("tool_calls")):
        function = mapping(mapping(entry).get("function"))
        parts.append(tool_call(mapping(entry).get("id"), function.get("name"), function.get("arguments")))
    return {"role": role, "parts": parts}
