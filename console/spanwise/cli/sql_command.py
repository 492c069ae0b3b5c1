"""`spanwise sql`: a person's own question to the store."""

from __future__ import annotations

import sys

from spanwise.cli.output import say, show_json, show_table
from spanwise.report import csv_document, plain
from spanwise.report.cell import cell
from spanwise.report.fitting import fitted
from spanwise.report.report import Sheet
from spanwise.report.sheet_table import sheet_table
from spanwise.report.terminal import console
from spanwise.store import VIEWS, Answer, StatementError, Store


WRONG_USE = 2


def run_sql(store: Store, text: str, *, limit: int, as_json: bool, as_csv: bool) -> int:
    """Print what the statement `text` gives back, at most `limit` rows. The exit code: 2 when it cannot be run."""
    if as_json and as_csv:
        say("spanwise: --json and --csv cannot both be printed; leave out one")
        return WRONG_USE
    try:
        answer = store.sql(text, limit=limit)
    except StatementError as error:
        say(f"spanwise: {plain(str(error), 400)}")
        return WRONG_USE
    if as_json:
        names = [column.name for column in answer.columns]
        show_json([dict(zip(names, row, strict=True)) for row in answer.rows])
    elif as_csv:
        sys.stdout.write(csv_document(answer))
    else:
        width = console().width
        shown, others = fitted(_sheet(answer), width)
        show_table(sheet_table(shown, width))
        if others:
            say(f"not shown: {', '.join(others)}; a wider window has room for them, and --csv has them all")
    if answer.is_cut:
        say(f"only the first {len(answer.rows):,} rows; --limit N gives more, LIMIT and OFFSET in the statement others")
    return 0


def show_views(*, as_json: bool) -> int:
    """Print every view with its columns. The exit code."""
    if as_json:
        show_json(
            [
                {
                    "view": view.name,
                    "about": view.about,
                    "columns": [
                        {"name": column.name, "unit": column.unit, "about": column.about} for column in view.columns
                    ],
                }
                for view in VIEWS
            ]
        )
        return 0
    lines = []
    for view in VIEWS:
        lines += ["", view.name, f"  {view.about}"]
        width = max(len(column.name) for column in view.columns)
        for column in view.columns:
            unit = f" [{column.unit}]" if column.unit else ""
            lines.append(f"    {column.name:<{width}}  {column.about}{unit}")
    sys.stdout.write("\n".join(lines[1:]) + "\n")
    say('next: spanwise sql "SELECT model, cost_usd, unpriced_calls FROM cost_by_model"')
    return 0


def _sheet(answer: Answer) -> Sheet:
    headings = tuple(plain(column.name) for column in answer.columns)
    rows = [
        tuple(cell(column, value) for column, value in zip(answer.columns, row, strict=True)) for row in answer.rows
    ]
    return Sheet(answer.columns, headings, rows, None)
