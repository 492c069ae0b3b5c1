"""`Flavouring`: a span in the names, words and events of an older convention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import orjson

from spanwise.record import AttributeValue, Event, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour as flavours
from spanwise.semconv import values


Json: TypeAlias = Any
"""A parsed message of the span."""

MAX_MESSAGES: Final = 1_000
"""Messages that become events."""

_OPERATION: Final = attr.GEN_AI_OPERATION_NAME


class Flavouring:
    """A step, the last one: rewrites GenAI spans in the flavour `name`; other spans, and `current`, stay as they are.

    Idempotent. Without messages about 2 us a span.

    Raises:
        KeyError: there is no flavour `name`.
    """

    def __init__(self, name: str) -> None:
        self._flavour = flavours.ALL[name]

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span` as the flavour wants it."""
        flavour = self._flavour
        if flavour is flavours.CURRENT or _OPERATION not in span.attributes:
            return span
        if flavour.events:
            _move_messages(span, flavour)
        attributes = span.attributes
        for name, words in flavour.words.items():
            if name in attributes:
                attributes[name] = _word(attributes[name], words)
        for name, past in flavour.attributes.items():
            if name in attributes:
                attributes.setdefault(past, attributes[name])
                del attributes[name]
        if span.scope.schema_url != flavour.schema_url:
            span.scope = replace(span.scope, schema_url=flavour.schema_url)
        return span


def _word(value: AttributeValue, words: Mapping[str, str]) -> AttributeValue:
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, list | tuple):
        return [words.get(item, item) if isinstance(item, str) else item for item in value]
    return value


def _move_messages(span: SpanRecord, flavour: flavours.Flavour) -> None:
    """Turn message attributes into the events that older conventions had. What cannot be read as messages stays."""
    provider = span.text(attr.GEN_AI_PROVIDER_NAME) or span.text(flavours.SYSTEM)
    words = flavour.words.get(attr.GEN_AI_PROVIDER_NAME, {})
    about: dict[str, AttributeValue] = {flavours.SYSTEM: words.get(provider, provider)} if provider else {}
    told = span.attributes.get(attr.GEN_AI_SYSTEM_INSTRUCTIONS)
    instructions = _listed(told)
    asked = _listed(span.attributes.get(attr.GEN_AI_INPUT_MESSAGES))
    answered = _listed(span.attributes.get(attr.GEN_AI_OUTPUT_MESSAGES))
    before: list[Event] = []
    if instructions is not None:
        body = {"content": _text(instructions)}
        before.append(Event(flavours.MESSAGE_EVENTS["system"], span.start_unix_nano, {**about, **body}))
        del span.attributes[attr.GEN_AI_SYSTEM_INSTRUCTIONS]
    if asked is not None:
        before += [
            Event(_event_of(message), span.start_unix_nano, {**about, **body})
            for message in asked
            for body in _bodies(message)
        ]
        del span.attributes[attr.GEN_AI_INPUT_MESSAGES]
    span.events[:0] = before
    if answered is not None:
        reasons = span.attributes.get(attr.GEN_AI_RESPONSE_FINISH_REASONS)
        span.events += _choices(answered, reasons if isinstance(reasons, list) else [], span.end_unix_nano, about)
        del span.attributes[attr.GEN_AI_OUTPUT_MESSAGES]


def _event_of(message: Json) -> str:
    """The event of a message that was asked; roles without one of their own are a user's."""
    return flavours.MESSAGE_EVENTS.get(str(message.get("role")), flavours.MESSAGE_EVENTS["user"])


def _choices(
    answered: Sequence[Json], reasons: Sequence[AttributeValue], at_unix_nano: int, about: dict[str, AttributeValue]
) -> Iterator[Event]:
    for index, message in enumerate(answered):
        reason = reasons[index] if index < len(reasons) else values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR
        for body in _bodies(message):
            choice: dict[str, AttributeValue] = {
                "index": index,
                "finish_reason": reason,
                "message": orjson.dumps(body).decode(),
            }
            yield Event(flavours.CHOICE_EVENT, at_unix_nano, {**about, **choice})


def _bodies(message: Json) -> Iterator[dict[str, AttributeValue]]:
    """The older bodies of one message: tool results stand in one each."""
    parts = [part for part in message.get("parts") or () if isinstance(part, dict)]
    results = [part for part in parts if part.get("type") == "tool_call_response"]
    for part in results:
        yield {"id": str(part.get("id") or ""), "content": _plain(part.get("response"))}
    body: dict[str, AttributeValue] = {}
    rest = [part for part in parts if part.get("type") not in ("tool_call", "tool_call_response")]
    if rest:
        body["content"] = _text(rest)
    if calls := [_call(part) for part in parts if part.get("type") == "tool_call"]:
        body["tool_calls"] = orjson.dumps(calls).decode()
    if body or not results:
        yield body


def _call(part: Json) -> Json:
    function = {"name": part.get("name"), "arguments": _plain(part.get("arguments"))}
    return {"id": part.get("id"), "type": "function", "function": function}


def _text(parts: Sequence[Json]) -> str:
    """The text of `parts` where they are all text, their JSON otherwise."""
    if all(isinstance(part, dict) and part.get("type") == "text" for part in parts):
        return "\n".join(str(part.get("content", "")) for part in parts)
    return orjson.dumps(list(parts)).decode()


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else orjson.dumps(value).decode()


def _listed(value: AttributeValue) -> list[Json] | None:
    """The messages or parts in a content attribute; `None` where it holds none that can be read."""
    found: Json = value
    if isinstance(value, str):
        try:
            found = orjson.loads(value)
        except ValueError:
            return None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        return None
    return found[:MAX_MESSAGES]
