"""Values of other suites in the types of the convention: numbers from text, lists from scalars."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import orjson

from spanwise.record import AttributeValue


Coerce: TypeAlias = Callable[[AttributeValue], AttributeValue]
"""A value as its target wants it; `None` when it cannot be that."""

MAX_LIST: Final = 128
"""Entries a list attribute keeps."""

_MAX_DIGITS: Final = 18
_MAX_NUMBER_TEXT: Final = 32
_INT64: Final = 1 << 63
_TRUTH: Final = {"true": True, "false": False}


def to_int(value: AttributeValue) -> int | None:
    """A whole number: an int, a float without a fraction, or digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        return int(text) if len(text) <= _MAX_DIGITS and text.isascii() and text.isdigit() else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and -_INT64 <= value < _INT64 else None


def to_float(value: AttributeValue) -> float | None:
    """A finite number, from text too."""
    if isinstance(value, str):
        try:
            value = float(value) if len(value) <= _MAX_NUMBER_TEXT else None
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def to_bool(value: AttributeValue) -> bool | None:
    """A truth value, from the words as well."""
    return value if isinstance(value, bool) else _TRUTH.get(value.lower()) if isinstance(value, str) else None


def to_text(value: AttributeValue) -> str | None:
    """A non-empty text; numbers are written out, because ids are numbers in some suites."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def to_texts(value: AttributeValue) -> list[str] | None:
    """A list of texts: a list, a JSON array, or one text."""
    if isinstance(value, str):
        value = _array(value) if value[:1] == "[" else [value]
    if not isinstance(value, list | tuple):
        return None
    return [item for item in value[:MAX_LIST] if isinstance(item, str) and item] or None


def _array(text: str) -> AttributeValue:
    try:
        found: AttributeValue = orjson.loads(text)
    except ValueError:
        return [text]
    return found


_BY_TYPE: Final[dict[str, Coerce]] = {
    "int": to_int,
    "double": to_float,
    "boolean": to_bool,
    "string": to_text,
    "enum": to_text,
    "string[]": to_texts,
}


def coerce(kind: str, values: Mapping[str, str] | None = None, scale: float | None = None) -> Coerce:
    """What turns a value into the type `kind`, through a table of `values` or times `scale` on the way.

    Raises:
        KeyError: `kind` is not a type that attributes are moved to.
    """
    convert = _BY_TYPE[kind]
    if scale is not None:
        factor = scale
        return lambda value: None if (number := to_float(value)) is None else convert(number * factor)
    if values is None:
        return convert
    table = values
    if kind == "string[]":
        return lambda value: None if (texts := to_texts(value)) is None else [table.get(text, text) for text in texts]
    return lambda value: None if (text := to_text(value)) is None else table.get(text, text)
