"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.report.quantity import cost_cell, counted, money, places, seconds, short_count, short_money


@pytest.mark.parametrize(
    ("amount", "decimals", "shown"),
    [
        ("0", 4, "$0.0000"),
        ("0.00005", 4, "$0.0001"),
        ("0.00004", 4, "<$0.0001"),
        ("1234567.8", 2, "$1,234,567.80"),
        ("0.004", 2, "<$0.01"),
        ("0.005", 2, "$0.01"),
    ],
)
def test_money(amount: str, decimals: int, shown: str) -> None:
    """Money is rounded half up; what is too small to show is never shown as nothing."""
    assert money(Decimal(amount), decimals) == shown


@given(st.decimals(min_value="0.000000000001", max_value=10**6, places=12), st.integers(0, 8))
def test_no_amount_reads_as_zero(amount: Decimal, decimals: int) -> None:
    """An amount above nothing never reads as zero, neither in a column nor in a sentence."""
    assert set(money(amount, decimals)) & set("123456789")
    assert set(short_money(amount)) & set("123456789")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "$0.000"),
        ("123.456", "$123.46"),
        ("0.0123", "$0.012"),
        ("0.00067", "$0.00067"),
        ("0.0000012", "$0.0000012"),
    ],
)
def test_short_money(amount: str, shown: str) -> None:
    """A sentence shows cents and tenths of them, or two digits where it is less."""
    assert short_money(Decimal(amount)) == shown


def test_unknown_cost_is_not_zero() -> None:
    """An unknown cost reads `unpriced`, an estimate carries a tilde."""
    assert cost_cell(None, 4) == "unpriced"
    assert cost_cell(Decimal("0.5"), 2, estimated=True) == "~$0.50"
    assert [places(Decimal(largest)) for largest in ("0.2", "1", "1000")] == [6, 4, 2]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), (999, "999"), (1000, "1.0k"), (999_949, "999.9k"), (999_950, "1.0M"), (3_200_000_000, "3.2G")],
)
def test_short_count(count: int, shown: str) -> None:
    """Counts take at most six characters and never read `1000.0k`."""
    assert short_count(count) == shown


@pytest.mark.parametrize(
    ("duration_s", "shown"),
    [
        (None, "-"),
        (0, "0 us"),
        (0.00074, "740 us"),
        (0.0009996, "1 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (9.996, "10 s"),
        (99.96, "1 min 40 s"),
        (200, "3 min 20 s"),
    ],
)
def test_seconds(duration_s: float | None, shown: str) -> None:
    """A duration has a unit that suits it, also where rounding reaches the next unit; unknown is a dash."""
    assert seconds(duration_s) == shown


def test_counted() -> None:
    """A noun takes its plural, and thousands a comma."""
    assert [counted(count, "call") for count in (0, 1, 1200)] == ["0 calls", "1 call", "1,200 calls"]
