"""Query results as JSON."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from decimal import Decimal
from typing import TypeAlias


Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def json_document(value: object) -> str:
    """`value` (dataclasses, lists, decimals, times) as indented JSON in ASCII.

    Money becomes a number, times ISO 8601 in UTC. Everything outside ASCII is escaped, so that no stored text can act
    on a terminal.

    Raises:
        TypeError: `value` holds something that is none of these.
    """
    return json.dumps(_plain(value), indent=2, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")


def _plain(value: object) -> Json:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):  # a time is one, too
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form here")
