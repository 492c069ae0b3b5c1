"""`ReportForm`: what a report is written as, and the writing of files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from spanwise.cli.output import say, show_json, show_table
from spanwise.report import csv_document
from spanwise.report.chart import chart
from spanwise.report.fitting import fitted
from spanwise.report.notes import notes
from spanwise.report.page import page
from spanwise.report.png import PlotError, png
from spanwise.report.report import Report, sheet
from spanwise.report.sheet_table import sheet_table
from spanwise.report.terminal import console
from spanwise.store import MAX_ROWS, Answer


WRONG_USE = 2


@dataclass(frozen=True, slots=True)
class ReportForm:
    """How a report is wanted: JSON or CSV on standard output, an HTML or PNG file; a table where none of them is."""

    json: bool = False
    csv: bool = False
    html: Path | None = None
    png: Path | None = None

    @property
    def mistake(self) -> str:
        """What is wrong with it, in a sentence; empty when nothing is."""
        return "--json and --csv cannot both be printed; leave out one" if self.json and self.csv else ""

    def rows(self, report: Report, top: int | None) -> int:
        """How many rows of `report` are read: all that are allowed where the reader is a program."""
        return top or (MAX_ROWS if self.json or self.csv else report.top)


def write_report(  # noqa: PLR0913 - what is said with it
    report: Report, answer: Answer, form: ReportForm, *, period: str, more: Sequence[str] = (), document: object = None
) -> int:
    """Write `answer` in every form that is wanted. The exit code: 2 when a file cannot be written.

    Args:
        report: what is shown of it.
        answer: at least one row.
        form: what it is written as.
        period: which calls are in it, in words.
        more: sentences beside those that every report has.
        document: the JSON, where it is not one object for each row.
    """
    said = [*more, *notes(answer)]
    if form.json:
        names = [column.name for column in answer.columns]
        show_json([dict(zip(names, row, strict=True)) for row in answer.rows] if document is None else document)
    if form.csv:
        sys.stdout.write(csv_document(answer))
    if form.html is not None and not _write(form.html, _page(report, answer, period, said)):
        return WRONG_USE
    if form.png is not None and not _write(form.png, _plot(report, answer)):
        return WRONG_USE
    if not (form.json or form.csv or form.html or form.png):
        width = console().width
        shown, others = fitted(sheet(report, answer), width)
        show_table(sheet_table(shown, width))
        if others:
            said.append(f"not shown: {', '.join(others)}; a wider window has room for them, and --csv has them all")
        say(*said, f"next: {report.next_command(answer)}")
    elif answer.is_cut and (form.json or form.csv):
        say(f"only the first {len(answer.rows):,} of {answer.all_rows:,} rows; --top N gives up to {MAX_ROWS:,}")
    return 0


def _page(report: Report, answer: Answer, period: str, said: Sequence[str]) -> bytes:
    drawn = chart(report, answer)
    made = datetime.now(UTC)
    return page(report.title, sheet(report, answer), drawn, notes=said, made=made, period=period).encode()


def _plot(report: Report, answer: Answer) -> bytes | str:
    drawn = chart(report, answer)
    if drawn is None:
        return "there is nothing to draw: no row has a value that is known and not zero"
    try:
        return png(drawn)
    except PlotError as error:
        return str(error)


def _write(path: Path, content: bytes | str) -> bool:
    """Write `content` to `path` and say so; a text is why there is none."""
    if isinstance(content, str):
        say(f"spanwise: {content}")
        return False
    try:
        path.write_bytes(content)
    except OSError as error:
        say(f"spanwise: {path} cannot be written ({error.strerror}); name another file")
        return False
    say(f"wrote {path}")
    return True
