"""Lists: traces and repricings as tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from spanwise.report.quantity import UNKNOWN, UNPRICED, cost_cell, places, seconds, short_count, signed_money
from spanwise.report.text import plain
from spanwise.store import RepricingRow, TraceRow


if TYPE_CHECKING:
    from rich.table import Table


def traces_table(rows: Sequence[TraceRow]) -> Table:
    """Traces, one per line, with the sums of their model calls."""
    table = _table()
    decimals = places(max((row.cost_usd or Decimal(0) for row in rows), default=Decimal(0)))
    for name in ("trace", "start (UTC)"):
        table.add_column(name, no_wrap=True)
    table.add_column("name", overflow="ellipsis", no_wrap=True, min_width=12)
    for name in ("time", "spans", "calls", "tokens", "cost", "errors", "redacted"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.trace_id[:12],
            f"{row.start:%Y-%m-%d %H:%M:%S}",
            plain(row.name),
            seconds(row.duration_s),
            f"{row.spans:,}",
            f"{row.calls:,}",
            short_count(row.input_tokens + row.output_tokens),
            _cost(row, decimals),
            f"{row.errors:,}" if row.errors else "",
            f"{row.redactions:,}" if row.redactions else "",
        )
    return table


def _cost(row: TraceRow, decimals: int) -> str:
    """Nothing is missing where all calls were refused by a budget or have a price in another currency."""
    if row.cost_usd is None and not row.unpriced:
        return UNKNOWN if row.calls else ""
    return cost_cell(row.cost_usd, decimals, estimated=bool(row.estimated))


def repricings_table(rows: Sequence[RepricingRow]) -> Table:
    """What repricings changed, one line per run, pair of books and pair of currencies."""
    table = _table()
    for name in ("run", "at (UTC)"):
        table.add_column(name, no_wrap=True)
    table.add_column("calls", justify="right", no_wrap=True)
    for name in ("old book", "new book"):
        table.add_column(name, overflow="ellipsis", no_wrap=True)
    for name in ("old", "new"):
        table.add_column(name, justify="right", no_wrap=True)
    decimals = places(max((amount or Decimal(0) for row in rows for amount in (row.old, row.new)), default=Decimal(0)))
    for row in rows:
        table.add_row(
            plain(row.run),
            f"{row.at:%Y-%m-%d %H:%M:%S}",
            f"{row.calls:,}",
            _named(row.old_book),
            _named(row.new_book),
            UNPRICED if row.old is None else signed_money(row.old, decimals, row.old_currency or "USD"),
            UNPRICED if row.new is None else signed_money(row.new, decimals, row.new_currency or "USD"),
        )
    return table


def _table() -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(box=SIMPLE_HEAD, pad_edge=False)


def _named(text: str | None) -> str:
    return plain(text) or UNKNOWN
