"""The store's queries as SQL text; every value from outside is a parameter."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store import schema
from spanwise.store.result import SPAN_FIELDS, Dimension
from spanwise.store.views.call import text_attribute


_KEYS: Final[dict[Dimension, str]] = {
    # The model asked for, because a failed call has no other.
    Dimension.MODEL: "coalesce(request_model, response_model)",
    Dimension.PROVIDER: "provider",
    Dimension.USER: "user_id",
    Dimension.SESSION: "coalesce(session_id, conversation_id)",
    Dimension.PROMPT: "prompt_name || coalesce('@' || prompt_version, '')",
    Dimension.SERVICE: "service",
    Dimension.DAY: "strftime(start, '%Y-%m-%d')",
    Dimension.TENANT: "tenant",
    Dimension.FEATURE: text_attribute(attr.SPANWISE_FEATURE),
}

_USD: Final = "sum(cost) FILTER (model_call AND currency = 'USD')"

SINCE: Final = "start >= coalesce(?::TIMESTAMP, '-infinity'::TIMESTAMP)"


def cost(by: Dimension) -> str:
    """Rows of `CostRow`, dearest first. Parameters: since, limit."""
    return f"""
        SELECT {_KEYS[by]} AS key, count(*), count(error_type),
               coalesce(sum(input_tokens), 0)::BIGINT, coalesce(sum(output_tokens), 0)::BIGINT,
               coalesce(sum(cache_read_tokens), 0)::BIGINT, coalesce(sum(cache_write_tokens), 0)::BIGINT,
               coalesce(sum(reasoning_tokens), 0)::BIGINT,
               {_USD} AS usd, count(*) FILTER (cost IS NULL),
               count(*) FILTER (cost_status = '{values.SPANWISE_COST_STATUS_ESTIMATED}'),
               count(*) FILTER (currency <> 'USD'),
               quantile_cont(duration_s, 0.5), quantile_cont(duration_s, 0.95)
        FROM {schema.TABLE} WHERE model_call AND {SINCE}
        GROUP BY key ORDER BY {"key" if by is Dimension.DAY else "usd DESC NULLS LAST, count(*) DESC, key"} LIMIT ?
    """  # noqa: S608 - constants of this module


def _bucket(name: str) -> str:
    """The sum of one cost bucket, which has no column of its own."""
    value = f"json_extract_string(attributes, '$.\"{name}\"')"
    return f"coalesce(sum(try_cast({value} AS DECIMAL(18,12))), 0)"


_JUDGED: Final = f"""contains(attributes, '"{attr.SPANWISE_EVALUATION_RUN}"') AND cost_status IS NOT NULL"""
_REFUSED: Final = (
    f"cost IS NULL AND json_extract_string(attributes, '$.\"{attr.SPANWISE_BUDGET_ACTION}\"') "
    f"IS NOT DISTINCT FROM '{values.SPANWISE_BUDGET_ACTION_BLOCK}'"
)

# An invoice has calls that judge others too, which are no cost of the product; nothing has those a budget refused.
LEDGER: Final = f"""
    SELECT start::DATE AS day, provider, coalesce(response_model, request_model) AS model, currency, cost_status,
           count(*), count(*) FILTER (input_tokens IS NULL AND output_tokens IS NULL),
           coalesce(sum(input_tokens), 0)::BIGINT, coalesce(sum(cache_read_tokens), 0)::BIGINT,
           coalesce(sum(cache_write_tokens), 0)::BIGINT, coalesce(sum(output_tokens), 0)::BIGINT,
           sum(cost), {_bucket(attr.SPANWISE_COST_INPUT)}, {_bucket(attr.SPANWISE_COST_CACHE_READ)},
           {_bucket(attr.SPANWISE_COST_CACHE_WRITE)}, {_bucket(attr.SPANWISE_COST_OUTPUT)}
    FROM {schema.TABLE}
    WHERE (model_call OR (? AND duplicate_of IS NULL AND {_JUDGED})) AND NOT ({_REFUSED})
          AND {SINCE} AND start < coalesce(?::TIMESTAMP, 'infinity'::TIMESTAMP)
    GROUP BY ALL ORDER BY day, provider, model, currency, cost_status LIMIT ?
"""  # noqa: S608 - constants of this module
"""Rows of `LedgerRow`, oldest first. Parameters: with evaluations, since, until, limit."""

ERRORS: Final = f"""
    SELECT error_type, coalesce(request_model, response_model) AS model, provider, count(*), max(start),
           arg_max(trace_id, start)
    FROM {schema.TABLE} WHERE model_call AND error_type IS NOT NULL AND {SINCE}
    GROUP BY ALL ORDER BY count(*) DESC, error_type, model LIMIT ?
"""  # noqa: S608 - constants of this module
"""Rows of `ErrorRow`, most frequent first. Parameters: since, limit."""

LATENCY: Final = f"""
    SELECT coalesce(request_model, response_model) AS model, count(*),
           quantile_cont(duration_s, 0.5), quantile_cont(duration_s, 0.95) AS p95, max(duration_s),
           quantile_cont(time_to_first_chunk_s, 0.5), quantile_cont(time_to_first_chunk_s, 0.95),
           sum(output_tokens) FILTER (duration_s > 0)
             / nullif(sum(duration_s) FILTER (output_tokens IS NOT NULL AND duration_s > 0), 0)
    FROM {schema.TABLE} WHERE model_call AND {SINCE}
    GROUP BY model ORDER BY p95 DESC, model LIMIT ?
"""  # noqa: S608 - constants of this module
"""Rows of `LatencyRow`, slowest first. Parameters: since, limit."""

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
           {_USD}, count(*) FILTER (model_call AND cost IS NULL),
           count(*) FILTER (model_call AND cost_status = '{values.SPANWISE_COST_STATUS_ESTIMATED}'),
           coalesce(sum(redaction_count), 0)::BIGINT
    FROM {schema.TABLE} SEMI JOIN recent USING (trace_id)
    GROUP BY trace_id ORDER BY first DESC, trace_id
"""  # noqa: S608 - constants of this module
"""Rows of `TraceRow`, newest first. Parameters: since, limit."""

TRACE: Final = f"""
    SELECT {", ".join(SPAN_FIELDS)} FROM {schema.TABLE}
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
