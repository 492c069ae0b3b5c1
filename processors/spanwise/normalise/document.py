"""JSON inside attributes: parsed within bounds, read by path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import orjson

from spanwise.record import AttributeValue


Json: TypeAlias = Any
"""A parsed JSON value of somebody else's span."""

MAX_TEXT: Final = 4 << 20
"""Characters of JSON text that are parsed; longer text stays text. 4 MiB take about 10 ms."""


def parse(value: AttributeValue) -> Json:
    """The JSON value in `value`: parsed where it is text of an object or array, `value` itself otherwise."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return orjson.loads(value)
    except ValueError:
        return value


def at(value: Json, path: Sequence[str]) -> Json:
    """What stands in `value` at `path`, of keys and of places in arrays; `None` where nothing does."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def total(value: Mapping[str, Json], paths: Sequence[Sequence[str]]) -> int | None:
    """The sum of the counts in `value` at `paths`; `None` when none of them is there."""
    found = [
        count
        for path in paths
        if isinstance(count := at(value, path), int | float)
        and not isinstance(count, bool)
        and 0 <= count < 1 << 53
        and count == int(count)
    ]
    return int(sum(found)) if found else None
