"""Periods in buckets of time: what a budget adds up, and when it begins anew. All times are Unix seconds, in UTC."""

from __future__ import annotations

import calendar
import time
from typing import Final, Protocol


_HOUR_S: Final = 3600
DAY_S: Final = 86_400
STEP_S: Final = 60
"""How an hour slides: minute by minute."""


class Calendar(Protocol):
    """How one kind of period is cut into buckets.

    Attributes:
        step_s: Length of a bucket in seconds.
    """

    step_s: int

    def bucket(self, at_s: float) -> int:
        """The beginning of the bucket that `at_s` is in."""
        ...

    def first(self, now_s: float) -> int:
        """The beginning of the oldest bucket that counts at `now_s`."""
        ...

    def end(self, bucket: int) -> int:
        """When what was spent in `bucket` no longer counts."""
        ...


class Hour:
    """An hour that slides by minutes: the minute that runs and the 59 before it."""

    step_s = STEP_S

    def bucket(self, at_s: float) -> int:
        """The minute."""
        return int(at_s // STEP_S) * STEP_S

    def first(self, now_s: float) -> int:
        """The minute 59 minutes ago."""
        return self.bucket(now_s) - _HOUR_S + STEP_S

    def end(self, bucket: int) -> int:
        """An hour after the minute began."""
        return bucket + _HOUR_S


class Day:
    """A day from midnight to midnight."""

    step_s = DAY_S

    def bucket(self, at_s: float) -> int:
        """Midnight."""
        return int(at_s // DAY_S) * DAY_S

    def first(self, now_s: float) -> int:
        """Midnight."""
        return self.bucket(now_s)

    def end(self, bucket: int) -> int:
        """The next midnight."""
        return bucket + DAY_S


class Month:
    """A month of the calendar, day by day: the days are what a forecast looks back on."""

    step_s = DAY_S

    def __init__(self) -> None:
        self._known = (0, 0)

    def bucket(self, at_s: float) -> int:
        """Midnight."""
        return int(at_s // DAY_S) * DAY_S

    def first(self, now_s: float) -> int:
        """Midnight of the first day."""
        return self._around(now_s)[0]

    def end(self, bucket: int) -> int:
        """Midnight of the first day of the next month."""
        return self._around(bucket)[1]

    def _around(self, at_s: float) -> tuple[int, int]:
        start, end = self._known
        if not start <= at_s < end:
            year, month = time.gmtime(at_s)[:2]
            start = calendar.timegm((year, month, 1, 0, 0, 0))
            end = calendar.timegm((year + month // 12, month % 12 + 1, 1, 0, 0, 0))
            self._known = start, end
        return start, end


def calendar_of(period: str) -> Calendar:
    """The calendar of `hour`, `day` or `month`."""
    kinds: dict[str, type[Calendar]] = {"hour": Hour, "day": Day, "month": Month}
    return kinds[period]()
