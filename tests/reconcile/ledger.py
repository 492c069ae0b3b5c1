"""Our side of a comparison, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from spanwise.reconcile.invoice import Invoice
from spanwise.reconcile.reading import read_invoice
from spanwise.store import LedgerRow


EXPORTS = Path(__file__).parent / "exports"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
ZERO = Decimal(0)


def row(
    day: date = MONDAY,
    model: str | None = "gpt-4o",
    *,
    provider: str = "openai",
    status: str = "exact",
    calls: int = 10,
    silent: int = 0,
    tokens: tuple[int, int, int, int] = (100_000, 100_000, 0, 20_000),
    spent: tuple[str, str, str, str] | None = ("0.25", "0.125", "0", "0.2"),
    other: str = "0",
    currency: str = "USD",
) -> LedgerRow:
    """Calls of one day: tokens and money uncached, read from the cache, written to it, and output.

    The defaults are what `openai_costs.csv` bills for Monday. `spent` is `None` for calls without a price.
    """
    uncached, read, written, output = tokens
    buckets = [Decimal(amount) for amount in spent or ("0", "0", "0", "0")]
    cost = None if spent is None else sum(buckets, Decimal(other))
    return LedgerRow(
        day,
        provider,
        model,
        None if cost is None else currency,
        status if spent is not None else "unpriced",
        calls,
        silent,
        uncached + read + written,
        read,
        written,
        output,
        cost,
        *buckets,
    )


def export(*names: str, models: frozenset[str] = frozenset({"gpt-4o", "claude-sonnet-4"})) -> Invoice:
    """What exports of this folder say."""
    return read_invoice([EXPORTS / name for name in names], models=models)
