"""`Quiet`: when tickets wait. Pages never do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Form, Reader


WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SPAN: Final = Form(
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)",
    'a span of hours in quotes, as "22:00-07:00"',
)
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
        weekdays = reader.texts(
            "weekdays", accepted=WEEKDAYS, called="a day of the week", about="Days that are quiet as a whole."
        )
        times = reader.texts(
            "times",
            form=_SPAN,
            most=_MOST_SPANS,
            about="Hours that are quiet on every day; a span that ends before it begins runs over midnight.",
        )
        for index, span in enumerate(times):
            if not spans(span):
                reader.complain("times", f"found {span!r}, which is no time at all; {_SPAN.wanted}.", item=index)
        location = reader.text("location", "UTC", longest=64, about="Time zone of these hours, by its IANA name.")
        if not _is_zone(location):
            reader.complain("location", f"found {location!r}; accepted: an IANA time zone as Europe/Berlin, or UTC.")
        reader.finish()
        days = tuple(day for day in WEEKDAYS if day in weekdays)
        return cls(days, times, location) if days or times else None

    def is_now(self, now_s: float) -> bool:
        """Whether tickets wait at `now_s`, seconds since 1970."""
        from datetime import UTC, datetime
        from zoneinfo import ZoneInfo

        local = datetime.fromtimestamp(now_s, UTC).astimezone(ZoneInfo(self.location))
        clock = local.strftime("%H:%M")
        return WEEKDAYS[local.weekday()] in self.weekdays or any(start <= clock < end for start, end in self.hours())

    def hours(self) -> tuple[tuple[str, str], ...]:
        """The spans of `times` as (from, to) within one day: one that runs over midnight becomes two."""
        return tuple(part for span in self.times for part in spans(span))


def spans(text: str) -> tuple[tuple[str, str], ...]:
    """`22:00-07:00` as (from, to) within one day; empty when it is no span of hours."""
    if not _SPAN.matches(text):
        return ()
    start, end = text.split("-")
    if start == end:
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
