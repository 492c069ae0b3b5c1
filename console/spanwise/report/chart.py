"""`Chart`: what a report draws, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from spanwise.report.cell import cell, decimals
from spanwise.report.report import Report
from spanwise.report.text import plain
from spanwise.store import Answer, Value


MOST_BARS: Final = 20
"""Bars of a chart from top to bottom."""

MOST_DAYS: Final = 400
"""Columns of a chart over time."""

_LABEL: Final = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, how long it is, and what is written at it."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title. `unit` is that of the values, `over_time` says that they are days."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    over_time: bool


def chart(report: Report, answer: Answer) -> Chart | None:
    """What `report` draws of `answer`; `None` where no row has a value to draw. Unknown values have no bar."""
    plot = report.plot
    column = next(column for column in answer.columns if column.name == plot.value)
    values = answer.cells(plot.value)
    digits = decimals(column, values)
    labels = list(zip(*(answer.cells(name) for name in plot.labels), strict=True))
    estimates = answer.cells(estimated) if (estimated := _estimated(report)) else [None] * len(values)
    found = [
        Bar(_label(label), float(value), cell(column, value, digits, estimated=bool(estimate)))
        for label, value, estimate in zip(labels, values, estimates, strict=True)
        if isinstance(value, int | float | Decimal)
    ]
    if not any(bar.value for bar in found):
        return None
    kept = _every_day(found)[-MOST_DAYS:] if plot.over_time else found[:MOST_BARS]
    return Chart(plot.title, column.unit, tuple(kept), plot.over_time)


def _every_day(bars: list[Bar]) -> list[Bar]:
    """`bars`, which are days in order, with an empty one for each day between them without a value."""
    known = {date.fromisoformat(bar.label): bar for bar in bars}
    last = max(known)
    first = max(min(known), last - timedelta(days=MOST_DAYS))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [known.get(day) or Bar(day.isoformat(), 0.0, "nothing") for day in days]


def _estimated(report: Report) -> str:
    return next((shown.estimated for shown in report.shown if shown.name == report.plot.value), "")


def _label(values: tuple[Value, ...]) -> str:
    return " / ".join(_part(value) for value in values)


def _part(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return plain(str(value), _LABEL) if value is not None else "(none)"
