"""Reading fields of JSON from outside: the right type, or nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from spanwise.instrument.codec.codec import Attributes, Json


Value: TypeAlias = Any
"""One JSON value of a provider."""

EMPTY: Json = {}


def mapping(value: Value) -> Json:
    """`value` when it is an object, else an empty one."""
    return value if type(value) is dict or isinstance(value, Mapping) else EMPTY


def items(value: Value) -> Sequence[Value]:
    """`value` when it is an array, else an empty one."""
    return value if isinstance(value, list | tuple) else ()


def text(value: Value) -> str | None:
    """`value` when it is a non-empty string."""
    return value if isinstance(value, str) and value else None


def count(value: Value) -> int | None:
    """`value` when it is a whole number of at least 0."""
    if value is None:
        return None
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < 1 << 62 else None


def number(value: Value) -> float | None:
    """`value` as a finite float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def put(attributes: Attributes, name: str, value: str | float | list[str] | None) -> None:
    """Set the attribute unless the value is `None`."""
    if value is not None:
        attributes[name] = value


def dump(value: Value) -> str:
    """`value` as JSON text. What JSON cannot say becomes its type's name; lone surrogates are escaped."""
    try:
        return orjson.dumps(value, default=_other, option=orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError):
        return json.dumps(value, default=_other, skipkeys=True)


def parse(value: Value) -> Value:
    """JSON text as its value where it is an object or array, anything else as it stands."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return orjson.loads(value)
        except ValueError:
            return value
    return value


def _other(value: object) -> Value:
    model_dump = getattr(value, "model_dump", None)
    if callable(model_dump):
        return model_dump(mode="json")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes | bytearray):
        return list(value)
    return f"<{type(value).__name__}>"
