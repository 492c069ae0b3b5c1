"""Invoices from files: the format is found, every row is read or named with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final, NamedTuple, TypeAlias

import orjson

from spanwise.reconcile import anthropic_export, focus, openai_export
from spanwise.reconcile.invoice import Invoice
from spanwise.reconcile.value import BadValue, Value


RowReader: TypeAlias = Callable[[Mapping[str, Value], Invoice], None]
ResultReader: TypeAlias = Callable[[Mapping[str, Value], Mapping[str, Value], Invoice], None]

MAX_TABLE_BYTES: Final = 1024 * 1024 * 1024
"""Size of a CSV file at most; it is read row by row."""

MAX_JSON_BYTES: Final = 64 * 1024 * 1024
"""Size of a JSON file at most; it is read at once."""

MAX_ROWS: Final = 5_000_000
"""Rows of one file at most."""

MAX_COLUMNS: Final = 500

ACCEPTED: Final = (
    "accepted are exports of costs or usage from OpenAI and Anthropic (CSV of the dashboard, JSON of the API) "
    "and FOCUS 1.x (CSV)"
)

_SNIFFED: Final = 64 * 1024
_MAX_LINE: Final = 1024 * 1024
_DELIMITERS: Final = ",\t;"


class _Table(NamedTuple):
    name: str
    columns: frozenset[str]
    read: RowReader


def read_invoice(files: Iterable[Path], *, models: Collection[str] = ()) -> Invoice:
    """What `files` say, together. A bad row is a problem with file and line and loses nothing beside it.

    `models` are canonical names of models, which are looked for in the words of formats without a column for them.
    A file that cannot be read at all is a problem too, and counted in `unreadable`.
    """
    invoice = Invoice()
    for file in files:
        invoice.files.append(str(file))
        try:
            with file.open("rb") as stream:
                _read(file, stream, invoice, models)
        except OSError as error:
            invoice.refuse(str(file), f"{error.strerror or 'cannot be read'}; name a file that can be read")
    return invoice


def _read(file: Path, stream: IO[bytes], invoice: Invoice, models: Collection[str]) -> None:
    start = stream.read(_SNIFFED).lstrip(b"\xef\xbb\xbf \t\r\n")
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if not start:
        invoice.refuse(str(file), f"is empty; {ACCEPTED}")
        return
    is_json = start[:1] in b"{["
    limit = MAX_JSON_BYTES if is_json else MAX_TABLE_BYTES
    if size > limit:
        invoice.refuse(str(file), f"has {size / 2**20:,.0f} MB; at most {limit / 2**20:,.0f} MB are read; cut it")
    elif start[:2] == b"\x1f\x8b":
        invoice.refuse(str(file), "is compressed; unpack it with gunzip first")
    elif is_json:
        _read_json(file, stream.read(limit), invoice)
    else:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        _read_table(file, text, invoice, models)
        text.detach()


def _tables(models: Collection[str]) -> tuple[_Table, ...]:
    return (
        _Table(openai_export.COSTS, openai_export.COST_COLUMNS, openai_export.cost_row),
        _Table(openai_export.USAGE, openai_export.USAGE_COLUMNS, openai_export.usage_row),
        _Table(anthropic_export.COSTS, anthropic_export.COST_COLUMNS, anthropic_export.cost_row),
        _Table(anthropic_export.USAGE, anthropic_export.USAGE_COLUMNS, anthropic_export.usage_row),
        _Table(focus.FOCUS, focus.COLUMNS, focus.focus_reader(models)),
    )


def _read_table(file: Path, text: io.TextIOWrapper, invoice: Invoice, models: Collection[str]) -> None:
    lines = _Lines(text)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    header = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    table = next((table for table in _tables(models) if table.columns <= set(header)), None)
    if table is None or len(header) > MAX_COLUMNS:
        found = ", ".join(header[:6])[:120]
        invoice.refuse(str(file), f"the columns are those of no known export (found: {found}); {ACCEPTED}")
        return
    invoice.formats.append(table.name)
    for line, row in _rows(lines, delimiter, header, file, invoice):
        try:
            table.read(row, invoice)
        except BadValue as error:
            invoice.complain(f"{file}:{line}", str(error))


def _rows(
    lines: _Lines, delimiter: str, header: list[str], file: Path, invoice: Invoice
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows below the header, each with the number of the line that it begins on."""
    reader = csv.reader(lines, delimiter=delimiter)
    for number in range(MAX_ROWS + 1):
        began = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            invoice.complain(f"{file}:{began}", f"is no row of a table ({error})")
            continue
        if cells is None:
            return
        if number == MAX_ROWS:
            invoice.complain(f"{file}:{began}", f"only the first {MAX_ROWS:,} rows are read; cut the file")
            return
        if len(cells) == len(header):
            yield began, dict(zip(header, cells, strict=True))
        elif any(cells):
            invoice.complain(f"{file}:{began}", f"found {len(cells)} cells; the header has {len(header)}")


