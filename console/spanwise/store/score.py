"""Scores in the store: given later than the call they are about, or written on it as events of its span."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from spanwise.record import ScoreRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import events
from spanwise.store import schema
from spanwise.store.document import utf8
from spanwise.store.row import MAX_TEXT, Cell


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SqlRow: TypeAlias = tuple[Any, ...]
"""A row as DuckDB hands it over."""

TABLE: Final = "scores"

MAX_COMMENT: Final = 4096
"""Characters kept of a comment."""

MAX_SCORES: Final = 100_000
"""Scores a reading returns at most."""

_COLUMNS: Final = {
    "time": "TIMESTAMP",
    "time_unix_nano": "BIGINT",
    "trace_id": "VARCHAR",
    "span_id": "VARCHAR",
    "response_id": "VARCHAR",
    "name": "VARCHAR",
    "value": "DOUBLE",
    "label": "VARCHAR",
    "comment": "VARCHAR",
    "source": "VARCHAR",
    "user_id": "VARCHAR",
    "error_type": "VARCHAR",
}

CREATE: Final = f"CREATE TABLE IF NOT EXISTS {TABLE} ({', '.join(f'{name} {kind}' for name, kind in _COLUMNS.items())})"
"""Scores that came by themselves; made by the first one, so files of earlier releases lack it."""


@dataclass(frozen=True, slots=True)
class StoredScore:
    """One score, joined to what it is about as far as the store holds that.

    Attributes:
        time: when it was given, in UTC.
        name: what was judged, as `helpful`.
        value: the number; `None` where it is a verdict in words, or the evaluation failed.
        label: the verdict; `true` or `false` for one that was given as a bool.
        comment: the reason, without what redaction took out.
        source: `human`, `code`, `llm` or `check`; `None` where nobody said.
        user: who gave it.
        error_type: why the evaluation failed, if it did.
        trace_id: of the trace it is about; `None` where only a response is named and no stored call has it.
        span_id: of the span it is about, found by the id of the response where that is what was named; `None` where it
            is about the whole trace.
        response_id: of the response, where one was named.
        model: of the call that it is about, and so are the next two.
        prompt_name: of its prompt.
        prompt_version: of its prompt.
    """

    time: datetime
    name: str
    value: float | None
    label: str | None
    comment: str | None
    source: str | None
    user: str | None
    error_type: str | None
    trace_id: str | None
    span_id: str | None
    response_id: str | None
    model: str | None
    prompt_name: str | None
    prompt_version: str | None


def has_table(connection: DuckDBPyConnection, columns: Collection[str] = ("name",)) -> bool:
    """Whether the file holds scores that came by themselves, in a table that has at least these columns."""
    found = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [TABLE]).fetchall()
    return {name for (name,) in found}.issuperset(columns)


def select(*, table: bool, spans: str = schema.TABLE) -> str:
    """The query for all scores of a file, one column for each field of `StoredScore`, in any order and without end.

    It has no parameters and can be made a view.

    Args:
        table: whether the file has the table of scores; without it those on spans are all.
        spans: what to look for calls in and for events, with the columns of the table of spans.
    """
    own = f"SELECT {', '.join(_HELD)} FROM {TABLE} UNION ALL" if table else ""  # noqa: S608 - constants of this module
    named = f"""
        SELECT {_id("attributes", attr.GEN_AI_RESPONSE_ID)} AS response_id, trace_id, span_id, start
        FROM {spans} WHERE model_call AND EXISTS (SELECT 1 FROM held WHERE span_id IS NULL AND response_id <> '')
    """  # noqa: S608 - constants of this module
    return f"""
        WITH held AS ({own} {on_spans(spans)}),
        named AS (SELECT response_id, arg_min(trace_id, start) AS trace_id, arg_min(span_id, start) AS span_id
                  FROM ({named}) WHERE response_id IS NOT NULL GROUP BY response_id),
        placed AS (
            SELECT held.* REPLACE (coalesce(held.trace_id, named.trace_id) AS trace_id,
                                   coalesce(held.span_id, named.span_id) AS span_id)
            FROM held LEFT JOIN named
              ON held.span_id IS NULL AND named.response_id = held.response_id
             AND (held.trace_id IS NULL OR held.trace_id = named.trace_id)
        )
        SELECT make_timestamp(placed.time_unix_nano // 1000) AS time, placed.name, placed.value, placed.label,
               placed.comment, placed.source, placed.user_id AS "user", placed.error_type, placed.trace_id,
               placed.span_id, placed.response_id, coalesce(it.request_model, it.response_model) AS model,
               it.prompt_name, it.prompt_version
        FROM placed LEFT JOIN {spans} AS it ON it.trace_id = placed.trace_id AND it.span_id = placed.span_id
    """  # noqa: S608 - constants of this module


def read_scores(
    connection: DuckDBPyConnection, since: datetime | None, trace_id: str | None, limit: int
) -> list[SqlRow]:
    """Rows of `StoredScore` in order of their time, the last `limit` of them."""
    spans = schema.TABLE if trace_id is None else "here"
    sql = f"""
        WITH here AS (SELECT * FROM {schema.TABLE} WHERE trace_id = ?)
        SELECT * FROM (
            SELECT * FROM ({select(table=has_table(connection), spans=spans)})
            WHERE time >= coalesce(?::TIMESTAMP, '-infinity'::TIMESTAMP) AND (?::VARCHAR IS NULL OR trace_id = ?)
            ORDER BY time DESC, name LIMIT ?
        ) ORDER BY time, name, span_id, value
    """  # noqa: S608 - constants of this module
    return connection.execute(sql, [trace_id, since, trace_id, trace_id, limit]).fetchall()


def write_scores(connection: DuckDBPyConnection, scores: Sequence[ScoreRecord]) -> int:
    """Add `scores` in one transaction; how many were not there before.

    One that was sent again, with all of it alike to the nanosecond, is left out.
    """
    columns = [list(column) for column in zip(*dict.fromkeys(map(_row, scores)), strict=True)]
    connection.execute(CREATE)
    found = connection.execute(_INSERT, columns).fetchone()
    return int(found[0]) if found else 0


_HELD: Final = tuple(name for name in _COLUMNS if name != "time")


def _id(document: str, name: str) -> str:
    return f"""json_extract_string({document}, '$."{name}"')"""


_ATTRIBUTES: Final = "json_extract(event, '$.attributes')"


def on_spans(spans: str, where: str = "true") -> str:
    """The query for scores that are events of spans, with the columns of the table of scores but for `time`.

    It is the one place that reads them out of spans. It has no parameters.

    Args:
        spans: what to look for events in, with the columns of the table of spans.
        where: a condition on a span.
    """
    return f"""
        SELECT try_cast(json_extract_string(event, '$.time_unix_nano') AS BIGINT) AS time_unix_nano, trace_id, span_id,
               {_id(_ATTRIBUTES, attr.GEN_AI_RESPONSE_ID)} AS response_id,
               {_id(_ATTRIBUTES, attr.GEN_AI_EVALUATION_NAME)} AS name,
               try_cast({_id(_ATTRIBUTES, attr.GEN_AI_EVALUATION_SCORE_VALUE)} AS DOUBLE) AS value,
               {_id(_ATTRIBUTES, attr.GEN_AI_EVALUATION_SCORE_LABEL)} AS label,
               {_id(_ATTRIBUTES, attr.GEN_AI_EVALUATION_EXPLANATION)} AS comment,
               {_id(_ATTRIBUTES, attr.SPANWISE_SCORE_SOURCE)} AS source,
               {_id(_ATTRIBUTES, attr.USER_ID)} AS user_id,
               {_id(_ATTRIBUTES, attr.ERROR_TYPE)} AS error_type
        FROM (SELECT trace_id, span_id, unnest(from_json(events, '["JSON"]')) AS event FROM {spans}
              WHERE contains(events::VARCHAR, '{events.GEN_AI_EVALUATION_RESULT}') AND {where})
        WHERE json_extract_string(event, '$.name') = '{events.GEN_AI_EVALUATION_RESULT}'
          AND {_id(_ATTRIBUTES, attr.GEN_AI_EVALUATION_NAME)} <> ''
    """  # noqa: S608 - constants of this module


_SAME: Final = " AND ".join(f"kept.{name} IS NOT DISTINCT FROM batch.{name}" for name in _HELD if name != "comment")

_INSERT: Final = f"""
    INSERT INTO {TABLE} SELECT make_timestamp(time_unix_nano // 1000), *
    FROM (SELECT {", ".join(f"unnest(?::{_COLUMNS[name]}[]) AS {name}" for name in _HELD)}) AS batch
    WHERE NOT EXISTS (SELECT 1 FROM {TABLE} AS kept WHERE {_SAME})
"""  # noqa: S608 - constants of this module
"""Adds a batch given as one list per column."""


def _row(score: ScoreRecord) -> tuple[Cell, ...]:
    comment = score.text(attr.GEN_AI_EVALUATION_EXPLANATION)
    return (
        score.time_unix_nano,
        f"{score.trace_id:032x}" if score.trace_id else None,
        f"{score.span_id:016x}" if score.span_id else None,
        _short(score, attr.GEN_AI_RESPONSE_ID),
        _short(score, attr.GEN_AI_EVALUATION_NAME),
        score.value,
        _short(score, attr.GEN_AI_EVALUATION_SCORE_LABEL),
        utf8(comment[:MAX_COMMENT]) if comment else None,
        _short(score, attr.SPANWISE_SCORE_SOURCE),
        _short(score, attr.USER_ID),
        _short(score, attr.ERROR_TYPE),
    )


def _short(score: ScoreRecord, name: str) -> str | None:
    text = score.text(name)
    return utf8(text[:MAX_TEXT]) if text else None
