"""The cost report as a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from spanwise.report.quantity import UNPRICED, cost_cell, counted, places, seconds, short_count
from spanwise.report.text import plain
from spanwise.store import CostRow, Dimension


if TYPE_CHECKING:
    from rich.table import Table


def cost_table(rows: Sequence[CostRow], by: Dimension) -> Table:
    """`rows` as a table with a total. Costs are right-aligned with the same decimals; unknown ones read `unpriced`."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, show_footer=len(rows) > 1, pad_edge=False)
    total = _total(rows)
    decimals = places(max((row.cost_usd or Decimal(0) for row in rows), default=Decimal(0)))
    heading = "day (UTC)" if by is Dimension.DAY else by.value
    table.add_column(heading, "total", overflow="ellipsis", no_wrap=True, min_width=12)
    for name, cell in zip(_HEADINGS, _figures(total, decimals), strict=True):
        table.add_column(name, cell, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(plain(row.key) or f"(no {by.value})", *_figures(row, decimals))
    return table


def cost_notes(rows: Sequence[CostRow]) -> list[str]:
    """Sentences a reader of the table needs: what the sums leave out or estimate."""
    total = _total(rows)
    notes = []
    if total.unpriced:
        verb = "has" if total.unpriced == 1 else "have"
        notes.append(f"{counted(total.unpriced, 'call')} {verb} no known price and {verb} no part in the sums")
    if total.estimated:
        notes.append(f"~ includes {counted(total.estimated, 'call')} whose price is an estimate")
    if total.foreign:
        notes.append(f"{counted(total.foreign, 'call')} priced in another currency left out of the sums")
    return notes


_HEADINGS = ("calls", "errors", "input", "cached", "output", "cost", UNPRICED, "p50", "p95")


def _figures(row: CostRow, decimals: int) -> tuple[str, ...]:
    return (
        f"{row.calls:,}",
        f"{row.errors:,}" if row.errors else "",
        short_count(row.input_tokens),
        short_count(row.cache_read_tokens) if row.cache_read_tokens else "",
        short_count(row.output_tokens),
        cost_cell(row.cost_usd, decimals, estimated=bool(row.estimated)),
        f"{row.unpriced:,}" if row.unpriced else "",
        seconds(row.p50_s) if row.p50_s is not None else "",
        seconds(row.p95_s) if row.p95_s is not None else "",
    )


def _total(rows: Sequence[CostRow]) -> CostRow:
    priced = [row.cost_usd for row in rows if row.cost_usd is not None]
    return CostRow(
        None,
        sum(row.calls for row in rows),
        sum(row.errors for row in rows),
        sum(row.input_tokens for row in rows),
        sum(row.output_tokens for row in rows),
        sum(row.cache_read_tokens for row in rows),
        sum(row.cache_write_tokens for row in rows),
        sum(row.reasoning_tokens for row in rows),
        sum(priced, Decimal(0)) if priced else None,
        sum(row.unpriced for row in rows),
        sum(row.estimated for row in rows),
        sum(row.foreign for row in rows),
        # Percentiles of groups do not add up to one of the whole.
        None,
        None,
    )
