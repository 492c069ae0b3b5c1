"""The store's table: one typed column for everything a report reads, JSON columns for the whole span."""

from __future__ import annotations

from typing import Final


VERSION: Final = 1
"""Raised with every change of `COLUMNS`; a file of a later version is refused."""

TABLE: Final = "spans"

COLUMNS: Final[dict[str, str]] = {
    "trace_id": "VARCHAR",
    "span_id": "VARCHAR",
    "parent_span_id": "VARCHAR",
    "start": "TIMESTAMP",
    "start_unix_nano": "BIGINT",
    "end_unix_nano": "BIGINT",
    "duration_s": "DOUBLE",
    "name": "VARCHAR",
    "kind": "VARCHAR",
    "status": "VARCHAR",
    "status_description": "VARCHAR",
    "error_type": "VARCHAR",
    "service": "VARCHAR",
    "scope": "VARCHAR",
    "operation": "VARCHAR",
    "provider": "VARCHAR",
    "request_model": "VARCHAR",
    "response_model": "VARCHAR",
    "input_tokens": "BIGINT",
    "output_tokens": "BIGINT",
    "cache_read_tokens": "BIGINT",
    "cache_write_tokens": "BIGINT",
    "reasoning_tokens": "BIGINT",
    "cost": "DECIMAL(18,12)",
    "currency": "VARCHAR",
    "cost_status": "VARCHAR",
    "cost_reason": "VARCHAR",
    "cost_book": "VARCHAR",
    "time_to_first_chunk_s": "DOUBLE",
    "finish_reasons": "JSON",
    "resends": "BIGINT",
    "refused": "BOOLEAN",
    "user_id": "VARCHAR",
    "session_id": "VARCHAR",
    "conversation_id": "VARCHAR",
    "prompt_name": "VARCHAR",
    "prompt_version": "VARCHAR",
    "tenant": "VARCHAR",
    "redaction_count": "BIGINT",
    "redaction_kinds": "JSON",
    "duplicate_of": "VARCHAR",
    "model_call": "BOOLEAN",
    "processed": "VARCHAR",
    "trace_state": "VARCHAR",
    "flags": "BIGINT",
    "attributes": "JSON",
    "events": "JSON",
    "links": "JSON",
    "resource": "JSON",
    "scope_attributes": "JSON",
}
"""Column name to SQL type, in the order of a row. Ids are lower-case hex; times are UTC."""

REPRICINGS: Final = "repricings"

CREATE_REPRICINGS: Final = f"""
    CREATE TABLE IF NOT EXISTS {REPRICINGS} (
        run VARCHAR, run_at TIMESTAMP, trace_id VARCHAR, span_id VARCHAR, start TIMESTAMP,
        cost DECIMAL(18,12), currency VARCHAR, cost_status VARCHAR, cost_reason VARCHAR, cost_book VARCHAR,
        removed JSON,
        new_cost DECIMAL(18,12), new_currency VARCHAR, new_status VARCHAR, new_reason VARCHAR, new_book VARCHAR
    )
"""
"""What calls cost before they were priced again, one row per change; made by the first change.

`removed` holds the attributes that the change took away, so that the span can be told as it was exported. Files of
earlier releases lack the table and later releases read them, so it is no part of `VERSION`.
"""

VIEWS: Final = "spanwise_views"
"""The table that says which views are in the file: one row with a digest of them. It is no part of `VERSION`."""

CREATE: Final = (
    "CREATE TABLE spanwise_schema (version INTEGER)",
    f"INSERT INTO spanwise_schema VALUES ({VERSION})",  # noqa: S608 - a constant
    f"CREATE TABLE {TABLE} ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})",
)
"""Statements that make an empty store. There is no primary key: DuckDB gives space back only for tables without one."""


def _source(name: str, kind: str) -> str:
    if name == "start":
        return "make_timestamp(unnest(?::BIGINT[])) AS start"
    if kind.startswith("DECIMAL"):
        return f"unnest(?::VARCHAR[])::{kind} AS {name}"
    return f"unnest(?::VARCHAR[])::JSON AS {name}" if kind == "JSON" else f"unnest(?::{kind}[]) AS {name}"


INSERT: Final = (
    f"INSERT INTO {TABLE} SELECT * FROM (SELECT {', '.join(_source(*column) for column in COLUMNS.items())}) AS batch "  # noqa: S608 - names of this module only
    f"WHERE NOT EXISTS (SELECT 1 FROM {TABLE} AS kept WHERE kept.span_id = batch.span_id "
    "AND kept.trace_id = batch.trace_id AND kept.start = batch.start AND kept.start BETWEEN "
    "make_timestamp(?::BIGINT) AND make_timestamp(?::BIGINT))"
)
"""Adds a batch given as one list per column, then its first and last start in microseconds.

A span sent again has the same ids and the same start, so only blocks of that time range are read to find it.
"""
