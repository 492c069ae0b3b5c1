"""A comparison as a table, and as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from spanwise.reconcile.comparison import Comparison, GroupBy, Row
from spanwise.report.quantity import UNKNOWN, places, short_count, signed_money
from spanwise.report.text import plain


if TYPE_CHECKING:
    from rich.table import Table

_HEADINGS = ("invoice", "here", "gap", "gap %", "requests", "calls", "tokens", "tokens here", "unpriced")


def comparison_table(comparison: Comparison) -> Table:
    """One row per model or day: the invoice, what the store says, and the gap between them."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    decimals = places(max(comparison.usage, comparison.ours, Decimal(0)))
    heading = "day (UTC)" if comparison.by is GroupBy.DAY else "model"
    table.add_column(heading, overflow="ellipsis", no_wrap=True, min_width=10)
    for name in _HEADINGS:
        table.add_column(name, justify="right", no_wrap=True)
    for row in comparison.rows:
        table.add_row(plain(row.key), *_figures(row, decimals, comparison.currency))
    return table


def document(comparison: Comparison) -> dict[str, object]:
    """The comparison for JSON, whole."""
    return {
        "currency": comparison.currency,
        "first_day": comparison.first.isoformat(),
        "last_day": comparison.last.isoformat(),
        "by": comparison.by.value,
        "providers": list(comparison.providers),
        "usage": comparison.usage,
        "ours": comparison.ours,
        "usage_gap": comparison.usage_gap,
        "charges": comparison.charges,
        "gap": comparison.gap,
        "gap_percent": None if comparison.gap_percent is None else round(comparison.gap_percent, 6),
        "rows": [_row(row, comparison.by) for row in comparison.rows],
        "explanations": [it.document() for it in comparison.explanations],
        "compared_by_model": comparison.by_model,
        "compared_by_day": comparison.by_day,
        "valued_at_our_prices": comparison.valued,
        "unvalued": comparison.unvalued,
        "other_currencies": dict(comparison.foreign),
        "calls_in_other_currencies": dict(comparison.foreign_calls),
        "left_out_rows": comparison.left_out,
        "left_out_amount": comparison.left_out_amount,
        "store_begins": None if comparison.oldest is None else comparison.oldest.isoformat(),
    }


def _row(row: Row, by: GroupBy) -> dict[str, object]:
    return {
        by.value: row.key,
        "invoice": row.invoice,
        "ours": row.ours,
        "gap": row.gap,
        "requests": row.requests,
        "calls": row.calls,
        "invoice_tokens": row.invoice_tokens,
        "our_tokens": row.our_tokens,
        "unpriced": row.unpriced,
        "estimated": row.estimated,
    }


def _figures(row: Row, decimals: int, currency: str) -> tuple[str, ...]:
    percent = "" if row.gap is None or not row.invoice else f"{row.gap / row.invoice * 100:+.1f}"
    return (
        UNKNOWN if row.invoice is None else signed_money(row.invoice, decimals, currency),
        signed_money(row.ours, decimals, currency),
        UNKNOWN if row.gap is None else signed_money(row.gap, decimals, currency, plus=True),
        percent,
        UNKNOWN if row.requests is None else f"{row.requests:,}",
        f"{row.calls:,}",
        UNKNOWN if row.invoice_tokens is None else short_count(row.invoice_tokens),
        short_count(row.our_tokens),
        f"{row.unpriced:,}" if row.unpriced else "",
    )
