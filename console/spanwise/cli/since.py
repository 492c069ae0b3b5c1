"""Reading a point in time from the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final


_UNITS_S: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

_SPAN: Final = re.compile(r"(\d{1,6})([smhdw])")


def moment(text: str, now: datetime | None = None) -> datetime:
    """What `text` means: a time ago (`30m`, `24h`, `7d`) or a date or time in ISO 8601 (local where it has no zone).

    Raises:
        ValueError: it is neither; the message says what is accepted.
    """
    if found := _SPAN.fullmatch(text.strip()):
        age = timedelta(seconds=int(found[1]) * _UNITS_S[found[2]])
        try:
            return (now or datetime.now(UTC)) - age
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is neither an age like 30m, 24h or 7d nor a date like 2026-11-24") from None
