"""`Report`: which columns of an answer are shown, under which headings, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from spanwise.report.cell import cell, decimals
from spanwise.report.text import plain
from spanwise.store import Answer, Column, Kind, Value, View


ESTIMATED: Final = "estimated_calls"
"""The column that says how many calls of a cost are estimates."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of the table.

    Attributes:
        name: of the column of the answer.
        heading: above it.
        estimated: the column that says whether an estimate is in it, where there is one.
    """

    name: str
    heading: str
    estimated: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart of one column.

    Attributes:
        title: above it.
        labels: the columns that name a row, put together with a slash.
        value: the column that is drawn.
        over_time: whether the rows are days, drawn from left to right.
    """

    title: str
    labels: tuple[str, ...]
    value: str
    over_time: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report.

    Attributes:
        name: as in `spanwise report NAME`.
        title: what it answers, for people.
        shown: the columns of the table; other formats have all that the answer has. The first names the row.
        plot: its chart.
        next: the command that a reader wants then; `{id}` stands for the beginning of an id in the first row.
        next_id: the column of that id.
        empty: what is said where there are no rows although there are calls.
        view_name: where the rows come from; empty where they are computed.
        top: rows that the table shows at most.
    """

    name: str
    title: str
    shown: tuple[Shown, ...]
    plot: Plot
    next: str
    next_id: str = ""
    empty: str = "no model calls"
    view_name: str = ""
    top: int = 50

    @property
    def view(self) -> View | None:
        """The view of that name."""
        from spanwise.store import VIEWS

        return next((view for view in VIEWS if view.name == self.view_name), None)

    def next_command(self, answer: Answer) -> str:
        """What to type after reading `answer`."""
        found = answer.cells(self.next_id)[0] if self.next_id and answer.rows else ""
        return self.next.format(id=plain(str(found))[:12])


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answer written out: what every format for people shows.

    Attributes:
        columns: those that are shown.
        headings: above them.
        rows: a text for each cell.
        footer: the sums, as texts, empty where there are no sums; `None` where there is one row only.
    """

    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    footer: tuple[str, ...] | None


def sheet(report: Report, answer: Answer) -> Sheet:
    """`answer` written out as `report` shows it."""
    names = [column.name for column in answer.columns]
    columns = tuple(answer.columns[names.index(shown.name)] for shown in report.shown)
    digits = [decimals(column, _amounts(answer, column)) for column in columns]
    if any(column.kind is Kind.DIFFERENCE for column in columns):
        # Differences and what they are the difference of are read across a row.
        digits = [min(places for places in digits if places)] * len(digits)
    rows = []
    for row in answer.rows:
        values = dict(zip(names, row, strict=True))
        cells = [
            cell(column, values[shown.name], places, estimated=bool(values.get(shown.estimated)))
            for column, shown, places in zip(columns, report.shown, digits, strict=True)
        ]
        rows.append((_named(columns[0], values[columns[0].name], report, cells[0]), *cells[1:]))
    return Sheet(
        columns, tuple(shown.heading for shown in report.shown), rows, _footer(report, answer, columns, digits)
    )


def _amounts(answer: Answer, column: Column) -> list[Value]:
    return [*answer.cells(column.name), answer.totals.get(column.name)]


def _named(column: Column, value: Value, report: Report, text: str) -> str:
    """What names a row: a row of what has no name says so."""
    return f"(no {report.shown[0].heading})" if value is None and column.kind is Kind.TEXT else text


def _footer(report: Report, answer: Answer, columns: Sequence[Column], digits: Sequence[int]) -> tuple[str, ...] | None:
    if not answer.totals or answer.all_rows == 1:
        return None
    cells = ["total"]
    for column, shown, places in list(zip(columns, report.shown, digits, strict=True))[1:]:
        known = column.name in answer.totals
        estimated = bool(answer.totals.get(shown.estimated))
        cells.append(cell(column, answer.totals[column.name], places, estimated=estimated) if known else "")
    return tuple(cells)
