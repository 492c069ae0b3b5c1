"""The lists of calls and of traces, page by page, newest first."""

from __future__ import annotations

from typing import Final

from spanwise.store.schema import TABLE
from spanwise.store.views.call import UNPRICED
from spanwise.view.asked import Asked
from spanwise.view.filter import KEYS, Filter
from spanwise.view.source import Question, Row, Source


PAGE: Final = 100
"""Rows of a page unless a request says otherwise."""
MAX_PAGE: Final = 500

_LAST: Final = (1 << 63) - 1

_CALL: Final = f"""
    trace_id, span_id, start_unix_nano, start_unix_nano // 1000 AS start_us, duration_s, name, operation, provider,
    coalesce(response_model, request_model) AS model, service, {KEYS["user"]} AS user, {KEYS["session"]} AS session,
    prompt_name, prompt_version, input_tokens, output_tokens, cache_read_tokens, reasoning_tokens,
    cost, currency, cost_status, cost_reason, error_type, refused, time_to_first_chunk_s, resends, redaction_count
"""

FACETS: Final = ("model", "provider", "user", "session", "prompt", "service")
"""What the filter offers values of."""
_MOST_VALUES: Final = 40


def calls(source: Source, asked: Asked) -> dict[str, object]:
    """One page of the model calls that a filter lets through, and where the next one begins.

    `next` is absent on the last page. A duplicate of another call is none.
    """
    chosen = Filter.read(asked)
    limit = asked.number("limit", PAGE, least=1, most=MAX_PAGE)
    before = asked.number("before", _LAST, least=0, most=_LAST)
    after_id = asked.text("span") or ""
    sql = f"""
        SELECT {_CALL} FROM {TABLE}
        WHERE model_call AND (start_unix_nano < ? OR (start_unix_nano = ? AND span_id > ?)) AND {chosen.sql}
        ORDER BY start_unix_nano DESC, span_id LIMIT ?
    """
    (rows,) = source.ask(Question(sql, (before, before, after_id, *chosen.parameters, limit + 1)))
    page = rows[:limit]
    answer: dict[str, object] = {"calls": [_without_nanoseconds(row) for row in page]}
    if len(rows) > limit:
        answer["next"] = {"before": str(page[-1]["start_unix_nano"]), "span": page[-1]["span_id"]}
    return answer


def traces(source: Source, asked: Asked) -> dict[str, object]:
    """One page of traces whose calls a filter lets through, with the sums of their model calls."""
    chosen = Filter.read(asked)
    limit = asked.number("limit", PAGE, least=1, most=MAX_PAGE)
    before = asked.number("before", _LAST, least=0, most=_LAST)
    after_id = asked.text("trace") or ""
    sql = f"""
        WITH chosen AS (
            SELECT trace_id, min(start_unix_nano) AS first FROM {TABLE}
            WHERE trace_id IN (SELECT trace_id FROM {TABLE} WHERE {chosen.sql}) GROUP BY trace_id
        ), page AS (
            SELECT trace_id, first FROM chosen WHERE first < ? OR (first = ? AND trace_id > ?)
            ORDER BY first DESC, trace_id LIMIT ?
        )
        SELECT trace_id, first, first // 1000 AS start_us, {_SUMS}
        FROM {TABLE} JOIN page USING (trace_id) GROUP BY trace_id, first ORDER BY first DESC, trace_id
    """
    (rows,) = source.ask(Question(sql, (*chosen.parameters, before, before, after_id, limit + 1)))
    page = rows[:limit]
    answer: dict[str, object] = {"traces": [{k: v for k, v in row.items() if k != "first"} for row in page]}
    if len(rows) > limit:
        answer["next"] = {"before": str(page[-1]["first"]), "trace": page[-1]["trace_id"]}
    return answer


def facets(source: Source, asked: Asked) -> dict[str, object]:
    """What calls can be filtered by: for each name the values that most calls have, with their number of calls."""
    since = asked.since()
    where = "model_call AND ? " if since is None else "model_call AND start >= ?"
    questions = [
        Question(
            f"SELECT {KEYS[name]} AS value, count(*) AS calls FROM {TABLE} WHERE {where} AND {KEYS[name]} IS NOT NULL "
            f"GROUP BY value ORDER BY calls DESC, value LIMIT {_MOST_VALUES}",
            (since or True,),
        )
        for name in FACETS
    ]
    return dict(zip(FACETS, source.ask(*questions), strict=True))


def overview(source: Source, asked: Asked) -> dict[str, object]:
    """How much the store holds, and the sums of its calls."""
    since = asked.since()
    where = "?" if since is None else "start >= ?"
    (rows,) = source.ask(
        Question(
            f"""
            SELECT count(*) AS spans, count(*) FILTER (model_call) AS calls,
                   count(*) FILTER (model_call AND error_type IS NOT NULL) AS errors,
                   sum(cost) FILTER (model_call AND currency = 'USD') AS cost_usd,
                   count(*) FILTER (model_call AND {UNPRICED}) AS unpriced,
                   count(*) FILTER (model_call AND cost_status = 'estimated') AS estimated,
                   count(*) FILTER (model_call AND currency <> 'USD') AS foreign,
                   coalesce(sum(input_tokens) FILTER (model_call), 0)::BIGINT AS input_tokens,
                   coalesce(sum(output_tokens) FILTER (model_call), 0)::BIGINT AS output_tokens,
                   quantile_cont(duration_s, 0.5) FILTER (model_call) AS p50_s,
                   quantile_cont(duration_s, 0.95) FILTER (model_call) AS p95_s
            FROM {TABLE} WHERE {where}
            """,
            (since or True,),
        )
    )
    return {"store": str(source.store.path), **(rows[0] if rows else {})}


_SUMS: Final = f"""
    (max(end_unix_nano) - min(start_unix_nano)) / 1e9 AS duration_s,
    coalesce(arg_min(name, start_unix_nano) FILTER (parent_span_id IS NULL), arg_min(name, start_unix_nano)) AS name,
    coalesce(arg_min(service, start_unix_nano) FILTER (parent_span_id IS NULL), any_value(service)) AS service,
    any_value(user_id) AS user, any_value(coalesce(session_id, conversation_id)) AS session,
    count(*) AS spans, count(*) FILTER (model_call) AS calls,
    count(*) FILTER (model_call AND error_type IS NOT NULL) AS errors,
    count(*) FILTER (model_call AND refused) AS refused,
    coalesce(sum(input_tokens) FILTER (model_call), 0)::BIGINT AS input_tokens,
    coalesce(sum(output_tokens) FILTER (model_call), 0)::BIGINT AS output_tokens,
    sum(cost) FILTER (model_call AND currency = 'USD') AS cost_usd,
    count(*) FILTER (model_call AND {UNPRICED}) AS unpriced,
    count(*) FILTER (model_call AND cost_status = 'estimated') AS estimated,
    count(*) FILTER (model_call AND currency <> 'USD') AS foreign,
    coalesce(sum(redaction_count), 0)::BIGINT AS redactions
"""
"""Columns of a trace, or of all traces of a session, as a sum of its calls."""

SUMS: Final = _SUMS


def _without_nanoseconds(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "start_unix_nano"}
