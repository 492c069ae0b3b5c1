"""Changing what stored calls cost, and remembering what they cost before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from spanwise.record import SpanRecord
from spanwise.store import schema
from spanwise.store.document import json_text
from spanwise.store.row import Cell, cost_cells
from spanwise.store.stored_call import CALL_COLUMNS, StoredPrice


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Place: TypeAlias = tuple[int, str, str]
"""Where a reading of calls stands: start, trace id and span id of the last one."""
SqlRow: TypeAlias = tuple[Any, ...]
"""A row as DuckDB hands it over."""

BATCH_CALLS: Final = 4_000
BATCH_BYTES: Final = 16 * 1024 * 1024
"""Documents in one batch at most, unless a single one is larger."""

_FETCHED: Final = 128
_ATTRIBUTES: Final = CALL_COLUMNS.index("attributes")
_FIRST: Final[Place] = (-1, "", "")


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A call with another price than the one it was read with.

    `record` is the call as it shall be; `old` is what it was read with, `removed` the attributes that said so.
    """

    record: SpanRecord
    old: StoredPrice
    removed: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RepricingRow:
    """What one run of a repricing changed between two books, in one currency before and after; times in UTC.

    `old` and `new` are `None` where no call had a price.
    """

    run: str
    at: datetime
    old_book: str | None
    new_book: str | None
    old_currency: str | None
    new_currency: str | None
    calls: int
    old: Decimal | None
    new: Decimal | None


READ: Final = f"""
    SELECT {", ".join(CALL_COLUMNS)} FROM {schema.TABLE}
    WHERE model_call AND start_unix_nano >= ? AND (start_unix_nano, trace_id, span_id) > (?, ?, ?)
      AND start >= coalesce(?::TIMESTAMP, '-infinity'::TIMESTAMP)
      AND start < coalesce(?::TIMESTAMP, 'infinity'::TIMESTAMP)
    ORDER BY start_unix_nano, trace_id, span_id LIMIT {BATCH_CALLS}
"""  # noqa: S608 - constants of this module
"""Calls after a place, in order. Parameters: start of the place, the place, since, until."""

BY_ID: Final = f"""
    SELECT {", ".join(CALL_COLUMNS)} FROM {schema.TABLE} WHERE starts_with(span_id, ?)
    ORDER BY start_unix_nano DESC, trace_id, span_id LIMIT ?
"""  # noqa: S608 - constants of this module
"""Spans whose ids begin with a text, newest first. Parameters: the beginning, limit."""

RUNS: Final = f"""
    SELECT run, min(run_at), cost_book, new_book, currency, new_currency, count(*), sum(cost), sum(new_cost)
    FROM {schema.REPRICINGS} GROUP BY run, cost_book, new_book, currency, new_currency
    ORDER BY min(run_at) DESC, run, count(*) DESC LIMIT ?
"""  # noqa: S608 - constants of this module
"""Rows of `RepricingRow`, newest first. Parameter: limit."""

_BATCH: Final = {
    "trace_id": "VARCHAR",
    "span_id": "VARCHAR",
    "start_unix_nano": "BIGINT",
    "old_cost": "DECIMAL(18,12)",
    "old_status": "VARCHAR",
    "old_book": "VARCHAR",
    "removed": "JSON",
    "cost": "DECIMAL(18,12)",
    "currency": "VARCHAR",
    "cost_status": "VARCHAR",
    "cost_reason": "VARCHAR",
    "cost_book": "VARCHAR",
    "attributes": "JSON",
}
_NEW: Final = ("cost", "currency", "cost_status", "cost_reason", "cost_book", "attributes")
_UNNESTED: Final = ", ".join(
    f"unnest(?::VARCHAR[])::{kind} AS {name}" if kind != "BIGINT" else f"unnest(?::BIGINT[]) AS {name}"
    for name, kind in _BATCH.items()
)
_KEPT: Final = (
    "kept.trace_id = batch.trace_id AND kept.span_id = batch.span_id AND kept.start_unix_nano = batch.start_unix_nano "
    "AND kept.start_unix_nano BETWEEN ? AND ? AND kept.model_call AND kept.cost IS NOT DISTINCT FROM batch.old_cost "
    "AND kept.cost_status IS NOT DISTINCT FROM batch.old_status AND kept.cost_book IS NOT DISTINCT FROM batch.old_book"
)
"""A call that is still priced as it was when it was read. Parameters: first and last start of the batch."""

_REMEMBER: Final = f"""
    INSERT INTO {schema.REPRICINGS}
    SELECT ?, make_timestamp(?::BIGINT), kept.trace_id, kept.span_id, kept.start, kept.cost, kept.currency,
           kept.cost_status, kept.cost_reason, kept.cost_book, batch.removed, batch.cost, batch.currency,
           batch.cost_status, batch.cost_reason, batch.cost_book
    FROM (SELECT {_UNNESTED}) AS batch JOIN {schema.TABLE} AS kept ON {_KEPT}
    RETURNING trace_id, span_id
"""  # noqa: S608 - constants of this module

_CHANGE: Final = f"""
    UPDATE {schema.TABLE} AS kept SET {", ".join(f"{name} = batch.{name}" for name in _NEW)}
    FROM (SELECT {_UNNESTED}) AS batch WHERE {_KEPT}
"""  # noqa: S608 - constants of this module


def read_batch(
    connection: DuckDBPyConnection, place: Place | None, since: datetime | None, until: datetime | None
) -> list[SqlRow]:
    """Rows of the calls after `place`, at most `BATCH_CALLS` and about `BATCH_BYTES`; empty when there are no more."""
    after = place or _FIRST
    cursor = connection.execute(READ, [after[0], *after, since, until])
    rows: list[SqlRow] = []
    size = 0
    while size < BATCH_BYTES and (found := cursor.fetchmany(_FETCHED)):
        rows += found
        size += sum(len(row[_ATTRIBUTES] or "") for row in found)
    return rows


def read_runs(connection: DuckDBPyConnection, limit: int) -> list[SqlRow]:
    """Rows of `RUNS`; empty in a file in which nothing was ever priced again."""
    found = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [schema.REPRICINGS]).fetchone()
    return connection.execute(RUNS, [limit]).fetchall() if found else []


def place_of(row: SqlRow) -> Place:
    """Where the reading stands after `row`."""
    return row[0], row[1], row[2]


def write_prices(
    connection: DuckDBPyConnection, run: str, at_us: int, prices: Sequence[NewPrice]
) -> set[tuple[int, int]]:
    """Write `prices` in one transaction; trace and span ids of the calls that were changed.

    A call that is gone or was priced by somebody else since it was read stays as it is.
    """
    columns = [list(column) for column in zip(*map(_cells, prices), strict=True)]
    starts = [price.record.start_unix_nano for price in prices]
    span = [min(starts), max(starts)]
    connection.execute(schema.CREATE_REPRICINGS)
    connection.begin()
    changed = connection.execute(_REMEMBER, [run, at_us, *columns, *span]).fetchall()
    connection.execute(_CHANGE, [*columns, *span])
    connection.commit()
    return {(int(trace_id, 16), int(span_id, 16)) for trace_id, span_id in changed}


def _cells(price: NewPrice) -> tuple[Cell, ...]:
    record, old = price.record, price.old
    return (
        f"{record.trace_id:032x}",
        f"{record.span_id:016x}",
        record.start_unix_nano,
        None if old.amount is None else f"{old.amount:f}",
        old.status,
        old.book,
        json_text(price.removed),
        *cost_cells(record),
        json_text(record.attributes),
    )
