"""`StateTable`: the states of alerts in the store, so that a restart neither forgets an alert nor tells it twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from spanwise.alerting.condition import Condition
from spanwise.store.connection import opened
from spanwise.store.creation import create


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row: TypeAlias = tuple[Any, ...]
"""A row as DuckDB hands it over."""

STATES: Final = "alert_states"
WATCH: Final = "alert_watch"

_COLUMNS: Final = {
    "rule": "VARCHAR",
    "labels": "JSON",
    "state": "VARCHAR",
    "since_s": "DOUBLE",
    "started_s": "DOUBLE",
    "held_s": "DOUBLE",
    "seen_s": "DOUBLE",
    "value": "DOUBLE",
    "told": "VARCHAR",
    "told_s": "DOUBLE",
    "failures": "BIGINT",
    "next_s": "DOUBLE",
}
_CREATE: Final = (
    f"CREATE TABLE IF NOT EXISTS {STATES} ({', '.join(f'{name} {kind}' for name, kind in _COLUMNS.items())})",
    f"CREATE TABLE IF NOT EXISTS {WATCH} (holder VARCHAR, until_s DOUBLE, evaluated_s DOUBLE, unanswered JSON)",
)
"""Made by the first evaluation; files of earlier releases lack them, and a reader takes that for empty."""

_UNNESTED: Final = ", ".join(
    "unnest(?::VARCHAR[])::JSON" if kind == "JSON" else f"unnest(?::{kind}[])" for kind in _COLUMNS.values()
)
_INSERT: Final = f"INSERT INTO {STATES} SELECT {_UNNESTED}"
"""Adds rows given as one list per column: row by row, 2,000 of them would hold the file for seconds."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What the last evaluation left.

    Attributes:
        conditions: Every condition that is remembered.
        holder: Who evaluates; empty when nobody does.
        until_s: Until when that holds, in seconds since 1970.
        evaluated_s: When the last evaluation was; 0 for never.
        unanswered: Rules that it could not answer, and why.
    """

    conditions: tuple[Condition, ...] = ()
    holder: str = ""
    until_s: float = 0.0
    evaluated_s: float = 0.0
    unanswered: Mapping[str, str] = field(default_factory=dict)


class StateTable:
    """The states in the store at `path`.

    Raises:
        StoreError: from every method, when the file cannot be used.
    """

    def __init__(self, path: Path, *, lock_timeout_s: float = 10.0) -> None:
        self._path = path
        self._lock_timeout_s = lock_timeout_s

    def read(self) -> Watched:
        """What is remembered; nothing of a store that is not there, or that nobody has watched."""
        if not self._path.exists():
            return Watched()
        with opened(self._path, read_only=True, lock_timeout_s=self._lock_timeout_s) as connection:
            return _read(connection)

    def take(self, holder: str, *, now_s: float, until_s: float) -> Watched | None:
        """Become the one who evaluates until `until_s`; `None` when somebody else is.

        Several programs may run over one store, and only one of them tells.
        """
        create(self._path)
        with opened(self._path, read_only=False, lock_timeout_s=self._lock_timeout_s) as connection:
            for statement in _CREATE:
                connection.execute(statement)
            found = _read(connection)
            if found.holder not in {"", holder} and found.until_s > now_s:
                return None
            _write_watch(connection, holder, until_s, found.evaluated_s, found.unanswered)
            return found

    def write(
        self,
        holder: str,
        conditions: Iterable[Condition],
        *,
        until_s: float,
        evaluated_s: float,
        unanswered: Mapping[str, str],
    ) -> bool:
        """Remember `conditions` in place of all that was; `False` when `holder` is not the one who evaluates."""
        rows = [(each.rule, json.dumps(dict(each.labels)), *astuple(each)[2:]) for each in conditions]
        with opened(self._path, read_only=False, lock_timeout_s=self._lock_timeout_s) as connection:
            if _read(connection).holder != holder:
                return False
            connection.execute("BEGIN")
            connection.execute(f"DELETE FROM {STATES}")  # noqa: S608 - a constant
            if rows:
                connection.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])
            _write_watch(connection, holder, until_s, evaluated_s, unanswered)
            connection.execute("COMMIT")
        return True


def _write_watch(
    connection: DuckDBPyConnection, holder: str, until_s: float, evaluated_s: float, unanswered: Mapping[str, str]
) -> None:
    connection.execute(f"DELETE FROM {WATCH}")  # noqa: S608 - a constant
    values = [holder, until_s, evaluated_s, json.dumps(dict(unanswered))]
    connection.execute(f"INSERT INTO {WATCH} VALUES (?, ?, ?, ?)", values)  # noqa: S608 - a constant


def _read(connection: DuckDBPyConnection) -> Watched:
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name IN (?, ?)", [STATES, WATCH])
    if len(found.fetchall()) < len(_CREATE):
        return Watched()
    rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM {STATES} ORDER BY rule, labels").fetchall()  # noqa: S608 - constants
    conditions = tuple(_condition(row) for row in rows)
    watch = connection.execute(f"SELECT holder, until_s, evaluated_s, unanswered FROM {WATCH}").fetchone()  # noqa: S608 - a constant
    if watch is None:
        return Watched(conditions)
    return Watched(conditions, watch[0], watch[1], watch[2], json.loads(watch[3]))


def _condition(row: Row) -> Condition:
    rule, labels, *rest = row
    return Condition(rule, json.loads(labels), *rest)
