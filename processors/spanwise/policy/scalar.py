"""Numbers and days as a policy writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.policy.form import Form


if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


LONGEST_NUMBER: Final = 64

DECIMAL: Final = Form(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,8})?", "a decimal number")
DAY: Final = Form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day as in 2026-01-31")
DAYS: Final = Form(r"[1-9][0-9]{0,3}d", "whole days as in 30d")


def decimal_of(value: object) -> Decimal | None:
    """The exact number that `value` is or spells; `None` for what is none, or has an absurd exponent."""
    from decimal import Decimal

    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER * 4:
        return None
    text = str(value)
    if len(text) > LONGEST_NUMBER or not DECIMAL.matches(text):
        return None
    number = Decimal(text)
    # An exponent of a million would make a later sum run out of memory.
    return number if abs(number.adjusted()) < LONGEST_NUMBER else None


def day_of(value: object) -> date | None:
    """The day that `value` is or spells as in 2026-01-31; `None` for what is none."""
    from datetime import date, datetime

    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not DAY.matches(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
