"""Usage that the two sides count to neighbouring days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from spanwise.reconcile.gap import Gap
from spanwise.reconcile.part import Part, Reason


_MOVABLE: Final = (Reason.NOT_SEEN, Reason.NOT_BILLED, Reason.UNDETERMINED)
_ONE_DAY: Final = timedelta(days=1)


def with_day_edges(gaps: Sequence[Gap]) -> list[Gap]:
    """`gaps` in which usage that is missing on one day and too much on the next is told as that.

    A call that starts before midnight and ends after it, or a clock that is off, is billed a day apart. What is moved
    leaves one day and enters the other with the opposite sign, so that every sum stays as it was.
    """
    found = list(gaps)
    places: dict[str, dict[date, int]] = defaultdict(dict)
    for place, gap in enumerate(found):
        places[gap.key[1]][gap.key[0]] = place
    for days in places.values():
        for day in sorted(days):
            after = days.get(day + _ONE_DAY)
            if after is not None:
                _move(found, days[day], after)
    return found


def _move(gaps: list[Gap], here: int, there: int) -> None:
    first, second = _movable(gaps[here]), _movable(gaps[there])
    if first * second >= 0:
        return
    moved = min(abs(first), abs(second)) * (1 if first > 0 else -1)
    gaps[here] = _without(gaps[here], moved)
    gaps[there] = _without(gaps[there], -moved)


def _movable(gap: Gap) -> Decimal:
    return sum((part.amount for part in gap.parts if part.reason in _MOVABLE), Decimal(0))


def _without(gap: Gap, moved: Decimal) -> Gap:
    """`gap` with `moved` of its missing usage told as a day's edge."""
    left = moved
    parts: list[Part] = []
    for part in gap.parts:
        taken = Decimal(0)
        if part.reason in _MOVABLE and part.amount * left > 0:
            taken = min(abs(part.amount), abs(left)) * (1 if left > 0 else -1)
            left -= taken
        if taken != part.amount:
            parts.append(part if not taken else replace(part, amount=part.amount - taken))
    return replace(gap, parts=(*parts, Part(Reason.DAY_EDGE, *gap.key, moved - left)))
