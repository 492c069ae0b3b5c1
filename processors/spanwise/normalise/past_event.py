"""Messages that older conventions wrote as events of a span."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from spanwise.normalise.document import parse
from spanwise.record import Event
from spanwise.semconv import attributes as attr


Json: TypeAlias = Any
"""A parsed JSON value of somebody else's span."""

MAX_EVENTS: Final = 1_000
"""Events read of one span."""

_ROLES: Final = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
_CHOICE: Final = "gen_ai.choice"
_WHOLE: Final = {
    "input": ("gen_ai.content.prompt", "gen_ai.prompt"),
    "output": ("gen_ai.content.completion", "gen_ai.completion"),
}
_DETAILS: Final = "gen_ai.client.inference.operation.details"


def past_messages(events: list[Event], direction: str) -> Json:
    """The messages that the events of one span say were sent (`input`) or answered (`output`); `None` without any.

    In the order of the events, which is that of their times; choices in the order of their index.
    """
    found: list[Json] = []
    for event in events[:MAX_EVENTS]:
        found += _of(event, direction)
    if direction == "output":
        found.sort(key=lambda message: message.pop("_index", 0) if isinstance(message, dict) else 0)
    return found or None


def _of(event: Event, direction: str) -> Iterator[Json]:
    name = event.attributes.get("event.name") if event.name == "" else event.name
    name = name if isinstance(name, str) else ""
    whole = _WHOLE[direction]
    if name == whole[0] and whole[1] in event.attributes:
        yield from _listed(parse(event.attributes[whole[1]]))
    elif name == _DETAILS:
        key = attr.GEN_AI_INPUT_MESSAGES if direction == "input" else attr.GEN_AI_OUTPUT_MESSAGES
        yield from _listed(parse(event.attributes.get(key)))
    elif direction == "input" and name in _ROLES:
        yield {"role": _ROLES[name], **_body(event.attributes)}
    elif direction == "output" and name == _CHOICE:
        yield _choice(_body(event.attributes))


def _body(attributes: Mapping[str, Json]) -> dict[str, Json]:
    """The body of an event: its attributes, or the JSON some suites put all of it in."""
    content = parse(attributes.get("gen_ai.event.content"))
    if isinstance(content, Mapping):
        return dict(content)
    keys = ("role", "content", "tool_calls", "id", "index", "finish_reason", "message", "name")
    found = {key: parse(attributes[key]) for key in keys if key in attributes}
    if "tool.result" in attributes and "content" not in found:
        found["content"] = attributes["tool.result"]
    return found


def _choice(body: dict[str, Json]) -> Json:
    message = parse(body.get("message"))
    index = body.get("index")
    found: dict[str, Json] = {"role": "assistant"}
    if isinstance(message, Mapping):
        found |= message
    elif message is not None:
        found["content"] = message
    else:
        found |= {key: body[key] for key in ("role", "content", "tool_calls") if key in body}
    if "tool_calls" in body and "tool_calls" not in found:
        found["tool_calls"] = body["tool_calls"]
    return {**found, "_index": index if isinstance(index, int) else 0}


def _listed(value: Json) -> list[Json]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
