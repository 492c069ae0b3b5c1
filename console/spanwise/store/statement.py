"""A person's SQL: one statement that reads, within bounds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from spanwise.store.answer import Answer, value
from spanwise.store.error import StoreError
from spanwise.store.views.view import Column, Kind


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, Error

TIME_LIMIT_S: Final = 8.0
"""How long a statement may run. Writers wait for it, and give up after ten seconds."""

MEMORY_LIMIT: Final = "512MB"

MAX_CHARACTERS: Final = 100_000
"""Characters of a statement."""

MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
"""Text in an answer, roughly; rows beyond it are cut off."""

_FETCHED: Final = 256
_BOUNDS: Final = (
    f"SET memory_limit = '{MEMORY_LIMIT}'",
    "SET max_temp_directory_size = '0 bytes'",  # nothing is written, not to spill either
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)


class StatementError(StoreError):
    """A statement cannot be run; the message is one line that says why."""


def run_statement(connection: DuckDBPyConnection, text: str, *, limit: int) -> Answer:
    """What the statement `text` gives back, at most `limit` rows.

    `connection` is open for reading only, without access to files and network; the configuration is locked here, and
    the views are made. What the statement refers to outside the store does not exist for it.

    Raises:
        StatementError: it is no single SELECT, cannot be understood, or needs more time or memory than it may.
    """
    import duckdb

    from spanwise.store.views import define

    define(connection, text)
    for setting in _BOUNDS:
        connection.execute(setting)
    timer = threading.Timer(TIME_LIMIT_S, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        _check(connection, text)
        connection.execute(text)
        return _fetched(connection, limit)
    except duckdb.Error as error:
        raise StatementError(_sentence(error)) from error
    except RecursionError as error:
        raise StatementError("the statement is nested too deeply") from error
    finally:
        timer.cancel()


def _check(connection: DuckDBPyConnection, text: str) -> None:
    import duckdb

    if len(text) > MAX_CHARACTERS:
        raise StatementError(f"the statement has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
    statements = connection.extract_statements(text)
    if not statements:
        raise StatementError('there is no statement; as in: spanwise sql "SELECT * FROM cost_by_model"')
    if len(statements) > 1:
        raise StatementError(f"there are {len(statements)} statements; give one at a time")
    if statements[0].type not in {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}:
        raise StatementError(f"{statements[0].type.name} is not run: the store is open for reading, so use SELECT")


def _fetched(connection: DuckDBPyConnection, limit: int) -> Answer:
    columns = tuple(Column(str(name), _kind(str(kind)), "") for name, kind, *_ in connection.description or ())
    rows: list[tuple[object, ...]] = []
    size = 0
    while len(rows) <= limit and size < MAX_ANSWER_BYTES and (found := connection.fetchmany(_FETCHED)):
        rows += found
        size += sum(len(cell) for row in found for cell in row if isinstance(cell, str))
    is_cut = len(rows) > limit or size >= MAX_ANSWER_BYTES
    shown = [tuple(map(value, row)) for row in rows[:limit]]
    return Answer(columns, shown, None if is_cut else len(shown))


def _kind(of: str) -> Kind:
    name = of.upper()
    if name.startswith(("TIMESTAMP", "DATETIME")):
        return Kind.MOMENT
    if name == "DATE":
        return Kind.DAY
    return Kind.NUMBER if name.startswith(_NUMBERS) else Kind.TEXT


_NUMBERS: Final = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "NUMBER"),
)


def _sentence(error: Error) -> str:
    import duckdb

    if isinstance(error, duckdb.InterruptException):
        return f"the statement took longer than {TIME_LIMIT_S:g} s and was ended; ask for less"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"the statement needs more than {MEMORY_LIMIT} of memory; ask for less"
    if isinstance(error, duckdb.PermissionException):
        return "a statement reads the store and nothing else: no files, no network, no settings"
    # DuckDB's own words, of which the first paragraph says what is wrong and the rest draws a picture.
    said = str(error).split("\n\n")[0]
    lines = [line for line in said.splitlines() if line.strip()]
    return " ".join(lines)[:400] or type(error).__name__
