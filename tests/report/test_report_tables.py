"""The tables a user reads."""

from __future__ import annotations

from decimal import Decimal

from spanwise.report import cost_notes, cost_table, errors_table, latency_table, traces_table
from spanwise.store import Dimension, ErrorRow, LatencyRow, TraceRow
from tests.report.rows import START, cost_row, drawn


def test_cost() -> None:
    """One line per key, costs with the same decimals, a total below."""
    rows = [
        cost_row("gpt-4.1", "12.5", errors=2, cache_read_tokens=800),
        cost_row("gpt-4.1-mini", "0.00001", calls=1),
        cost_row(None, None, unpriced=10),
    ]
    lines = drawn(cost_table(rows, Dimension.MODEL))
    assert lines[0].split() == [
        "model",
        "calls",
        "errors",
        "input",
        "cached",
        "output",
        "cost",
        "unpriced",
        "p50",
        "p95",
    ]
    assert lines[2].split() == ["gpt-4.1", "10", "2", "21.4k", "800", "950", "$12.5000", "500", "ms", "2.1", "s"]
    assert "<$0.0001" in lines[3]
    assert lines[4].startswith("(no model)")
    assert "unpriced" in lines[4].split()
    assert lines[5].split() == ["total", "21", "2", "64.2k", "800", "2.9k", "$12.5000", "10"]


def test_total_of_unknown_costs_is_unknown() -> None:
    """Where no call has a price, the total is `unpriced`, not zero."""
    total = drawn(cost_table([cost_row("a", None), cost_row("b", None)], Dimension.USER))[-1]
    assert "unpriced" in total
    assert "$" not in total


def test_a_single_row_needs_no_total() -> None:
    """One line is its own total."""
    assert not [line for line in drawn(cost_table([cost_row("a")], Dimension.MODEL)) if line.startswith("total")]


def test_cost_notes() -> None:
    """What a sum leaves out or estimates is said in words."""
    rows = [cost_row("a", unpriced=1, estimated=3), cost_row("b", foreign=2)]
    assert cost_notes(rows) == [
        "1 call has no known price and has no part in the sums",
        "~ includes 3 calls whose price is an estimate",
        "2 calls priced in another currency left out of the sums",
    ]
    assert cost_notes([cost_row("a")]) == []


def test_hostile_key() -> None:
    """A key with an escape sequence or markup is drawn as plain text."""
    lines = drawn(cost_table([cost_row("\x1b[2J[red]evil\n[/red]")], Dimension.USER))
    assert lines[2].startswith("[2J[red]evil [/red]")


def test_traces() -> None:
    """A trace's line has its sums; nothing is shown where nothing was called."""
    busy = TraceRow("a" * 32, START, 1.5, "answer", "shop", 4, 2, 1, 1000, 200, Decimal("0.02"), 0, 1, 3)
    idle = TraceRow("b" * 32, START, 0.1, "GET /", None, 1, 0, 0, 0, 0, None, 0, 0, 0)
    lines = drawn(traces_table([busy, idle]))
    assert lines[2].split() == [
        *("a" * 12, "2026-11-24", "10:00:00", "answer", "1.5", "s", "4", "2", "1.2k", "~$0.020000", "1", "3")
    ]
    assert lines[3].split() == ["b" * 12, "2026-11-24", "10:00:00", "GET", "/", "100", "ms", "1", "0", "0"]


def test_errors() -> None:
    """An error's line says what failed, how often, when last, and where to look."""
    lines = drawn(errors_table([ErrorRow("RateLimitError", "gpt-4.1", None, 1200, START, "c" * 32)]))
    assert lines[2].split() == ["RateLimitError", "gpt-4.1", "-", "1,200", "2026-11-24", "10:00:00", "c" * 12]


def test_latency() -> None:
    """A model's line has its percentiles; what no call measured is a dash."""
    lines = drawn(latency_table([LatencyRow("gpt-4.1", 3, 0.5, 2.0, 3.0, None, None, None)]))
    assert lines[2].split() == ["gpt-4.1", "3", "500", "ms", "2.0", "s", "3.0", "s", "-", "-", "-"]
