"""Reading scores from a file: every line is a score, or named with what is wrong with it."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import orjson

from spanwise.cli.command import CommandError
from spanwise.record import ScoreRecord
from spanwise.record import score as form
from spanwise.semconv import attributes as attr


Row: TypeAlias = Mapping[str, Any]
"""One line, parsed: the border to CSV and JSON."""

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_LINES: Final = 1_000_000

COLUMNS: Final = ("name", "value", "label", "trace_id", "span_id", "response_id", "comment", "source", "user", "time")

_WRONG_USE: Final = 2
_SNIFFED: Final = 4096


@dataclass(slots=True)
class ScoreFile:
    """What a file holds.

    Attributes:
        scores: the good lines.
        problems: what is wrong with the others, as `line 7: ...`; no comment is quoted.
        ignored: columns and keys that are none of `COLUMNS`.
    """

    scores: list[ScoreRecord] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)


def read_scores(file: Path, source: str) -> ScoreFile:
    """The scores in `file`, CSV with a header or JSON lines, by what its first character is.

    In CSV, a value that is a number or `true` or `false` is one; anything else is a label. A line without a time was
    given now. `source` is who gave the scores of lines that do not say.

    Raises:
        CommandError: the file cannot be read, is too large, is not UTF-8, or has no header.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file}: cannot be read ({error.strerror or type(error).__name__})", _WRONG_USE) from None
    if len(content) > MAX_BYTES:
        raise CommandError(f"{file}: larger than {MAX_BYTES // 1024 // 1024} MiB; split it", _WRONG_USE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{file}: not UTF-8", _WRONG_USE) from None
    found = ScoreFile()
    _read(file, text, found, source)
    return found


def value_of(text: str) -> float | bool | str:
    """What is meant by `text` on a command line or in CSV: a number, true or false, or a label."""
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text


def _read(file: Path, text: str, found: ScoreFile, source: str) -> None:
    lines = io.StringIO(text, newline="")
    rows = _json_rows(lines, found) if text[:_SNIFFED].lstrip()[:1] == "{" else _table_rows(file, lines, found)
    now_unix_nano = time.time_ns()
    for count, (line, row) in enumerate(rows):
        if count == MAX_LINES:
            found.problems.append(f"line {line}: more than {MAX_LINES:,} scores; the rest is not read")
            return
        found.ignored.update(row.keys() - set(COLUMNS))
        try:
            # Each a nanosecond after the one before: two alike in a file are two scores.
            found.scores.append(_score(row, source, now_unix_nano + count))
        except (TypeError, ValueError) as error:
            found.problems.append(f"line {line}: {error}")


def _json_rows(text: IO[str], found: ScoreFile) -> Iterator[tuple[int, Row]]:
    for line, content in enumerate(text, 1):
        if not content.strip():
            continue
        try:
            row = orjson.loads(content)
        except orjson.JSONDecodeError:
            row = None
        if isinstance(row, dict):
            yield line, {key: value for key, value in row.items() if value is not None}
        else:
            found.problems.append(f"line {line}: not a JSON object")


def _table_rows(file: Path, text: IO[str], found: ScoreFile) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(text, strict=True)
    names = [name.strip() for name in reader.fieldnames or ()]
    if "name" not in names or not {"value", "label"} & set(names):
        raise CommandError(
            f"{file}:1: accepted is a header with name and value, and trace_id or response_id", _WRONG_USE
        )
    reader.fieldnames = names
    while True:
        try:
            row: dict[str | None, Any] | None = next(reader, None)
        except csv.Error as error:
            found.problems.append(f"line {reader.line_num}: not CSV ({error}); the rest is not read")
            return
        if row is None:
            return
        if None in row:
            found.problems.append(f"line {reader.line_num}: more cells than the header has columns")
            continue
        cells = {str(name): cell.strip() for name, cell in row.items() if cell and cell.strip()}
        if "value" in cells:
            yield reader.line_num, {**cells, "value": value_of(cells["value"])}
        else:
            yield reader.line_num, cells


def _score(row: Row, source: str, now_unix_nano: int) -> ScoreRecord:
    """The score that `row` is.

    Raises:
        TypeError: one of its values is of another type.
        ValueError: one of its values has another form, or it is about nothing.
    """
    label = row.get("label")
    attributes = form.said(
        row.get("name", ""),
        row.get("value", label),
        comment=row.get("comment"),
        source=row.get("source", source),
        user=row.get("user"),
    )
    if label is not None:
        attributes[attr.GEN_AI_EVALUATION_SCORE_LABEL] = form.label(label)
    if "response_id" in row:
        attributes[attr.GEN_AI_RESPONSE_ID] = form.response_id(row["response_id"])
    score = ScoreRecord(
        form.trace_id(row["trace_id"], "trace_id") if "trace_id" in row else 0,
        form.span_id(row["span_id"], "span_id") if "span_id" in row else 0,
        _time(row["time"]) if "time" in row else now_unix_nano,
        attributes,
    )
    if wrong := form.problem(score):
        raise ValueError(f"{wrong}.")
    return score


def _time(text: object) -> int:
    try:
        moment = datetime.fromisoformat(text if isinstance(text, str) else "")
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        since = aware - datetime.fromtimestamp(0, UTC)
    except (ValueError, OverflowError):
        raise ValueError("time: accepted is ISO 8601 as in 2026-01-31T12:00:00Z; found another form.") from None
    nanoseconds = (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000
    if not 0 < nanoseconds < 2**63:
        raise ValueError("time: accepted is a time between 1970 and 2262.")
    return nanoseconds
