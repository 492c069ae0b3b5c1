"""Reading single values of a row: the right thing, or a sentence about what was found."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, TypeAlias


Value: TypeAlias = Any
"""A value of JSON, or the text of a CSV cell."""

MAX_CELL: Final = 4_096
"""Characters of a text that is read; longer ones are refused."""

_MAX_AMOUNT: Final = Decimal(10) ** 9
_FINEST: Final = Decimal("1e-15")
"""Exports write up to 30 decimals; a quadrillionth leaves room for sums of billions in 28 digits without rounding."""
_MAX_COUNT: Final = 10**15
_NULLS: Final = frozenset({"", "null", "none", "n/a"})
_LONGEST_NULL: Final = 16
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,3})?")


class BadValue(ValueError):  # noqa: N818 - it names what was read
    """A value that cannot be used; the message says what was found and what is accepted."""


def blank(value: Value) -> bool:
    """Whether `value` says nothing: absent, empty, or one of the words exports write for that."""
    if not isinstance(value, str):
        return value is None
    return not value or (len(value) < _LONGEST_NULL and value.strip().lower() in _NULLS)


def text(value: Value, name: str) -> str | None:
    """`value` as text, `None` when it says nothing.

    Raises:
        BadValue: it is no text, or too long.
    """
    if blank(value):
        return None
    if not isinstance(value, str):
        raise BadValue(f"{name}: found {_shown(value)}; accepted is a text")
    if len(value) > MAX_CELL:
        raise BadValue(f"{name}: found {len(value):,} characters; accepted are {MAX_CELL:,}")
    return value.strip()


def amount(value: Value, name: str) -> Decimal | None:
    """`value` as an amount of money to 15 decimals; `None` when it says nothing.

    Raises:
        BadValue: it is no decimal number, or beyond reason.
    """
    if blank(value):
        return None
    found = _decimal(value, name)
    if abs(found) > _MAX_AMOUNT:
        raise BadValue(f"{name}: found {_shown(value)}; accepted are amounts up to {_MAX_AMOUNT:,}")
    return found.quantize(_FINEST).normalize() + 0


def count(value: Value, name: str) -> int | None:
    """`value` as a count, `None` when it says nothing; `10.0` is 10, because exports write counts as decimals.

    Raises:
        BadValue: it is no whole number of at least 0, or beyond reason.
    """
    if blank(value):
        return None
    found = _decimal(value, name)
    if found != found.to_integral_value() or not 0 <= found <= _MAX_COUNT:
        raise BadValue(f"{name}: found {_shown(value)}; accepted is a whole number of at least 0")
    return int(found)


def moment(value: Value, name: str) -> datetime:
    """`value` as a time in UTC: seconds since the epoch, or ISO 8601, which is UTC where it has no zone.

    Raises:
        BadValue: it is neither.
    """
    if not blank(value):
        try:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return datetime.fromtimestamp(value, UTC)
            return _written_moment(str(value))
        except (ValueError, OverflowError, OSError):
            pass
    raise BadValue(f"{name}: found {_shown(value)}; accepted is a time like 2026-11-24T00:00:00Z")


@lru_cache(maxsize=1024)
def _written_moment(text: str) -> datetime:
    """Exports repeat the same few times in every row."""
    written = text.strip()
    if written.isascii() and written.isdigit():
        return datetime.fromtimestamp(int(written), UTC)
    found = datetime.fromisoformat(written)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def day(value: Value, name: str) -> date:
    """The UTC day of a time.

    Raises:
        BadValue: `value` is no time.
    """
    return moment(value, name).date()


def is_longer_than_a_day(start: datetime, end: datetime) -> bool:
    """Whether a period cannot be told by days. Two hours more are allowed, because some clocks are put back."""
    return end - start > timedelta(hours=26)


def _decimal(value: Value, name: str) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(value)
    if isinstance(value, Decimal):
        value = str(value)
    written = value.strip().replace(",", "") if isinstance(value, str) else ""
    if not _NUMBER.fullmatch(written):
        raise BadValue(f"{name}: found {_shown(value)}; accepted is a number")
    try:
        return Decimal(written)
    except InvalidOperation:
        raise BadValue(f"{name}: found {_shown(value)}; accepted is a number") from None


def _shown(value: Value) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str | int | float):
        written = repr(value) if isinstance(value, str) else str(value)
        return written if len(written) <= 40 else f"{written[:37]}..."
    return f"a {type(value).__name__}"
