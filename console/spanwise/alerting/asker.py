"""`Asker`: questions to the store about a time that ends at one moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row: TypeAlias = tuple[Any, ...]
"""A row as DuckDB hands it over."""

SECOND_NS: Final = 1_000_000_000
MOST_ROWS: Final = 50_000
"""Rows of one question; one with more is not answered, because half an answer is a wrong one."""


class UnansweredError(Exception):
    """A question has no answer now; the message says why. Nothing follows from it: unknown is not calm."""


@dataclass(frozen=True, slots=True)
class Asker:
    """One open store and one moment: every rule of an evaluation sees the same.

    Attributes:
        connection: The store, open for reading.
        now_ns: The moment, in nanoseconds since 1970.
        query_s: Seconds that one question may take.
    """

    connection: DuckDBPyConnection
    now_ns: int
    query_s: float = 2.0

    @property
    def now_s(self) -> float:
        """The moment in seconds."""
        return self.now_ns / SECOND_NS

    def ago_ns(self, seconds: float) -> int:
        """The moment `seconds` earlier, in nanoseconds."""
        return self.now_ns - int(seconds * SECOND_NS)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of a question, at most 50,000.

        Raises:
            UnansweredError: there are more, it took longer than it may, or it failed.
        """
        import duckdb

        try:
            with self._bounded():
                rows = self.connection.execute(f"{sql} LIMIT {MOST_ROWS + 1}", list(parameters)).fetchall()
        except duckdb.InterruptException as error:
            raise UnansweredError(f"the store took longer than {self.query_s:g} s") from error
        except duckdb.Error as error:
            # Its message may quote what is stored.
            raise UnansweredError(f"the store could not answer ({type(error).__name__})") from error
        if len(rows) > MOST_ROWS:
            raise UnansweredError(f"there are more than {MOST_ROWS:,} groups")
        return rows

    def has_table(self, name: str) -> bool:
        """Whether the store has a table; files of earlier releases lack some."""
        found = self.rows("SELECT table_name FROM duckdb_tables() WHERE table_name = ?", [name])
        return bool(found)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        timer = threading.Timer(self.query_s, self.connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
