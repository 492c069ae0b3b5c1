"""The ledger has what providers bill, whoever it was for."""

from __future__ import annotations

from pathlib import Path

from spanwise.store import LedgerRow, Store
from tests.store.calls import call, failed, unpriced


def billed(rows: list[LedgerRow]) -> list[tuple[str, int, float]]:
    """Status, calls and cost of each row."""
    return sorted((row.status or "", row.calls, float(row.cost or 0)) for row in rows)


def test_what_is_billed(tmp_path: Path) -> None:
    """Repetitions and calls that a budget refused, which nobody made, are not in it; calls of evaluations if asked."""
    store = Store(tmp_path / "spanwise.duckdb")
    refused = failed(4)
    refused.attributes["spanwise.budget.action"] = "block"
    store.write(
        [
            call(1),
            call(2, spanwise__evaluation__run="tone"),
            call(3, spanwise__duplicate_of="01"),
            refused,
            unpriced(5),
        ]
    )
    assert billed(store.ledger(evaluations=True)) == [("exact", 2, 0.2), ("unpriced", 1, 0.0)]
    assert billed(store.ledger()) == [("exact", 1, 0.1), ("unpriced", 1, 0.0)]
