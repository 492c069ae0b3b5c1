"""`Source`: reading the store for the page, within bounds of time, memory and rows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from spanwise.store import Store, StoreError
from spanwise.store.connection import opened
from spanwise.view.refusal import Refusal


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row: TypeAlias = dict[str, Any]
"""One row of an answer by column name, as DuckDB hands it over."""

MAX_ROWS: Final = 2_000
"""Rows of one answer at most, whatever a question says; a trace has its own bound."""

QUERY_TIMEOUT_S: Final = 8.0
LOCK_TIMEOUT_S: Final = 5.0
MEMORY: Final = "1GB"

_REMEMBERED: Final = 48
_REMEMBERED_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """SQL with its parameters. `most` bounds the rows that are fetched.

    Where the file lacks `table`, which a later release may have added, `without` is asked in place of `sql`.
    """

    sql: str
    parameters: tuple[object, ...] = ()
    most: int = MAX_ROWS
    table: str = ""
    without: str = ""


class Source:
    """Answers questions about the store in `store.path`; may be asked from several threads.

    The file is opened for each batch of questions and closed again, because nobody can write it meanwhile. Answers are
    remembered until the file changes.
    """

    def __init__(self, store: Store, *, query_timeout_s: float = QUERY_TIMEOUT_S, memory: str = MEMORY) -> None:
        self.store = store
        self._memory = memory
        self._query_timeout_s = query_timeout_s
        self._remembered: OrderedDict[tuple[str, Question], list[Row]] = OrderedDict()
        self._lock = threading.Lock()

    def stamp(self) -> str:
        """Changes whenever the store does; costs two calls of `stat`."""
        marks = []
        for path in (self.store.path, self.store.path.with_name(self.store.path.name + ".wal")):
            try:
                found = path.stat()
            except OSError:
                marks.append("-")
            else:
                marks.append(f"{found.st_ino:x}.{found.st_mtime_ns:x}.{found.st_size:x}")
        return "_".join(marks)

    def ask(self, *questions: Question) -> list[list[Row]]:
        """The rows of each of `questions`, of one state of the store; empty where there is no store yet.

        Raises:
            Refusal: 504, the questions took longer than the bound; 503, the store cannot be used.
        """
        stamp = self.stamp()
        with self._lock:
            known = [self._remembered.get((stamp, question)) for question in questions]
        if all(rows is not None for rows in known):
            return [rows for rows in known if rows is not None]
        if not self.store.path.exists():
            return [[] for _ in questions]
        try:
            with opened(self.store.path, read_only=True, lock_timeout_s=LOCK_TIMEOUT_S) as connection:
                answers = self._answers(connection, questions)
        except StoreError as error:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None
        self._remember(stamp, questions, answers)
        return answers

    def forget(self) -> None:
        """Answer from the file again, for measurements."""
        with self._lock:
            self._remembered.clear()

    def _answers(self, connection: DuckDBPyConnection, questions: Sequence[Question]) -> list[list[Row]]:
        import duckdb

        try:
            with self._bounded(connection):
                tables = {str(row[0]) for row in connection.execute(_TABLES).fetchall()}
                return [_rows(connection, question, tables) for question in questions]
        except (duckdb.InterruptException, duckdb.OutOfMemoryException):
            raise Refusal(
                HTTPStatus.GATEWAY_TIMEOUT,
                f"the store did not answer within {self._query_timeout_s:g} s and {self._memory}; "
                "choose a shorter time or a narrower filter",
            ) from None

    @contextmanager
    def _bounded(self, connection: DuckDBPyConnection) -> Iterator[None]:
        connection.execute(f"SET memory_limit = '{self._memory}'")
        timer = threading.Timer(self._query_timeout_s, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _remember(self, stamp: str, questions: Sequence[Question], answers: list[list[Row]]) -> None:
        with self._lock:
            for question, rows in zip(questions, answers, strict=True):
                if len(rows) <= _REMEMBERED_ROWS:
                    self._remembered[stamp, question] = rows
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)


_TABLES: Final = "SELECT table_name FROM duckdb_tables()"


def _rows(connection: DuckDBPyConnection, question: Question, tables: set[str]) -> list[Row]:
    sql = question.without if question.table and question.table not in tables else question.sql
    cursor = connection.execute(sql, list(question.parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, cells, strict=True)) for cells in cursor.fetchmany(question.most)]
