"""Cohere chat, version 2 of its API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.cohere_chat_v1 import FAILED
from spanwise.instrument.codec.cohere_document import document_part, document_parts
from spanwise.instrument.codec.cohere_sampling import cohere_sampling
from spanwise.instrument.codec.cohere_usage import cohere_usage, searches
from spanwise.instrument.codec.field import count, dump, items, mapping, parse, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.openai_message import content_parts, tool_call, tool_definitions
from spanwise.instrument.codec.output_schema import format_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_MOST_BLOCKS = 1024
_DISABLED = "disabled"


class CohereChat:
    """`POST /v2/chat`. The response does not say which model answered."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"type"\s*:\s*"message-(?:start|end)"|\[DONE\]')
    # At the start of a line, so that a document that a citation quotes cannot be taken for the end of the stream.
    last: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'^(?:event: ?message-end\b|data: ?\{\s*"type"\s*:\s*"message-end"|data: ?\[DONE\])', re.MULTILINE
    )

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, output type, whether it shall not think."""
        found = cohere_sampling(body)
        if mapping(body.get("thinking")).get("type") == _DISABLED:
            found[attr.GEN_AI_REQUEST_REASONING_LEVEL] = _DISABLED
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, documents to answer from as a message of their own, and the tools offered."""
        messages = [_message(mapping(message)) for message in items(body.get("messages"))]
        if documents := document_parts(body.get("documents")):
            messages.append({"role": "user", "parts": documents})
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(format_schema(body))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, finish reason, usage, searches."""
        usage = mapping(body.get("usage"))
        found = cohere_usage(usage)
        put(found, attr.SPANWISE_USAGE_WEB_SEARCHES, searches(usage))
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        reason = text(body.get("finish_reason"))
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [finish_reason(reason)] if reason else None)
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The message, with what it cites."""
        message = _message({"role": "assistant", **mapping(body.get("message"))})
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([message])} if message["parts"] else {}

    def reducer(self) -> CohereChatReducer:
        """A reducer for the events of a message."""
        return CohereChatReducer()


def _message(message: Json) -> Part:
    role = text(message.get("role")) or "user"
    if role == "tool":
        return {"role": role, "parts": [_tool_result(message)]}
    parts: list[Part] = []
    if plan := text(message.get("tool_plan")):
        parts.append({"type": "reasoning", "content": plan})
    parts.extend(_content(message.get("content")))
    for call in items(message.get("tool_calls")):
        function = mapping(mapping(call).get("function"))
        parts.append(tool_call(mapping(call).get("id"), function.get("name"), function.get("arguments")))
    parts.extend({"type": "citation", "content": dict(mapping(cited))} for cited in items(message.get("citations")))
    return {"role": role, "parts": parts}


def _content(content: object) -> Iterator[Part]:
    if isinstance(content, str):
        yield from content_parts(content)
        return
    for entry in items(content):
        block = mapping(entry)
        if block.get("type") == "thinking":
            yield {"type": "reasoning", "content": text(block.get("thinking")) or ""}
        elif block.get("type") == "document":
            yield document_part(block.get("document"))
        else:
            yield from content_parts([dict(block)] if block else [])


def _tool_result(message: Json) -> Part:
    content = message.get("content")
    response = content if isinstance(content, str) else list(_content(content))
    part: Part = {"type": "tool_call_response", "response": parse(response)}
    if identity := text(message.get("tool_call_id")):
        part["id"] = identity
    return part


class CohereChatReducer:
    """Events of a message as the response that would have come whole."""

    def __init__(self) -> None:
        self._body: Part = {}
        self._plan: list[str] = []
        self._blocks: dict[int, tuple[str, list[str]]] = {}
        self._calls: dict[int, Part] = {}
        self._citations: list[Json] = []
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("type")
        delta = mapping(event.get("delta"))
        message = mapping(delta.get("message"))
        if identity := text(event.get("id")):
            self._body["id"] = identity
        if kind == "message-end":
            self._end(delta)
        elif kind in ("content-start", "content-delta"):
            self._block(count(event.get("index")) or 0, mapping(message.get("content")))
        elif kind == "tool-plan-delta":
            self._plan.append(text(message.get("tool_plan")) or "")
        elif kind in ("tool-call-start", "tool-call-delta"):
            self._call(count(event.get("index")) or 0, mapping(message.get("tool_calls")))
        elif kind == "citation-start" and len(self._citations) < _MOST_BLOCKS:
            self._citations.append(mapping(message.get("citations")))

    def _end(self, delta: Json) -> None:
        self._body["finish_reason"] = delta.get("finish_reason")
        self._body["usage"] = delta.get("usage")
        if delta.get("finish_reason") in FAILED or text(delta.get("error")):
            # The text of the error is a sentence; the reason is the class.
            self.error = (text(delta.get("finish_reason")) or "provider_error").lower()

    def _block(self, index: int, content: Json) -> None:
        if index not in self._blocks and len(self._blocks) >= _MOST_BLOCKS:
            return
        is_thought = isinstance(content.get("thinking"), str)
        _, fragments = self._blocks.setdefault(index, ("thinking" if is_thought else "text", []))
        fragments.append(text(content.get("thinking")) or text(content.get("text")) or "")

    def _call(self, index: int, call: Json) -> None:
        if index not in self._calls and len(self._calls) >= _MOST_BLOCKS:
            return
        held = self._calls.setdefault(index, {"id": None, "name": None, "arguments": []})
        function = mapping(call.get("function"))
        held["id"] = held["id"] or text(call.get("id"))
        held["name"] = held["name"] or text(function.get("name"))
        held["arguments"].append(text(function.get("arguments")) or "")

    def body(self) -> Json:
        """The response so far."""
        content = [{"type": kind, kind: "".join(fragments)} for _, (kind, fragments) in sorted(self._blocks.items())]
        calls = [
            {"id": call["id"], "function": {"name": call["name"], "arguments": "".join(call["arguments"])}}
            for _, call in sorted(self._calls.items())
        ]
        message = {
            "role": "assistant",
            "tool_plan": "".join(self._plan),
            "content": content,
            "tool_calls": calls,
            "citations": self._citations,
        }
        return {**self._body, "message": message}
