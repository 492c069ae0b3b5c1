"""Keeping the store within its size and age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from spanwise.store import schema, score
from spanwise.store.config import StoreConfig


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_FULL: Final = 0.45
"""Share of the cap at which space is made. DuckDB merges blocks by writing the new before it frees the old, so a file
grows to twice what is in it."""

_AFTER: Final = 0.3
"""Share of the cap that is left after making space, so that it is not made for every batch."""


_ROUNDS: Final = 4
"""Spans differ in size, so deleting a share of them may take more than one try."""


def prune(connection: DuckDBPyConnection, config: StoreConfig) -> int:
    """Delete what is too old, then the oldest of what is too much; the number of spans deleted.

    Freed blocks are used again by later batches; the file itself shrinks only from its end.
    """
    return _prune_age(connection, config) + _prune_size(connection, config)


def _prune_age(connection: DuckDBPyConnection, config: StoreConfig) -> int:
    oldest = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=config.keep_days)
    return _delete_before(connection, oldest)


def _prune_size(connection: DuckDBPyConnection, config: StoreConfig) -> int:
    # Blocks are counted as of the last checkpoint, so what was just inserted has to be written out first.
    connection.execute("CHECKPOINT")
    deleted = 0
    for _ in range(_ROUNDS):
        used = connection.execute("SELECT block_size * used_blocks FROM pragma_database_size()").fetchone()
        used_bytes = int(used[0]) if used else 0
        if used_bytes <= config.max_bytes * _FULL:
            break
        share = 1 - config.max_bytes * _AFTER / used_bytes
        found = connection.execute(f"SELECT quantile_disc(start, ?) FROM {schema.TABLE}", [share]).fetchone()  # noqa: S608 - a constant
        if not found or found[0] is None:
            break
        deleted += _delete_before(connection, found[0], inclusive=True)
        connection.execute("CHECKPOINT")
    return deleted


def _delete_before(connection: DuckDBPyConnection, moment: datetime, *, inclusive: bool = False) -> int:
    comparison = "<=" if inclusive else "<"
    for table, column in _held(connection):
        connection.execute(f"DELETE FROM {table} WHERE {column} {comparison} ?", [moment])  # noqa: S608 - a constant
    deleted = connection.execute(f"DELETE FROM {schema.TABLE} WHERE start {comparison} ?", [moment]).fetchone()  # noqa: S608 - a constant
    return int(deleted[0]) if deleted else 0


_TIMES: Final = {schema.REPRICINGS: "start", score.TABLE: "time"}
"""The tables beside that of the spans, with the column that says how old a row is."""


def _held(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    """Those of `_TIMES` that are there: what is remembered of a span goes with it, a score when it is as old."""
    found = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return [(str(row[0]), _TIMES[row[0]]) for row in found if row[0] in _TIMES]
