"""Query results as JSON."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date
from decimal import Decimal
from secrets import token_hex
from typing import TypeAlias


Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def json_document(value: object, *, indent: int | None = 2) -> str:
    """`value` (dataclasses, lists, decimals, times) as JSON in ASCII, on one line where `indent` is `None`.

    Money becomes a number with exactly the digits that it has, without an exponent: 0.00001, not 1e-05. A reader that
    keeps decimals gets them all: `json.loads(text, parse_float=Decimal)`. Times are ISO 8601 in UTC. Everything outside
    ASCII is escaped, so that no stored text can act on a terminal.

    Raises:
        TypeError: `value` holds something that is none of these.
        ValueError: a number is none, or infinite.
    """
    # The encoder knows no decimals: they travel as texts that begin with what no stored text can begin with.
    mark = token_hex(16)
    text = json.dumps(_plain(value, mark), indent=indent, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")
    return re.sub(f'"{mark}([^"]*)"', r"\1", text)


def digits(value: Decimal) -> str:
    """`value` as a number of JSON: every digit, no exponent, no zeros at the end but that of a whole number.

    Raises:
        ValueError: it is no number, or infinite.
    """
    if not value.is_finite():
        raise ValueError("a decimal that is no finite number has no JSON form")
    whole, _, fraction = f"{value:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def _plain(value: object, mark: str) -> Json:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name), mark) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item, mark) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, mark) for item in value]
    if isinstance(value, Decimal):
        return mark + digits(value)
    if isinstance(value, date):  # a time is one, too
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form here")
