"""The store's queries as SQL text; every value from outside is a parameter."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store import schema
from spanwise.store.result import SPAN_FIELDS
from spanwise.store.views.call import BLOCKED, UNPRICED


_USD: Final = "sum(cost) FILTER (model_call AND currency = 'USD')"

SINCE: Final = "start >= coalesce(?::TIMESTAMP, '-infinity'::TIMESTAMP)"


def _bucket(name: str) -> str:
    """The sum of one cost bucket, which has no column of its own."""
    value = f"json_extract_string(attributes, '$.\"{name}\"')"
    return f"coalesce(sum(try_cast({value} AS DECIMAL(18,12))), 0)"


_JUDGED: Final = f"""contains(attributes, '"{attr.SPANWISE_EVALUATION_RUN}"') AND cost_status IS NOT NULL"""

# An invoice has calls that judge others too, which are no cost of the product; nothing has those a budget refused.
LEDGER: Final = f"""
    SELECT start::DATE AS day, provider, coalesce(response_model, request_model) AS model, currency, cost_status,
           count(*), count(*) FILTER (input_tokens IS NULL AND output_tokens IS NULL),
           coalesce(sum(input_tokens), 0)::BIGINT, coalesce(sum(cache_read_tokens), 0)::BIGINT,
           coalesce(sum(cache_write_tokens), 0)::BIGINT, coalesce(sum(output_tokens), 0)::BIGINT,
           sum(cost), {_bucket(attr.SPANWISE_COST_INPUT)}, {_bucket(attr.SPANWISE_COST_CACHE_READ)},
           {_bucket(attr.SPANWISE_COST_CACHE_WRITE)}, {_bucket(attr.SPANWISE_COST_OUTPUT)}
    FROM {schema.TABLE}
    WHERE (model_call OR (? AND duplicate_of IS NULL AND {_JUDGED})) AND NOT {BLOCKED}
          AND {SINCE} AND start < coalesce(?::TIMESTAMP, 'infinity'::TIMESTAMP)
    GROUP BY ALL ORDER BY day, provider, model, currency, cost_status LIMIT ?
"""  # noqa: S608 - constants of this module
"""Rows of `LedgerRow`, oldest first. Parameters: with evaluations, since, until, limit."""

TRACES: Final = f"""
    WITH recent AS (
        SELECT trace_id, min(start) AS first FROM {schema.TABLE} WHERE {SINCE}
        GROUP BY trace_id ORDER BY first DESC, trace_id LIMIT ?
    )
    SELECT trace_id, min(start) AS first, (max(end_unix_nano) - min(start_unix_nano)) / 1e9,
           coalesce(arg_min(name, start_unix_nano) FILTER (parent_span_id IS NULL), arg_min(name, start_unix_nano)),
           coalesce(arg_min(service, start_unix_nano) FILTER (parent_span_id IS NULL), any_value(service)),
           count(*), count(*) FILTER (model_call), count(*) FILTER (model_call AND error_type IS NOT NULL),
           coalesce(sum(input_tokens) FILTER (model_call), 0)::BIGINT,
           coalesce(sum(output_tokens) FILTER (model_call), 0)::BIGINT,
           {_USD}, count(*) FILTER (model_call AND {UNPRICED}),
           count(*) FILTER (model_call AND cost_status = '{values.SPANWISE_COST_STATUS_ESTIMATED}'),
           coalesce(sum(redaction_count), 0)::BIGINT
    FROM {schema.TABLE} SEMI JOIN recent USING (trace_id)
    GROUP BY trace_id ORDER BY first DESC, trace_id
"""  # noqa: S608 - constants of this module
"""Rows of `TraceRow`, newest first. Parameters: since, limit."""

_SPAN: Final = ", ".join(f"{BLOCKED} AS blocked" if name == "blocked" else name for name in SPAN_FIELDS)

TRACE: Final = f"""
    SELECT {_SPAN} FROM {schema.TABLE}
    WHERE trace_id = ? ORDER BY start_unix_nano, end_unix_nano DESC, span_id LIMIT ?
"""  # noqa: S608 - constants of this module
"""Rows of `StoredSpan`, in order of their start. Parameters: trace id, limit."""

DOCUMENTS: Final = f"""
    SELECT span_id, attributes, events, links, resource FROM {schema.TABLE}
    WHERE trace_id = ? ORDER BY start_unix_nano, end_unix_nano DESC, span_id LIMIT ?
"""  # noqa: S608 - constants of this module
"""Span ids with rows of `StoredDocuments`, in the order of `TRACE`. Parameters: trace id, limit."""

TRACE_IDS: Final = f"""
    SELECT DISTINCT trace_id FROM {schema.TABLE} WHERE starts_with(trace_id, ?) ORDER BY trace_id LIMIT ?
"""  # noqa: S608 - constants of this module
"""Trace ids that begin with a text. Parameters: the beginning, limit."""

LAST_TRACE_ID: Final = (
    f"SELECT trace_id FROM {schema.TABLE} GROUP BY trace_id ORDER BY min(start) DESC, trace_id LIMIT 1"  # noqa: S608 - constants of this module
)
"""The trace that started last."""

COUNTS: Final = f"""
    SELECT count(*), count(*) FILTER (model_call), count(DISTINCT trace_id), min(start), max(start) FROM {schema.TABLE}
"""  # noqa: S608 - constants of this module
"""The row of `StoreCounts` without the size."""
