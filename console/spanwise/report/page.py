"""A report as one HTML file that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from spanwise.report.cell import RIGHT
from spanwise.report.chart import Chart
from spanwise.report.report import Sheet
from spanwise.report.svg import svg


_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --line: #d8dee6; --page: #fff; --bar: #2f6fb0;
  --less: #b0582f; --row: #f5f7fa }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --soft: #9aa7b8; --line: #333e4c; --page: #12171e;
  --bar: #6ea8e0; --less: #e09a6e; --row: #1a212a } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1.5rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
p { color: var(--soft); margin: .25rem 0 } .scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin-top: 1.5rem }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap }
td:first-child { white-space: normal; overflow-wrap: anywhere }
th { color: var(--soft); font-weight: 600 } th.right, td.right { text-align: right }
tbody tr:nth-child(even) { background: var(--row) } tfoot td { font-weight: 600; border-bottom: 0 }
.chart { width: 100%; height: auto } .chart text { font: 13px system-ui, sans-serif; fill: var(--ink) }
.chart .name { text-anchor: end } .chart .figure, .chart .day { fill: var(--soft) }
.bar { fill: var(--bar) } .bar.less { fill: var(--less) } .axis { stroke: var(--line) }
@media print { body { margin: 0; max-width: none; font-size: 11px } tr { break-inside: avoid } }
"""

_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"


def page(  # noqa: PLR0913 - what is said with it
    title: str, sheet: Sheet, chart: Chart | None, *, notes: Sequence[str], made: datetime, period: str
) -> str:
    """The file. Every text of the store is escaped, and the page's own policy lets nothing run or load.

    Args:
        title: what the report answers.
        sheet: the table.
        chart: drawn above it, where there is one.
        notes: what a reader must know.
        made: when.
        period: which calls are in it, in words.
    """
    drawn = f"<h2>{escape(chart.title)}</h2>{svg(chart)}" if chart else ""
    said = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>{escape(period)}; made {made:%Y-%m-%d %H:%M} UTC</p>"
        f'{drawn}<div class="scroll">{_table(sheet)}</div>{said}</body></html>\n'
    )


def _table(sheet: Sheet) -> str:
    sides = [' class="right"' if column.kind in RIGHT else "" for column in sheet.columns]
    heads = "".join(
        f'<th scope="col"{side} title="{escape(column.about)}">{escape(heading)}</th>'
        for side, column, heading in zip(sides, sheet.columns, sheet.headings, strict=True)
    )
    rows = "".join(f"<tr>{_cells(row, sides)}</tr>" for row in sheet.rows)
    footer = f"<tfoot><tr>{_cells(sheet.footer, sides)}</tr></tfoot>" if sheet.footer else ""
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>{footer}</table>"


def _cells(row: Sequence[str], sides: Sequence[str]) -> str:
    return "".join(f"<td{side}>{escape(text)}</td>" for side, text in zip(sides, row, strict=True))
