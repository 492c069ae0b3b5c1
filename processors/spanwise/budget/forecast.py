"""What a period will have spent when it ends, and how that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from spanwise.budget.period import DAY_S
from spanwise.budget.sums import Sums


LEAST_DAYS: Final = 14
"""Whole days of the past that a profile of the week needs: each day of it twice."""

_LEAST_ELAPSED: Final = 0.02
_LEAST_SAMPLE: Final = 3
_WIDTH: Final = 2.0
"""Standard deviations on each side: about 95 of 100 periods, if days are independent of each other."""

ELAPSED: Final = "elapsed share"
WEEKDAYS: Final = "weekdays"
SLIDING: Final = "last hour"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a period will have spent when it ends, if it goes on as it did.

    Attributes:
        method: `elapsed share`: the pace of this period so far; `weekdays`: the same days of earlier weeks; `last
            hour`: what was spent in it, for an hour that slides and never ends.
        usd: US dollars, without calls that have no price.
        calls: Calls.
        tokens: Tokens.
        low_usd: Where 95 of 100 periods lie above; `None` when too few days are known to tell.
        high_usd: Where 95 of 100 lie below.
        exceeded_at_s: When the limit is reached, in Unix seconds; `None` when it is not within the period.
    """

    method: str
    usd: float
    calls: float
    tokens: float
    low_usd: float | None
    high_usd: float | None
    exceeded_at_s: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A period that runs.

    Attributes:
        per: `hour`, `day` or `month`.
        since_s: When it began, in Unix seconds.
        until_s: When it ends.
        now_s: The time now.
        limit_usd: What may be spent.
        spent: What is.
        days: What was spent on each day before today, by midnight; earlier periods included.
    """

    per: str
    since_s: int
    until_s: int
    now_s: float
    limit_usd: float
    spent: Sums
    days: Mapping[int, Sums]


def forecast(progress: Progress) -> Forecast | None:
    """The forecast of a period; `None` while too little of it has passed to tell."""
    spent = float(progress.spent.usd)
    if progress.per == "hour":
        at_s = int(progress.now_s) if spent >= progress.limit_usd else None
        return Forecast(SLIDING, spent, progress.spent.calls, progress.spent.tokens, None, None, at_s)
    past = {day: sums for day, sums in progress.days.items() if day < _day(progress.now_s)}
    if past and (_day(progress.now_s) - min(past)) // DAY_S >= LEAST_DAYS:
        return _by_weekday(progress, past)
    return _by_share(progress, past)


def _by_share(progress: Progress, past: Mapping[int, Sums]) -> Forecast | None:
    share = (progress.now_s - progress.since_s) / (progress.until_s - progress.since_s)
    if share < _LEAST_ELAPSED:
        return None
    spent = float(progress.spent.usd)
    of_period = [float(sums.usd) for day, sums in past.items() if day >= progress.since_s]
    left_days = (progress.until_s - progress.now_s) / DAY_S
    spread = _spread(of_period) * math.sqrt(left_days) if len(of_period) >= _LEAST_SAMPLE else None
    rest = spent / share - spent
    return _made(ELAPSED, progress, rest, (progress.spent.calls / share, progress.spent.tokens / share), spread)


def _by_weekday(progress: Progress, past: Mapping[int, Sums]) -> Forecast:
    """Each day that is left costs what its day of the week did on average; of today, what is left of it.

    Days within what is known on which nothing was spent count as such.
    """
    known = [past.get(day, Sums()) for day in range(min(past), _day(progress.now_s), DAY_S)]
    first = min(past) // DAY_S
    weeks = [[sums for number, sums in enumerate(known) if (first + number) % 7 == weekday] for weekday in range(7)]
    means = [tuple(sum(_values(each)[i] for each in week) / len(week) for i in range(3)) for week in weeks]
    apart = [float(sums.usd) - means[(first + number) % 7][0] for number, sums in enumerate(known)]
    rest = [0.0, 0.0, 0.0]
    weight = 0.0
    at_s = progress.now_s
    while at_s < progress.until_s:
        end_s = min(_day(at_s) + DAY_S, progress.until_s)
        part = (end_s - at_s) / DAY_S
        for i, mean in enumerate(means[_day(at_s) // DAY_S % 7]):
            rest[i] += part * mean
        weight += part
        at_s = end_s
    totals = progress.spent.calls + rest[1], progress.spent.tokens + rest[2]
    return _made(WEEKDAYS, progress, rest[0], totals, _spread(apart) * math.sqrt(weight))


def _made(method: str, progress: Progress, rest: float, totals: tuple[float, float], spread: float | None) -> Forecast:
    spent = float(progress.spent.usd)
    usd = spent + rest
    exceeded_at_s: int | None = None
    if spent >= progress.limit_usd:
        exceeded_at_s = int(progress.now_s)
    elif usd > progress.limit_usd:
        exceeded_at_s = int(progress.now_s + (progress.until_s - progress.now_s) * (progress.limit_usd - spent) / rest)
    low = None if spread is None else max(spent, usd - _WIDTH * spread)
    high = None if spread is None else usd + _WIDTH * spread
    return Forecast(method, usd, *totals, low, high, exceeded_at_s)


def _values(sums: Sums) -> tuple[float, float, float]:
    return float(sums.usd), float(sums.calls), float(sums.tokens)


def _spread(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / max(len(values) - 1, 1))


def _day(at_s: float) -> int:
    return int(at_s // DAY_S) * DAY_S
