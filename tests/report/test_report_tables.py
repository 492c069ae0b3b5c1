"""The tables a user reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from spanwise.report import traces_table
from spanwise.report.catalogue import EXPENSIVE_CALLS, EXPENSIVE_PROMPTS, REPORTS, cost_report
from spanwise.report.cell import cell
from spanwise.report.change_rows import CHANGE, COLUMNS
from spanwise.report.notes import notes
from spanwise.report.report import Report, sheet
from spanwise.report.sheet_table import sheet_table
from spanwise.store import Answer, Column, Dimension, Kind, TraceRow, Value
from tests.report.rows import START, drawn


BY_MODEL = cost_report(Dimension.MODEL)
EVERY = (*REPORTS, EXPENSIVE_CALLS, EXPENSIVE_PROMPTS, *map(cost_report, Dimension))


def row(report: Report, **values: Value) -> tuple[Value, ...]:
    """A row of the view of `report`; what is not given is 0 or unknown."""
    assert report.view is not None
    return tuple(
        values.get(column.name, 0 if column.kind in {Kind.COUNT, Kind.TOKENS} else None)
        for column in report.view.columns
    )


def answer(report: Report, *rows: tuple[Value, ...], **totals: Value) -> Answer:
    """An answer of the view of `report`."""
    assert report.view is not None
    return Answer(report.view.columns, list(rows), len(rows), totals)


def lines(report: Report, found: Answer) -> list[str]:
    """What a terminal shows of it."""
    return drawn(sheet_table(sheet(report, found), 160))


def test_cost() -> None:
    """One line per key, costs with the same decimals, estimates marked, a total below."""
    rows = [
        row(BY_MODEL, model="gpt-4.1", calls=10, errors=2, input_tokens=21_400, cache_read_tokens=800,
            output_tokens=950, cost_usd=Decimal("12.5"), p50_s=0.5, p95_s=2.1),
        row(BY_MODEL, model="gpt-4.1-mini", calls=1, cost_usd=Decimal("0.00001"), estimated_calls=1),
        row(BY_MODEL, model=None, calls=10, unpriced_calls=10),
    ]  # fmt: skip
    totals: dict[str, Value] = {
        "calls": 21,
        "errors": 2,
        "cost_usd": Decimal("12.50001"),
        "estimated_calls": 1,
        "unpriced_calls": 10,
    }
    found = lines(BY_MODEL, answer(BY_MODEL, *rows, **totals))
    headings = ["model", "calls", "errors", "input", "cached", "output", "cost", "unpriced", "p50", "p95"]
    assert found[0].split() == headings
    assert found[2].split() == ["gpt-4.1", "10", "2", "21.4k", "800", "950", "$12.5000", "500", "ms", "2.1", "s"]
    assert found[3].split() == ["gpt-4.1-mini", "1", "~<$0.0001", "-", "-"]
    assert found[4].split() == ["(no", "model)", "10", "unpriced", "10", "-", "-"]
    assert found[5].split() == ["total", "21", "2", "~$12.5000", "10"]


def test_total_of_unknown_costs_is_unknown() -> None:
    """Where no call has a price, the total is `unpriced`, not zero."""
    rows = [row(BY_MODEL, model="a", calls=1), row(BY_MODEL, model="b", calls=1)]
    total = lines(BY_MODEL, answer(BY_MODEL, *rows, cost_usd=None, calls=2))[-1]
    assert total.split() == ["total", "2", "unpriced"]


def test_a_single_row_needs_no_total() -> None:
    """One line is its own total."""
    found = lines(BY_MODEL, answer(BY_MODEL, row(BY_MODEL, model="a", calls=1), calls=1))
    assert not [line for line in found if line.startswith("total")]


def test_notes() -> None:
    """What a sum leaves out, estimates or does not show is said in words."""
    totals: dict[str, Value] = {"unpriced_calls": 1, "estimated_calls": 3, "foreign_calls": 2, "unknown_calls": 1}
    found = Answer(BY_MODEL.view.columns if BY_MODEL.view else (), [row(BY_MODEL)], 3, totals)
    assert notes(found) == [
        "2 rows more not shown, but in the total",
        "1 call has no known price and has no part in the sums",
        "~ includes 3 calls whose price is an estimate",
        "2 calls priced in another currency left out of the sums",
        "1 call read from a cache, and what that saved is unknown",
    ]
    assert notes(answer(BY_MODEL, row(BY_MODEL))) == []


def test_hostile_key() -> None:
    """A key with an escape sequence or markup is drawn as plain text."""
    found = lines(BY_MODEL, answer(BY_MODEL, row(BY_MODEL, model="\x1b[2J[red]evil\n[/red]", calls=1)))
    assert found[2].startswith("[2J[red]evil [/red]")


def test_every_report_shows_columns_that_are_there() -> None:
    """A report names columns of its view only: in the table, in the chart, in the next command."""
    for report in EVERY:
        assert report.view is not None
        names = {column.name for column in report.view.columns}
        used = {shown.name for shown in report.shown} | {shown.estimated for shown in report.shown if shown.estimated}
        assert used | {report.plot.value, *report.plot.labels} <= names, report.name
        assert not report.next_id or report.next_id in names
        assert ("{id}" in report.next) is bool(report.next_id)
    assert {shown.name for shown in CHANGE.shown} <= {column.name for column in COLUMNS}


def test_every_cost_says_what_it_leaves_out() -> None:
    """A table with a sum of money has the calls without a price beside it."""
    for report in EVERY:
        shown = {part.name for part in report.shown}
        assert report.view is not None
        sums = {column.name for column in report.view.columns if column.adds and column.kind is Kind.COST}
        assert not (shown & sums) or "unpriced_calls" in shown, report.name


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.TEXT, "a\x1b[0m", "a[0m"),
        (Kind.TEXT, None, "-"),
        (Kind.ID, "abcdef0123456789", "abcdef012345"),
        (Kind.ID, "../\x07x", "../x"),
        (Kind.FLAG, True, "yes"),
        (Kind.FLAG, False, ""),
        (Kind.COUNT, 1200, "1,200"),
        (Kind.COUNT, 0, ""),
        (Kind.TOKENS, 1500.4, "1.5k"),
        (Kind.COST, Decimal("0.5"), "$0.500000"),
        (Kind.COST, None, "unpriced"),
        (Kind.MONEY, Decimal(0), "$0.000000"),
        (Kind.MONEY, None, "-"),
        (Kind.DIFFERENCE, Decimal("-0.5"), "-$0.500000"),
        (Kind.DIFFERENCE, Decimal("0.5"), "+$0.500000"),
        (Kind.DIFFERENCE, Decimal(0), "-"),
        (Kind.SECONDS, 0.012, "12 ms"),
        (Kind.RATE, 0.1234, "12.3 %"),
        (Kind.NUMBER, 0.123456789, "0.123457"),
        (Kind.SCORE, 0.498913, "0.499"),
        (Kind.NUMBER, 12345678901, "12345678901"),
        (Kind.NUMBER, Decimal("1.0000E-7"), "0.0000001"),
        (Kind.NUMBER, Decimal("100"), "100"),
        (Kind.SPEED, 1234.5, "1,234"),
        (Kind.MOMENT, datetime(2026, 11, 24, 10, tzinfo=UTC), "2026-11-24 10:00:00"),
        (Kind.DAY, date(2026, 11, 24), "2026-11-24"),
    ],
)
def test_cells(kind: Kind, value: Value, text: str) -> None:
    """Every kind has one form."""
    assert cell(Column("x", kind, "x"), value) == text


def test_traces() -> None:
    """A trace's line has its sums; nothing is shown where nothing was called."""
    busy = TraceRow("a" * 32, START, 1.5, "answer", "shop", 4, 2, 1, 1000, 200, Decimal("0.02"), 0, 1, 3)
    idle = TraceRow("b" * 32, START, 0.1, "GET /", None, 1, 0, 0, 0, 0, None, 0, 0, 0)
    found = drawn(traces_table([busy, idle]))
    assert found[2].split() == [
        *("a" * 12, "2026-11-24", "10:00:00", "answer", "1.5", "s", "4", "2", "1.2k", "~$0.020000", "1", "3")
    ]
    assert found[3].split() == ["b" * 12, "2026-11-24", "10:00:00", "GET", "/", "100", "ms", "1", "0", "0"]
