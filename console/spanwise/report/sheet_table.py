"""A report as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spanwise.report.cell import RIGHT
from spanwise.report.fitting import widths
from spanwise.report.report import Sheet


if TYPE_CHECKING:
    from rich.table import Table


def sheet_table(sheet: Sheet, width: int) -> Table:
    """`sheet`, which fits into `width` characters, as a table with its sums below. Long texts end in an ellipsis."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, show_footer=sheet.footer is not None, pad_edge=False)
    footer = sheet.footer or ("",) * len(sheet.columns)
    columns = zip(sheet.columns, sheet.headings, widths(sheet, width), strict=True)
    for place, (column, heading, wide) in enumerate(columns):
        table.add_column(
            heading,
            footer[place],
            justify="right" if column.kind in RIGHT else "left",
            overflow="ellipsis",
            no_wrap=True,
            width=wide,
        )
    for row in sheet.rows:
        table.add_row(*row)
    return table
