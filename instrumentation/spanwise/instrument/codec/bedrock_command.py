"""Cohere's Command R on Amazon Bedrock: a message with the history before it, and events of their own."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_ROLES = {"USER": "user", "CHATBOT": "assistant", "SYSTEM": "system", "TOOL": "tool"}


class BedrockCommand:
    """`InvokeModel` of `cohere.command-r`; the model stands in the request as `model`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"finish_reason"\s*:\s*"')
    last: ClassVar[re.Pattern[bytes]] = re.compile(rb'"amazon-bedrock-invocationMetrics"\s*:')

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(body.get("max_tokens")))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(body.get("temperature")))
        put(found, attr.GEN_AI_REQUEST_TOP_P, number(body.get("p")))
        put(found, attr.GEN_AI_REQUEST_TOP_K, count(body.get("k")))
        put(found, attr.GEN_AI_REQUEST_SEED, count(body.get("seed")))
        put(found, attr.GEN_AI_REQUEST_FREQUENCY_PENALTY, number(body.get("frequency_penalty")))
        put(found, attr.GEN_AI_REQUEST_PRESENCE_PENALTY, number(body.get("presence_penalty")))
        stops = [stop for stop in items(body.get("stop_sequences")) if isinstance(stop, str)]
        put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The history and the message after it, the preamble apart, and the tools offered."""
        messages = [_message(mapping(entry)) for entry in items(body.get("chat_history"))]
        messages.append(_message({"role": "USER", "message": body.get("message")}))
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if preamble := text(body.get("preamble")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": preamble}])
        tools = [{"type": "function", **mapping(tool)} for tool in items(body.get("tools")) if mapping(tool)]
        if tools:
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id and finish reason; tokens are in Bedrock's metrics."""
        found: Attributes = {}
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("response_id")))
        reason = text(body.get("finish_reason"))
        if reason and items(body.get("tool_calls")):
            found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL]
        elif reason:
            found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [finish_reason(reason)]
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The answer and the tools it calls as one message."""
        parts: list[Part] = []
        if said := text(body.get("text")):
            parts.append({"type": "text", "content": said})
        for entry in items(body.get("tool_calls")):
            call = mapping(entry)
            name = text(call.get("name")) or ""
            parts.append({"type": "tool_call", "name": name, "arguments": call.get("parameters")})
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> CommandReducer:
        """A reducer for the events of a stream."""
        return CommandReducer()


def _message(entry: Json) -> Part:
    role = text(entry.get("role")) or "USER"
    said = text(entry.get("message")) or ""
    return {"role": _ROLES.get(role.upper(), role), "parts": [{"type": "text", "content": said}]}


class CommandReducer:
    """Events of a stream as the response that the last of them repeats."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._body: Part = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        if event.get("event_type") == "text-generation" and isinstance(fragment := event.get("text"), str):
            self._text.append(fragment)
        if response := mapping(event.get("response")):
            self._body.update(response)
        if reason := text(event.get("finish_reason")):
            self._body["finish_reason"] = reason

    def body(self) -> Json:
        """The response so far."""
        return {"text": "".join(self._text), **self._body}
