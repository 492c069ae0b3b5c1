"""Sums as JSON: how a collector tells processes what all of them have spent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

import orjson

from spanwise.budget.account import Entry
from spanwise.budget.sums import Sums


Json: TypeAlias = Any
"""A document that came over a network: anything that JSON can say."""

PATH: Final = "/v1/budgets"
"""Where a collector serves it."""

MOST_BYTES: Final = 16 * 1024 * 1024
"""A larger document is not read."""

_MOST_ENTRIES: Final = 1_000_000
_MOST_USD: Final = 10**15


class SumsError(ValueError):
    """A document that is none of sums."""


def written(entries: Iterable[Entry], at_s: float) -> bytes:
    """The document of `entries`, as of `at_s` in Unix seconds."""
    sums = [
        {
            "budget": entry.budget,
            "key": entry.key,
            "bucket": entry.bucket,
            "usd": str(entry.sums.usd),
            "estimated_usd": str(entry.sums.estimated_usd),
            "calls": entry.sums.calls,
            "unpriced": entry.sums.unpriced,
            "tokens": entry.sums.tokens,
        }
        for entry in entries
    ]
    return orjson.dumps({"at_unix_s": at_s, "sums": sums})


def read(content: bytes) -> list[Entry]:
    """The entries of a document.

    Raises:
        SumsError: it is none.
    """
    try:
        document: Json = orjson.loads(content)
        return [_entry(each) for each in document["sums"][:_MOST_ENTRIES]]
    except (ValueError, TypeError, KeyError, InvalidOperation) as error:
        raise SumsError(type(error).__name__) from None


def _entry(said: Json) -> Entry:
    amounts = Decimal(said["usd"]), Decimal(said["estimated_usd"])
    if not all(amount.is_finite() and 0 <= amount < _MOST_USD for amount in amounts):
        raise ValueError
    counts = [int(said[name]) for name in ("calls", "unpriced", "tokens")]
    return Entry(str(said["budget"]), tuple(map(str, said["key"])), int(said["bucket"]), Sums(*amounts, *counts))
