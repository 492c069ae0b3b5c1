"""The difference that a repricing makes, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.report.quantity import UNPRICED, counted, places, signed_money
from spanwise.report.text import plain
from spanwise.reprice.difference import DifferenceRow
from spanwise.reprice.repricing import Repricing


if TYPE_CHECKING:
    from rich.table import Table

SHOWN_STATUSES: Final = 10
_HEADINGS: Final = ("calls", "changed", "old", "new", "difference", "newly priced", f"became {UNPRICED}")


def difference_table(done: Repricing) -> Table:
    """One row per model and currency with the sums before and after, largest difference first, and exact totals."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    rows, totals = done.difference.rows(), done.difference.totals()
    decimals = places(max((max(row.old, row.new) for row in totals), default=Decimal(0)))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("model", overflow="ellipsis", no_wrap=True, min_width=12)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(plain(row.model) or "(no model)", *_figures(row, decimals))
    if len(rows) > 1:
        table.add_section()
        for total in totals:
            table.add_row("total", *_figures(total, decimals))
    return table


def difference_notes(done: Repricing) -> list[str]:
    """Sentences a reader of the table needs: what was written, what changed its status, what was passed over."""
    verb = "would change" if done.run is None else "changed"
    told = [f"{counted(done.calls, 'call')} looked at, {done.written:,} {verb}"]
    told += [
        f"{counted(change.calls, 'call')}: {plain(change.before, 40)} -> {plain(change.after, 40)}"
        for change in done.difference.statuses()[:SHOWN_STATUSES]
    ]
    unpriced = sum(row.unpriced for row in done.difference.totals())
    if unpriced:
        told.append(f"{counted(unpriced, 'call')} without a known price: no part in the sums")
    if done.sent:
        told.append(f"{counted(done.sent, 'call')} priced by the provider and kept so")
    if done.failed:
        told.append(f"{counted(done.failed, 'call')} could not be priced for a defect of spanwise and stayed as before")
    if done.missed:
        told.append(f"{counted(done.missed, 'call')} changed by somebody else meanwhile and left alone; run it again")
    return told


def _figures(row: DifferenceRow, decimals: int) -> Sequence[str]:
    return (
        f"{row.calls:,}",
        f"{row.changed:,}" if row.changed else "",
        signed_money(row.old, decimals, row.currency),
        signed_money(row.new, decimals, row.currency),
        signed_money(row.difference, decimals, row.currency, plus=True),
        f"{row.newly_priced:,}" if row.newly_priced else "",
        f"{row.became_unpriced:,}" if row.became_unpriced else "",
    )
