"""Answers as JSON."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import orjson

from spanwise.store.document import utf8


def document(value: object) -> bytes:
    """`value` as JSON. Money becomes a number here and nowhere earlier; dates are ISO 8601.

    Raises:
        TypeError: `value` holds something that has no JSON form.
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS)


def short(text: str | None, most: int) -> str | None:
    """`text` cut to `most` characters, with three dots where it was longer."""
    if text is None or len(text) <= most:
        return text
    return utf8(text[: most - 1]) + "…"


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
