"""OpenAI realtime: responses of a model that listens and speaks. Audio is never captured; what was said is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.instrument.codec.openai_message import tool_call, tool_definitions
from spanwise.instrument.codec.openai_usage import usage
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_FINISHED = values.GEN_AI_RESPONSE_STATUS_COMPLETED
_CUT = values.GEN_AI_RESPONSE_STATUS_INCOMPLETE
_FAILED = values.GEN_AI_RESPONSE_STATUS_FAILED


class OpenAIRealtime:
    """A response of a realtime session. What it was asked for is the session's settings with its own over them."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"type"\s*:\s*"response\.done"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling, whether it is to speak, conversation. `body` is the session merged with the response."""
        found: Attributes = {attr.GEN_AI_REQUEST_STREAM: True}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(body.get("temperature")))
        tokens = body.get("max_output_tokens", body.get("max_response_output_tokens"))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(tokens))
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(mapping(body.get("reasoning")).get("effort")))
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("conversation_id")))
        if wanted := items(body.get("output_modalities")) or items(body.get("modalities")):
            speaks = "audio" in wanted
            found[attr.GEN_AI_OUTPUT_TYPE] = (
                values.GEN_AI_OUTPUT_TYPE_SPEECH if speaks else values.GEN_AI_OUTPUT_TYPE_TEXT
            )
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Instructions and tools, and the items given for this response alone: those of the session came before."""
        found: Attributes = {}
        if given := [message for item in items(body.get("input")) if (message := _message(mapping(item)))]:
            found[attr.GEN_AI_INPUT_MESSAGES] = dump(given)
        if instructions := text(body.get("instructions")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": instructions}])
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, conversation, finish reason, and tokens of text, audio and images, those from the cache apart."""
        found = usage(body)
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("conversation_id")))
        reason = _reason(body)
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [reason] if reason else None)
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """What was said, as text, and the tools called."""
        parts = [part for item in items(body.get("output")) for part in _parts(mapping(item))]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: a response is reduced by the API, in its last event."""
        return ChatReducer()


def realtime_error(body: Json) -> str | None:
    """The class of the error that a response failed with."""
    if body.get("status") != _FAILED:
        return None
    error = mapping(mapping(body.get("status_details")).get("error"))
    return text(error.get("code")) or text(error.get("type")) or "response_failed"


def _reason(body: Json) -> str | None:
    status = text(body.get("status"))
    if status == _FINISHED:
        called = any(mapping(item).get("type") == "function_call" for item in items(body.get("output")))
        return "tool_call" if called else "stop"
    if status == _CUT:
        return finish_reason(text(mapping(body.get("status_details")).get("reason")) or "length")
    if status == _FAILED:
        return "error"
    # What the user, or the one who speaks, cut short is no error, and has no word in the convention.
    return status if status == values.GEN_AI_RESPONSE_STATUS_CANCELLED else None


def _message(item: Json) -> Part | None:
    parts = list(_parts(item))
    kind = item.get("type")
    role = "tool" if kind == "function_call_output" else text(item.get("role")) or "user"
    return {"role": role, "parts": parts} if parts else None


def _parts(item: Json) -> Iterator[Part]:
    kind = item.get("type")
    if kind == "function_call":
        yield tool_call(item.get("call_id"), item.get("name"), item.get("arguments"))
    elif kind == "function_call_output":
        part: Part = {"type": "tool_call_response", "response": text(item.get("output")) or ""}
        yield {**part, "id": item["call_id"]} if text(item.get("call_id")) else part
    for entry in items(item.get("content")):
        content = mapping(entry)
        if said := text(content.get("text")) or text(content.get("transcript")):
            yield {"type": "text", "content": said}
