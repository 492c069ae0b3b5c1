"""Fields of the messages of OTLP/JSON, as strict writers and loose ones write them.

Names are lowerCamelCase or snake_case, enums are numbers or names, 64-bit integers are strings or numbers; `null`
means absent. Every function raises `Malformed` for what has another type.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeAlias


Json: TypeAlias = Any
"""What a JSON parser returns."""

Message: TypeAlias = Mapping[str, Json]
"""A message of OTLP: the fields that are present, by their names."""

_MAX_INT64: Final = 2**63 - 1


class Malformed(ValueError):  # noqa: N818 - it names what was read
    """A part of a document that cannot be read; the message is a fixed sentence."""


@cache
def snake(name: str) -> str:
    """`traceId` as `trace_id`. To be called with names of the protocol only, so the cache is bounded."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def field_of(message: Message, name: str) -> Json:
    """What stands under `name`, written either way; `None` for nothing."""
    found = message.get(name)
    return message.get(snake(name)) if found is None else found


def message_of(item: Json) -> Message:
    """`item`, which is to be a message."""
    if not isinstance(item, dict):
        raise Malformed("a message is not a JSON object")
    return item


def list_of(message: Message, name: str) -> list[Json]:
    """The list under `name`; an empty one for nothing."""
    found = field_of(message, name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Malformed(f"{name} is not a JSON array")
    return found


def text_of(message: Message, name: str) -> str:
    """The text under `name`; empty for nothing."""
    found = field_of(message, name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Malformed(f"{name} is not a string")
    return found


def enum_of(message: Message, name: str) -> object:
    """The name or the number of an enum under `name`; `None` for nothing and for what is neither."""
    found = field_of(message, name)
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def integer_of(item: Json) -> int:
    """A whole number within 64 bits, written as a number or a string."""
    if isinstance(item, str):
        item = int(item) if len(item) <= 20 and item.isascii() and item.removeprefix("-").isdigit() else None
    if isinstance(item, float):
        item = int(item) if item.is_integer() else None
    if not isinstance(item, int) or isinstance(item, bool) or not -_MAX_INT64 - 1 <= item <= _MAX_INT64:
        raise Malformed("an integer is not a whole number of 64 bits")
    return item


def double_of(item: Json) -> float:
    """A number, or its text: OTLP writes `NaN` and the infinities as strings."""
    if isinstance(item, bool) or not isinstance(item, str | int | float) or (isinstance(item, str) and len(item) > 40):
        raise Malformed("doubleValue is not a number")
    try:
        return float(item)
    except (ValueError, OverflowError):
        raise Malformed("doubleValue is not a number") from None


def boolean_of(item: Json) -> bool:
    """True or false."""
    if not isinstance(item, bool):
        raise Malformed("boolValue is not true or false")
    return item


def string_of(item: Json) -> str:
    """Text."""
    if not isinstance(item, str):
        raise Malformed("stringValue is not a string")
    return item
