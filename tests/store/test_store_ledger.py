"""The ledger has what providers bill, whoever it was for."""

from __future__ import annotations

from pathlib import Path

from spanwise.store import Store
from tests.store.calls import call, failed, unpriced


def test_what_is_billed(tmp_path: Path) -> None:
    """Calls of evaluations are in it; repetitions and calls that a budget refused, which nobody made, are not."""
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
    rows = store.ledger()
    assert sorted((row.status or "", row.calls, float(row.cost or 0)) for row in rows) == [
        ("exact", 2, 0.2),
        ("unpriced", 1, 0.0),
    ]
