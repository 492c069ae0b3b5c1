"""The slots that counts, prices and amounts are kept in, and how an amount is multiplied."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.deploy.collector.ottl.expression import put, slot
from spanwise.deploy.collector.ottl.price_row import COLUMNS


PARTS: Final = ("input", "cache_read", "cache_write", "output", "other")
"""What an amount is the sum of; each has a slot with `a_` before it."""

_SHORT: Final = {
    "input_tokens": "in",
    "output_tokens": "out",
    "cache_read_tokens": "cr",
    "cache_write_tokens": "cw",
    "cache_write_1h_tokens": "ch",
    "output_reasoning_tokens": "rs",
    "web_searches": "ws",
    "storage_searches": "fs",
    "requests": "rq",
}
"""Slots of counts; those of prices have a `p` before them."""


def count(usage: str) -> str:
    """The slot of a count."""
    return slot(_SHORT[usage])


def price_slot(key: str) -> str:
    """The slot of the price with this key of the book."""
    return slot("p" + next(_SHORT[column.usage] for column in COLUMNS if column.price == key))


def multiplied(path: str, factor: Decimal, *where: str) -> str:
    """The statement that multiplies units by `factor`, rounding down below a unit, without overflow on the way."""
    numerator, denominator = factor.as_integer_ratio()
    rest = f"({path} - {path} / {denominator} * {denominator}) * {numerator} / {denominator}"
    return put(path, f"{path} / {denominator} * {numerator} + {rest}", *where)
