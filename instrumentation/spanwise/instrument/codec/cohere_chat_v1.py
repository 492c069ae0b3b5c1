"""Cohere chat, version 1 of its API: a message, and the history before it."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.cohere_document import document_parts
from spanwise.instrument.codec.cohere_sampling import cohere_sampling
from spanwise.instrument.codec.cohere_usage import cohere_usage, searches
from spanwise.instrument.codec.field import dump, items, mapping, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.openai_message import tool_call
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

STREAM_GATE: Final = re.compile(rb'"event_type"\s*:\s*"stream-(?:start|end)"|"is_finished"\s*:\s*true')
STREAM_END: Final = re.compile(rb'"event_type"\s*:\s*"stream-end"|"is_finished"\s*:\s*true')
FAILED: Final = ("ERROR", "TIMEOUT")
"""Reasons for which a stream ends before its answer does."""

_ROLES = {"USER": "user", "CHATBOT": "assistant", "SYSTEM": "system", "TOOL": "tool"}


class CohereChatV1:
    """`POST /v1/chat`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = STREAM_GATE
    last: ClassVar[re.Pattern[bytes]] = STREAM_END

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, output type, conversation."""
        found = cohere_sampling(body)
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("conversation_id")))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The history and the message after it, results of tools, documents, the preamble apart, and the tools."""
        messages = [_message(mapping(entry)) for entry in items(body.get("chat_history"))]
        if said := text(body.get("message")):
            messages.append({"role": "user", "parts": [{"type": "text", "content": said}]})
        if results := _tool_results(body.get("tool_results")):
            messages.append({"role": "tool", "parts": results})
        if documents := document_parts(body.get("documents")):
            messages.append({"role": "user", "parts": documents})
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if preamble := text(body.get("preamble")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": preamble}])
        if tools := [_definition(mapping(tool)) for tool in items(body.get("tools"))]:
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, finish reason, usage, searches."""
        meta = mapping(body.get("meta"))
        found = cohere_usage(meta)
        put(found, attr.SPANWISE_USAGE_WEB_SEARCHES, searches(meta))
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("generation_id")))
        reason = text(body.get("finish_reason"))
        if reason:
            calls = reason == "COMPLETE" and items(body.get("tool_calls"))
            found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [finish_reason("TOOL_CALL" if calls else reason)]
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The answer as one message, with what it cites."""
        answer = {key: body.get(key) for key in ("text", "tool_calls", "citations")}
        message = _message({"role": "CHATBOT", **answer, "message": answer["text"]})
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([message])} if message["parts"] else {}

    def reducer(self) -> CohereStreamReducer:
        """A reducer for the events of an answer."""
        return CohereStreamReducer()


def _message(entry: Json) -> Part:
    role = text(entry.get("role")) or "USER"
    parts: list[Part] = []
    if said := text(entry.get("message")):
        parts.append({"type": "text", "content": said})
    calls = [mapping(call) for call in items(entry.get("tool_calls"))]
    parts.extend(tool_call(None, call.get("name"), call.get("parameters")) for call in calls)
    parts.extend(_tool_results(entry.get("tool_results")))
    parts.extend({"type": "citation", "content": dict(mapping(cited))} for cited in items(entry.get("citations")))
    return {"role": _ROLES.get(role, role.lower()), "parts": parts}


def _tool_results(results: object) -> list[Part]:
    """Results name the call they answer, which has no id."""
    return [
        {
            "type": "tool_call_response",
            "name": text(mapping(mapping(result).get("call")).get("name")) or "",
            "response": list(items(mapping(result).get("outputs"))),
        }
        for result in items(results)
    ]


def _definition(tool: Json) -> Part:
    """A tool, whose parameters are described one by one, with the JSON schema of the same."""
    definition: Part = {"type": "function", "name": text(tool.get("name")) or "function"}
    if description := text(tool.get("description")):
        definition["description"] = description
    if parameters := mapping(tool.get("parameter_definitions")):
        described = {str(name): mapping(parameter) for name, parameter in parameters.items()}
        definition["parameters"] = {
            "type": "object",
            "properties": {
                name: {key: value for key, value in parameter.items() if key != "required"}
                for name, parameter in described.items()
            },
            "required": [name for name, parameter in described.items() if parameter.get("required") is True],
        }
    return definition


class CohereStreamReducer:
    """Events of version 1, of chat and of generation, as the response that the last of them carries."""

    def __init__(self) -> None:
        self._body: Part = {}
        self._fragments: list[str] = []
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("event_type")
        if kind == "text-generation":
            self._fragments.append(text(event.get("text")) or "")
        elif kind == "stream-start":
            self._body["generation_id"] = event.get("generation_id")
        elif kind == "tool-calls-generation":
            self._body["tool_calls"] = event.get("tool_calls")
        elif kind == "stream-end" or event.get("is_finished") is True:
            reason = text(event.get("finish_reason"))
            self._body = {**self._body, "finish_reason": reason, **mapping(event.get("response"))}
            if reason in FAILED:
                self.error = reason.lower()

    def body(self) -> Json:
        """The response; while it is not complete, its text so far."""
        return {"text": "".join(self._fragments), **self._body}
