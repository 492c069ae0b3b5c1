"""A report as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.report.cell import RIGHT
from spanwise.report.report import Sheet
from spanwise.store import Kind


if TYPE_CHECKING:
    from rich.table import Table

_NARROW: Final = 12


def sheet_table(sheet: Sheet) -> Table:
    """`sheet` as a table, with its sums below."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, show_footer=sheet.footer is not None, pad_edge=False)
    footer = sheet.footer or ("",) * len(sheet.columns)
    for place, (column, heading) in enumerate(zip(sheet.columns, sheet.headings, strict=True)):
        first = place == 0 and column.kind is Kind.TEXT
        table.add_column(
            heading,
            footer[place],
            justify="right" if column.kind in RIGHT else "left",
            overflow="ellipsis",
            no_wrap=True,
            min_width=_NARROW if first else None,
        )
    for row in sheet.rows:
        table.add_row(*row)
    return table
