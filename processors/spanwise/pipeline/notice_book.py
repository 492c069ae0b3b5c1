"""`NoticeBook`: which budget notices are open, beside the sums: processes and restarts tell each of them once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final, Literal, TypeAlias

from spanwise.budget.sums_file import SumsFile
from spanwise.notify.notice import Notice


Told: TypeAlias = Literal["", "firing", "resolved"]
"""What a receiver was told last; empty for nothing yet."""

_CREATE: Final = (
    "CREATE TABLE IF NOT EXISTS notices (fingerprint TEXT PRIMARY KEY, notice TEXT NOT NULL, budget TEXT NOT NULL, "
    "key TEXT NOT NULL, percent INTEGER NOT NULL, until_s INTEGER NOT NULL, held_s REAL NOT NULL, "
    "told TEXT NOT NULL DEFAULT '', next_s REAL NOT NULL DEFAULT 0) WITHOUT ROWID"
)
_ADD: Final = (
    "INSERT INTO notices (fingerprint, notice, budget, key, percent, until_s, held_s) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (fingerprint) DO UPDATE SET notice = excluded.notice, held_s = excluded.held_s, told = '', next_s = 0 "
    "WHERE told = 'resolved'"
)
_READ: Final = (
    "SELECT notice, budget, key, percent, until_s, held_s, told FROM notices "
    "WHERE told != 'resolved' AND next_s <= ? LIMIT 10000"
)
_HOLD: Final = "UPDATE notices SET held_s = ? WHERE fingerprint = ?"
_CLAIM: Final = "UPDATE notices SET told = ?, next_s = 0 WHERE fingerprint = ? AND told = ?"
_UNTELL: Final = "UPDATE notices SET told = ?, next_s = ? WHERE fingerprint = ? AND told = ?"
_DROP: Final = "DELETE FROM notices WHERE fingerprint = ? AND told = ''"
_PRUNE: Final = "DELETE FROM notices WHERE told = 'resolved' AND held_s < ?"
_KEEP_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Open:
    """A share that was reached, and has not been resolved.

    Attributes:
        notice: What is told of it.
        budget: Name of the budget.
        key: Values by dimension.
        percent: The share.
        until_s: When its period ends; 0 for an hour, which slides.
        held_s: When somebody saw last that it holds.
        told: What a receiver was told.
    """

    notice: Notice
    budget: str
    key: dict[str, str]
    percent: int
    until_s: int
    held_s: float
    told: Told = ""


class NoticeBook:
    """Open notices in the file of the sums, or in memory. Every method raises `sqlite3.Error` or `OSError`.

    Args:
        file: the file; `None` for memory, which ends with the process.
    """

    def __init__(self, file: SumsFile | None) -> None:
        self._file = file
        self._memory = sqlite3.connect(":memory:", check_same_thread=False) if file is None else None

    def add(self, opened: Open) -> None:
        """A share was reached; nothing where somebody else has said so."""
        about = json.dumps(asdict(opened.notice)), opened.budget, json.dumps(opened.key), opened.percent
        with self._connection() as connection:
            connection.execute(_ADD, (opened.notice.fingerprint, *about, opened.until_s, opened.held_s))

    def read(self, now_s: float) -> list[Open]:
        """What is open, and is not to wait after a failure."""
        with self._connection() as connection:
            connection.execute(_PRUNE, (now_s - _KEEP_S,))
            return [found for row in connection.execute(_READ, (now_s,)) if (found := _open(row)) is not None]

    def hold(self, notice: Notice, now_s: float) -> None:
        """It still holds."""
        with self._connection() as connection:
            connection.execute(_HOLD, (now_s, notice.fingerprint))

    def claim(self, notice: Notice, before: Told) -> bool:
        """Become the one who tells `notice`, of whose like `before` was told; `False` when another process has."""
        with self._connection() as connection:
            return connection.execute(_CLAIM, (notice.state, notice.fingerprint, before)).rowcount == 1

    def untell(self, notice: Notice, next_s: float) -> None:
        """`notice` could not be told; it may be again from `next_s` on."""
        before = "" if notice.state == "firing" else "firing"
        with self._connection() as connection:
            connection.execute(_UNTELL, (before, next_s, notice.fingerprint, notice.state))

    def drop(self, notice: Notice) -> None:
        """It is over, and nobody was told of it."""
        with self._connection() as connection:
            connection.execute(_DROP, (notice.fingerprint,))

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = self._memory or (self._file.opened() if self._file else None)
        assert connection is not None
        try:
            connection.execute(_CREATE)
            yield connection
            connection.commit()
        finally:
            if connection is not self._memory:
                connection.close()


def _open(row: tuple[object, ...]) -> Open | None:
    """The notice of a row; `None` for one that somebody else has written."""
    written, budget, key, percent, until_s, held_s, told = row
    try:
        notice, values = Notice(**json.loads(str(written))), json.loads(str(key))
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(values, dict) or not isinstance(percent, int) or not isinstance(until_s, int):
        return None
    if not isinstance(held_s, float | int) or not isinstance(notice.labels, dict):
        return None
    return Open(notice, str(budget), values, percent, until_s, held_s, "firing" if told == "firing" else "")
