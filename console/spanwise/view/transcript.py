"""What a span carried, as a transcript: messages, tools, documents, in a form that a page can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import orjson

from spanwise.semconv import attributes as attr
from spanwise.semconv import events
from spanwise.store.document import json_text
from spanwise.view.document import short


Json: TypeAlias = Any
"""Parsed JSON from outside; every access checks its type."""
Part: TypeAlias = dict[str, object]
"""One part of a message: `kind`, and what is known of `name`, `id`, `text`."""
Message: TypeAlias = dict[str, object]
"""One message: `role`, `parts`, and `omitted` where there were more."""

MAX_MESSAGES: Final = 400
"""Of a list, the last ones; a first one that instructs the model stays."""
MAX_PARTS: Final = 100
MAX_TEXT: Final = 100_000
"""Characters of one part at most; three dots say that it was longer."""
MAX_ALL: Final = 2_000_000
"""Characters of one transcript at most."""

CONTENT: Final = (
    attr.GEN_AI_SYSTEM_INSTRUCTIONS,
    attr.GEN_AI_INPUT_MESSAGES,
    attr.GEN_AI_OUTPUT_MESSAGES,
    attr.GEN_AI_TOOL_DEFINITIONS,
    attr.GEN_AI_TOOL_CALL_ARGUMENTS,
    attr.GEN_AI_TOOL_CALL_RESULT,
    attr.GEN_AI_RETRIEVAL_DOCUMENTS,
)
"""Attributes that a transcript shows."""

_TEXT: Final = {"text": "text", "reasoning": "reasoning", "compaction": "compaction"}
_MEDIA: Final = ("blob", "file", "uri")


def transcript(attributes: Json, span_events: Json) -> dict[str, object]:
    """The messages, tools and documents among `attributes` and the events of one span; keys without content are absent.

    Nothing in it is trusted: what is no message is shown as the text it came as, and sizes are bounded.
    """
    held = _held(attributes, span_events)
    budget = _Budget(MAX_ALL)
    found = {
        "instructions": _parts(_parsed(held.get(attr.GEN_AI_SYSTEM_INSTRUCTIONS)), budget),
        "input": _messages(_parsed(held.get(attr.GEN_AI_INPUT_MESSAGES)), budget),
        "output": _messages(_parsed(held.get(attr.GEN_AI_OUTPUT_MESSAGES)), budget),
        "arguments": budget.text(held.get(attr.GEN_AI_TOOL_CALL_ARGUMENTS)),
        "result": budget.text(held.get(attr.GEN_AI_TOOL_CALL_RESULT)),
        "documents": _documents(_parsed(held.get(attr.GEN_AI_RETRIEVAL_DOCUMENTS)), budget),
        "tools": _tools(_parsed(held.get(attr.GEN_AI_TOOL_DEFINITIONS)), budget),
    }
    return {name: value for name, value in found.items() if value}


def last_text(messages: Json, role: str | None, most: int) -> str | None:
    """The text of the last message of `role` that has one, cut to `most` characters; `None` stands for any role."""
    found = _parsed(messages)
    for message in reversed(found if isinstance(found, list) else []):
        if not isinstance(message, dict) or (role and message.get("role") != role):
            continue
        parts = message.get("parts")
        texts = [
            part["content"]
            for part in (parts if isinstance(parts, list) else [])
            if isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("content"), str)
        ]
        if texts:
            return short(" ".join(texts), most)
    return None


class _Budget:
    """Characters that a transcript may still have."""

    def __init__(self, left: int) -> None:
        self._left = left

    def text(self, value: Json) -> str:
        """`value` as text, cut to what is left."""
        if value is None:
            return ""
        text = value if isinstance(value, str) else _pretty(value)
        if isinstance(value, str) and value[:1] in ("{", "["):
            text = _pretty(_parsed(value))
        cut = short(text, min(MAX_TEXT, max(self._left, 1))) or ""
        self._left -= len(cut)
        return cut


def _held(attributes: Json, span_events: Json) -> dict[str, Json]:
    held: dict[str, Json] = {}
    for event in span_events if isinstance(span_events, list) else []:
        if isinstance(event, dict) and event.get("name") == events.GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS:
            held.update(_content(event.get("attributes")))
    return {**held, **_content(attributes)}


def _content(attributes: Json) -> dict[str, Json]:
    if not isinstance(attributes, Mapping):
        return {}
    return {name: attributes[name] for name in CONTENT if attributes.get(name)}


def _parsed(value: Json) -> Json:
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def _pretty(value: Json) -> str:
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:  # read, but nested too deeply to be written
        return json_text(value)


def _messages(value: Json, budget: _Budget) -> list[Message]:
    if not value:
        return []
    if not isinstance(value, list):
        return [{"role": "", "parts": _parts(value, budget)}]
    omitted = max(len(value) - MAX_MESSAGES, 0)
    kept = value if not omitted else [*value[:1], *value[omitted + 1 :]]
    messages = [_message(it, budget) for it in kept]
    if omitted:
        messages[0]["omitted"] = omitted
    return messages


def _message(value: Json, budget: _Budget) -> Message:
    if not isinstance(value, dict):
        return {"role": "", "parts": _parts(value, budget)}
    role, name = value.get("role"), value.get("name")
    parts = value.get("parts", value.get("content"))
    message: Message = {"role": short(role, 80) if isinstance(role, str) else "", "parts": _parts(parts, budget)}
    if isinstance(name, str) and name:
        message["name"] = short(name, 200)
    return message


def _parts(value: Json, budget: _Budget) -> list[Part]:
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        return [{"kind": "text", "text": budget.text(value)}]
    parts = [_part(it, budget) for it in value[:MAX_PARTS]]
    if len(value) > MAX_PARTS:
        parts.append({"kind": "note", "text": f"{len(value) - MAX_PARTS:,} more parts are left out"})
    return parts


def _part(value: Json, budget: _Budget) -> Part:
    if not isinstance(value, dict):
        return {"kind": "text", "text": budget.text(value)}
    kind = value.get("type")
    if isinstance(kind, str) and kind in _TEXT:
        return {"kind": _TEXT[kind], "text": budget.text(value.get("content"))}
    if kind in ("tool_call", "server_tool_call"):
        arguments = value.get("arguments", value.get("server_tool_call"))
        return {"kind": "tool_call", **_names(value), "text": budget.text(arguments)}
    if kind in ("tool_call_response", "server_tool_call_response"):
        response = value.get("response", value.get("result", value.get("server_tool_call_response")))
        return {"kind": "tool_result", **_names(value), "text": budget.text(response)}
    if kind in _MEDIA:
        return {"kind": "media", "text": _media(value)}
    return {"kind": "other", "name": short(kind, 80) if isinstance(kind, str) else "", "text": budget.text(value)}


def _names(value: Mapping[str, Json]) -> Part:
    return {key: short(value[key], 200) for key in ("name", "id") if isinstance(value.get(key), str) and value[key]}


def _media(value: Mapping[str, Json]) -> str:
    """What a medium is, in words: the page loads and shows none."""
    content = value.get("content")
    size = f"{len(content) * 3 // 4:,} bytes" if isinstance(content, str) else None
    named = [value.get(key) for key in ("modality", "mime_type", "uri", "file_id")]
    return ", ".join(short(it, 500) or "" for it in (*named, size) if isinstance(it, str) and it)


def _documents(value: Json, budget: _Budget) -> list[Part]:
    found: list[Part] = []
    for document in value[:MAX_PARTS] if isinstance(value, list) else []:
        if not isinstance(document, dict):
            found.append({"text": budget.text(document)})
            continue
        rest = {key: item for key, item in document.items() if key not in ("id", "score", "content")}
        text = document.get("content")
        score = document.get("score")
        found.append(
            {
                "id": short(str(document.get("id") or ""), 200),
                "score": score if isinstance(score, int | float) and not isinstance(score, bool) else None,
                "text": budget.text(text if text is not None else rest or None),
            }
        )
    return found


def _tools(value: Json, budget: _Budget) -> list[Part]:
    found: list[Part] = []
    for tool in value[:MAX_PARTS] if isinstance(value, list) else []:
        if isinstance(tool, dict):
            name = tool.get("name")
            rest = {key: item for key, item in tool.items() if key not in ("name", "type")}
            found.append({"name": short(name, 200) if isinstance(name, str) else "", "text": budget.text(rest or None)})
    return found
