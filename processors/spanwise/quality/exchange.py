"""`Exchange`: what was asked and answered in one call, read from the attributes of its span."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import orjson

from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr


Json: TypeAlias = Any
"""A parsed JSON value."""

LARGEST: Final = 1 << 20
"""Characters of an attribute that is read. What is larger is not checked."""
MOST_TEXT: Final = 64_000
"""Characters of text that checks read of an answer, of a question or of instructions."""
_MOST_PARTS: Final = 2_000


class ToolCall:
    """A tool that the model asks for: its name, and its arguments parsed or, where they are no JSON, as text."""

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, arguments: Json) -> None:
        self.name = name
        self.arguments = arguments


class Exchange:
    """The texts of a call, each read when a check first asks for it."""

    def __init__(self, span: SpanRecord) -> None:
        self._attributes = span.attributes

    @cached_property
    def answer(self) -> str | None:
        """The text of the first choice; `None` when the span does not hold the answer."""
        return None if self._answered is None else _text(self._answered, "text")

    @cached_property
    def refusal(self) -> str:
        """The text of the parts of the answer that are marked as a refusal."""
        return _text(self._answered or (), "refusal")

    @cached_property
    def is_empty(self) -> bool:
        """Whether the answer has neither text nor anything else but reasoning."""
        return not any(part.get("type") != "reasoning" and _says(part) for part in self._answered or ())

    @cached_property
    def calls(self) -> list[ToolCall]:
        """Tools that the answer asks for."""
        return [
            ToolCall(str(part.get("name") or ""), part.get("arguments"))
            for part in self._answered or ()
            if part.get("type") == "tool_call"
        ]

    @cached_property
    def tools(self) -> dict[str, Json] | None:
        """Schemas of the tools that were offered, by name; `None` where the span does not hold them."""
        offered = read(self._attributes.get(attr.GEN_AI_TOOL_DEFINITIONS))
        if not isinstance(offered, list):
            return None
        return {str(tool.get("name")): tool.get("parameters") for tool in offered if isinstance(tool, Mapping)}

    @cached_property
    def schema(self) -> Json | None:
        """The schema that the answer was asked to follow; `None` where there is none or the span does not hold it."""
        return read(self._attributes.get(attr.SPANWISE_REQUEST_OUTPUT_SCHEMA))

    @cached_property
    def question(self) -> str:
        """The text of the last message of the user."""
        for message in reversed(self._asked):
            if message.get("role") == "user" and (text := _text(_parts(message), "text")):
                return text
        return ""

    @cached_property
    def instructions(self) -> str:
        """The text of the system's instructions, wherever the request has them."""
        apart = read(self._attributes.get(attr.GEN_AI_SYSTEM_INSTRUCTIONS))
        texts = [_text(_dicts(apart), "text")] if isinstance(apart, list) else []
        texts += [_text(_parts(one), "text") for one in self._asked if one.get("role") in ("system", "developer")]
        return "\n".join(text for text in texts if text)[:MOST_TEXT]

    @cached_property
    def turns(self) -> list[tuple[str, str]]:
        """The messages of the request but those of the system: role and text, what tools answered as text."""
        found: list[tuple[str, str]] = []
        for message in self._asked:
            role = str(message.get("role") or "user")
            text = "\n".join(text for part in _parts(message) for text in strings(part))[:MOST_TEXT]
            if text and role not in ("system", "developer"):
                found.append((role, text))
        return found

    @cached_property
    def results(self) -> list[str]:
        """What tools answered before, and documents that the request carries: a text for each."""
        found: list[str] = []
        for message in self._asked:
            for part in _parts(message):
                if part.get("type") == "tool_call_response":
                    # With the keys: an answer that repeats a result says them too.
                    result = part.get("response")
                    found.append(result if isinstance(result, str) else orjson.dumps(result).decode())
                elif part.get("type") in ("document", "search_result"):
                    found.append("\n".join(strings(part)))
        return found

    @cached_property
    def _answered(self) -> Sequence[Mapping[str, Json]] | None:
        messages = read(self._attributes.get(attr.GEN_AI_OUTPUT_MESSAGES))
        if not isinstance(messages, list) or not messages or not isinstance(messages[0], Mapping):
            return None
        return _parts(messages[0])

    @cached_property
    def _asked(self) -> list[Mapping[str, Json]]:
        messages = read(self._attributes.get(attr.GEN_AI_INPUT_MESSAGES))
        return _dicts(messages) if isinstance(messages, list) else []


def read(value: AttributeValue) -> Json | None:
    """The JSON of an attribute; `None` when it is absent, too large, or none."""
    if isinstance(value, str):
        if not value or len(value) > LARGEST:
            return None
        return parsed(value)
    return list(value) if isinstance(value, tuple) else value if isinstance(value, list | Mapping) else None


def parsed(text: str) -> Json | None:
    """The JSON in `text`; `None` when it is none. JSON's own `null` is `None` as well."""
    try:
        return orjson.loads(text)
    except ValueError:  # also a lone surrogate, which no JSON may hold
        return None


def strings(value: Json, depth: int = 0) -> list[str]:
    """The texts within a JSON value, without keys, ids and types; at most eight levels deep."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if depth >= 8:
        return []
    if isinstance(value, Mapping):
        inner = [item for key, item in value.items() if key not in ("id", "type", "role", "name")]
    else:
        inner = list(value) if isinstance(value, list | tuple) else []
    return [text for item in inner[:_MOST_PARTS] for text in strings(item, depth + 1)]


def _parts(message: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    parts = message.get("parts")
    return _dicts(parts) if isinstance(parts, list | tuple) else []


def _dicts(values: Sequence[Json]) -> list[Mapping[str, Json]]:
    return [value for value in values[:_MOST_PARTS] if isinstance(value, Mapping)]


def _text(parts: Sequence[Mapping[str, Json]], kind: str) -> str:
    return "\n".join(_contents(parts, kind))[:MOST_TEXT]


def _contents(parts: Sequence[Mapping[str, Json]], kind: str) -> Iterator[str]:
    for part in parts:
        content = part.get("content")
        if part.get("type") == kind and isinstance(content, str):
            yield content[:MOST_TEXT]


def _says(part: Mapping[str, Json]) -> bool:
    content = part.get("content")
    return bool(content.strip()) if isinstance(content, str) and part.get("type") == "text" else True