class _Lines:
    """The lines of a text, counted. One that is longer than any export writes comes in pieces, for memory's sake."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.number = 0
        """Lines that have ended."""
        self._text = text

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_MAX_LINE)
        if not line:
            raise StopIteration
        self.number += line.endswith("\n") or len(line) < _MAX_LINE
        return line


def _read_json(file: Path, body: bytes, invoice: Invoice) -> None:
    try:
        pages = _pages(body)
    except orjson.JSONDecodeError as error:
        invoice.refuse(f"{file}:{error.lineno}", "is not JSON, neither one document nor one per line")
        return
    known = False
    for number, page in enumerate(pages):
        data = page.get("data") if isinstance(page, dict) else None
        if not isinstance(data, list):
            continue
        place = f"{file}: " + (f"[{number}]." if len(pages) > 1 else "")
        for index, bucket in enumerate(data):
            known = _bucket(bucket, f"{place}data[{index}]", invoice) or known
        known = known or not data
        if page.get("has_more") is True and number == len(pages) - 1:
            invoice.complain(str(file), "has_more is true: the pages after this one are missing, fetch them as well")
    if not known:
        invoice.refuse(str(file), f"the JSON is that of no known export; {ACCEPTED}")


def _pages(body: bytes) -> list[Value]:
    """The pages of a file: one document, a list of them, or one per line."""
    try:
        document = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [orjson.loads(line) for line in lines]
    return document if isinstance(document, list) else [document]


def _bucket(bucket: Value, place: str, invoice: Invoice) -> bool:
    """Take a bucket; whether it is one of a known export."""
    if not isinstance(bucket, dict):
        return False
    export = next((export for mark, export in _BUCKETS.items() if mark in bucket), None)
    results = bucket.get("results", [])
    if export is None or not isinstance(results, list):
        return False
    costs, usage, read_result, read_empty = export
    try:
        if not results:
            read_empty(bucket, invoice)
    except BadValue as error:
        invoice.complain(place, str(error))
    for index, result in enumerate(results):
        if not isinstance(result, dict):
            invoice.complain(f"{place}.results[{index}]", "found no object")
            continue
        try:
            read_result(bucket, result, invoice)
        except BadValue as error:
            invoice.complain(f"{place}.results[{index}]", str(error))
        name = costs if "amount" in result else usage
        if name not in invoice.formats:
            invoice.formats.append(name)
    return True


_BUCKETS: Final = {
    "start_time": (
        openai_export.COSTS,
        openai_export.USAGE,
        openai_export.bucket_result,
        openai_export.empty_bucket,
    ),
    "starting_at": (
        anthropic_export.COSTS,
        anthropic_export.USAGE,
        anthropic_export.bucket_result,
        anthropic_export.empty_bucket,
    ),
}
"""The field that marks a bucket of an API, and who reads it."""
