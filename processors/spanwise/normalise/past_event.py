"""Messages that older conventions wrote as events of a span."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from spanwise.normalise.document import parse
from spanwise.record import Event
from spanwise.semconv import attributes as attr
from spanwise.semconv import events
from spanwise.semconv import flavour as flavours


Json: TypeAlias = Any
"""A parsed JSON value of somebody else's span."""

MAX_EVENTS: Final = 1_000
"""Events read of one span."""

_ROLES: Final = {name: role for role, name in flavours.MESSAGE_EVENTS.items()}
_WHOLE: Final = {"input": flavours.PROMPT_EVENT, "output": flavours.COMPLETION_EVENT}
_NAME: Final = "event.name"  # where the name of an event stands that has none of its own
_RESULT: Final = "tool.result"  # where Strands puts what a tool answered


def past_messages(happened: list[Event], direction: str) -> Json:
    """The messages that the events of one span say were sent (`input`) or answered (`output`); `None` without any.

    In the order of the events, which is that of their times; choices in the order of their index.
    """
    found: list[Json] = []
    for event in happened[:MAX_EVENTS]:
        found += _of(event, direction)
    if direction == "output":
        found.sort(key=lambda message: message.pop("_index", 0) if isinstance(message, dict) else 0)
    return found or None


def _of(event: Event, direction: str) -> Iterator[Json]:
    name = event.attributes.get(_NAME) if event.name == "" else event.name
    name = name if isinstance(name, str) else ""
    whole = _WHOLE[direction]
    if name == whole[0] and whole[1] in event.attributes:
        yield from _listed(parse(event.attributes[whole[1]]))
    elif name == events.GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS:
        key = attr.GEN_AI_INPUT_MESSAGES if direction == "input" else attr.GEN_AI_OUTPUT_MESSAGES
        yield from _listed(parse(event.attributes.get(key)))
    elif direction == "input" and name in _ROLES:
        yield {"role": _ROLES[name], **_body(event.attributes)}
    elif direction == "output" and name == flavours.CHOICE_EVENT:
        yield _choice(_body(event.attributes))


def _body(attributes: Mapping[str, Json]) -> dict[str, Json]:
    """The body of an event: its attributes, or the JSON some suites put all of it in."""
    content = parse(attributes.get(flavours.EVENT_CONTENT))
    if isinstance(content, Mapping):
        return dict(content)
    keys = ("role", "content", "tool_calls", "id", "index", "finish_reason", "message", "name")
    found = {key: parse(attributes[key]) for key in keys if key in attributes}
    if _RESULT in attributes and "content" not in found:
        found["content"] = attributes[_RESULT]
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
