"""`Quiet`: when tickets wait. Pages never do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Reader
from spanwise.policy.problem import guess


WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SPAN: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]|24):([0-5][0-9])")
_MOST_SPANS: Final = 20
_END_OF_DAY: Final = "24:00"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nobody hears of a ticket; what still fires afterwards is told then.

    Attributes:
        weekdays: Days that are quiet as a whole.
        times: Hours that are quiet on every day, as `22:00-07:00`; one that ends before it begins runs over midnight.
        location: Time zone by its IANA name.
    """

    weekdays: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    location: str = "UTC"

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings under `alerts.quiet`; complaints go to `reader`. `None` when they are never quiet."""
        weekdays = reader.texts("weekdays")
        for index, day in enumerate(weekdays):
            if day not in WEEKDAYS:
                known = ", ".join(WEEKDAYS)
                reader.complain("weekdays", f"item {index}: found {day!r}; accepted: {known}.{guess(day, WEEKDAYS)}")
        times = reader.texts("times")
        if any(spans(span) == () for span in times) or len(times) > _MOST_SPANS:
            reader.complain("times", f'accepted: up to {_MOST_SPANS} spans of hours, each in quotes: "22:00-07:00".')
            times = ()
        location = reader.text("location", "UTC", longest=64)
        if not _is_zone(location):
            reader.complain("location", f"found {location!r}; accepted: an IANA time zone as Europe/Berlin, or UTC.")
        reader.finish()
        days = tuple(day for day in WEEKDAYS if day in weekdays)
        return cls(days, times, location) if days or times else None

    def hours(self) -> tuple[tuple[str, str], ...]:
        """The spans of `times` as (from, to) within one day: one that runs over midnight becomes two."""
        return tuple(part for span in self.times for part in spans(span))


def spans(text: str) -> tuple[tuple[str, str], ...]:
    """`22:00-07:00` as (from, to) within one day; empty when it is no span of hours."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return ()
    start, end = text.split("-")
    if start == end or end > _END_OF_DAY:
        return ()
    if start < end:
        return ((start, end),)
    return ((start, _END_OF_DAY), ("00:00", end)) if end != "00:00" else ((start, _END_OF_DAY),)


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
