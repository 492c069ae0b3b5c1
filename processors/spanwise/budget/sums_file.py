"""`SumsFile`: the sums of budgets on a disk, so that a restart keeps them and processes of one machine share them."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from spanwise.budget.account import Entry
from spanwise.budget.sums import Sums
from spanwise.semconv import environment


FILE: Final = "budgets.sqlite"
DIRECTORY: Final = ".spanwise"
OFF: Final = "off"

KEEP_S: Final = 70 * 86_400
"""How long sums are kept: two months and some days, for a look back."""

_BUSY_S: Final = 2.0
_CREATE: Final = (
    "CREATE TABLE IF NOT EXISTS sums (budget TEXT NOT NULL, key TEXT NOT NULL, bucket INTEGER NOT NULL, "
    "usd TEXT NOT NULL, estimated_usd TEXT NOT NULL, calls INTEGER NOT NULL, unpriced INTEGER NOT NULL, "
    "tokens INTEGER NOT NULL, PRIMARY KEY (budget, key, bucket)) WITHOUT ROWID"
)
_FIND: Final = "SELECT * FROM sums WHERE budget = ? AND key = ? AND bucket = ?"
_WRITE: Final = "INSERT OR REPLACE INTO sums VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_READ: Final = "SELECT * FROM sums WHERE budget = ? AND bucket >= ? LIMIT 1000000"
_PRUNE: Final = "DELETE FROM sums WHERE bucket < ?"
_CREATE_IDS: Final = "CREATE TABLE IF NOT EXISTS ids (id TEXT NOT NULL UNIQUE)"
_ADD_ID: Final = "INSERT OR IGNORE INTO ids VALUES (?)"
_READ_IDS: Final = "SELECT id FROM ids ORDER BY rowid LIMIT 1000"
_HAS: Final = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"


class SumsFile:
    """A small SQLite file. Amounts are text of decimals, so that no sum is rounded.

    Args:
        path: the file; it and its folder are made when something is written.

    Every method raises `sqlite3.Error` or `OSError` where the file cannot be used. A file that somebody else writes is
    waited for, two seconds at most.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = secrets.token_hex(8)
        """Which file this is, by what stands in it once it was read or written; until then what will, if it is new."""
        self._ids = {self.id}

    def read(self, since: Mapping[str, int]) -> list[Entry]:
        """The sums of the budgets in `since`, each from the bucket on that it names; none when there is no file."""
        if not self.path.exists():
            return []
        with closing(self._open()) as connection:
            self._learn_ids(connection)
            return _rows(connection, since)

    def exchange(self, entries: Iterable[Entry], since: Mapping[str, int], now_s: float) -> list[Entry]:
        """Add `entries` and read what `read` does, as one: nothing of another process comes between."""
        with closing(self.opened()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_CREATE)
            connection.execute(_CREATE_IDS)
            connection.execute(_ADD_ID, (self.id,))
            for entry in entries:
                _add(connection, entry)
            connection.execute(_PRUNE, (int(now_s) - KEEP_S,))
            self._learn_ids(connection)
            found = _rows(connection, since)
            connection.commit()
            return found

    def opened(self) -> sqlite3.Connection:
        """A connection, to be closed; the file and its folder are made where there are none, for their owner alone."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not self.path.exists()
        connection = self._open()
        if is_new:
            os.chmod(self.path, 0o600)
        return connection

    def is_called(self, name: object) -> bool:
        """Whether `name` is an id of this file. It has several where processes began to use it at once."""
        return isinstance(name, str) and name in self._ids

    def _learn_ids(self, connection: sqlite3.Connection) -> None:
        """The first id is the one to use: another process may have named the file before."""
        if ids := [str(row[0]) for row in connection.execute(_READ_IDS)] if _has(connection, "ids") else []:
            self._ids = set(ids)
            self.id = ids[0]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)


def sums_path(environ: Mapping[str, str]) -> Path | None:
    """Where the sums are: `SPANWISE_BUDGETS`, else beside the store; `None` when that is `off`."""
    named = environ.get(environment.SPANWISE_BUDGETS, "")
    if named:
        return None if named.strip().lower() == OFF else Path(named).expanduser()
    store = environ.get(environment.SPANWISE_STORE, "")
    return (Path(store).expanduser().parent if store else Path(DIRECTORY)) / FILE


def machine_path(environ: Mapping[str, str]) -> Path | None:
    """Where the sums of this machine are when a collector of several adds up; `None` when they are kept nowhere.

    It is not the file of `sums_path`, which a collector on the same machine writes: there nothing may be added twice.
    """
    path = sums_path(environ)
    return None if path is None else path.with_stem(f"{path.stem}-machine")


def _add(connection: sqlite3.Connection, entry: Entry) -> None:
    key = json.dumps(entry.key)
    sums = entry.sums.copy()
    for row in connection.execute(_FIND, (entry.budget, key, entry.bucket)):
        if (before := _entry(row)) is not None:
            sums.add(before.sums)
    row = (entry.budget, key, entry.bucket, str(sums.usd), str(sums.estimated_usd), sums.calls, sums.unpriced)
    connection.execute(_WRITE, (*row, sums.tokens))


def _rows(connection: sqlite3.Connection, since: Mapping[str, int]) -> list[Entry]:
    if not _has(connection, "sums"):
        return []
    rows = [row for name, first in since.items() for row in connection.execute(_READ, (name, first))]
    return [entry for row in rows if (entry := _entry(row)) is not None]


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute(_HAS, (table,)).fetchone() is not None


def _entry(row: tuple[object, ...]) -> Entry | None:
    """The entry of a row; `None` for one that somebody else has written."""
    budget, key, bucket, usd, estimated_usd, *counts = row
    try:
        names = json.loads(str(key))
        amounts = Decimal(str(usd)), Decimal(str(estimated_usd))
    except (ValueError, InvalidOperation, RecursionError):
        return None
    if not isinstance(names, list) or not isinstance(bucket, int) or not all(each.is_finite() for each in amounts):
        return None
    calls, unpriced, tokens = (count if isinstance(count, int) else 0 for count in counts)
    return Entry(str(budget), tuple(map(str, names)), bucket, Sums(*amounts, calls, unpriced, tokens))
