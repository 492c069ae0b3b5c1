"""An answer as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Final

from spanwise.report.cell import exact
from spanwise.store import Answer, Value


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_document(answer: Answer) -> str:
    """`answer` as CSV (RFC 4180) with a line of column names.

    Money has every digit, times are ISO 8601 in UTC, what is unknown is empty. A text that a spreadsheet would take
    for a formula gets an apostrophe in front: texts come from outside.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(column.name for column in answer.columns)
    writer.writerows([_field(value) for value in row] for row in answer.rows)
    return stream.getvalue()


def _field(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = value.replace("\x00", "")
        return "'" + text if text.startswith(_FORMULA) else text
    return repr(value)
