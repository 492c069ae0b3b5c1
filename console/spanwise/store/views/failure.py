"""What failed, what was refused for its rate, and what has no price."""

from __future__ import annotations

from typing import Final

from spanwise.alert.calls import RATE_LIMITS as RATE_LIMIT_FORMS
from spanwise.store.views.view import Column, Kind, View, calls_counted


_MODEL: Final = Column("model", Kind.TEXT, "Model asked for, or else the one that answered.")
_PROVIDER: Final = Column("provider", Kind.TEXT, "Who was called.")
_LAST: Final = Column("last", Kind.MOMENT, "When the last of them began.")
_LAST_TRACE: Final = Column("last_trace_id", Kind.ID, "Its trace.")

ERRORS: Final = View(
    "errors",
    "Model calls that failed, one row for each class of error, model and provider.",
    (
        Column("error_type", Kind.TEXT, "Why they failed: a class of the SDK, or a status."),
        _MODEL,
        _PROVIDER,
        calls_counted("calls", "Calls that failed so."),
        Column("error_rate", Kind.RATE, "Their share of all calls of this model and provider."),
        Column("retries", Kind.COUNT, "Requests sent again for them.", adds=True, of="requests"),
        _LAST,
        _LAST_TRACE,
    ),
    """SELECT error_type, model, provider, calls, error_rate, retries, last, last_trace_id FROM (
           SELECT error_type, model, provider, count(*) AS calls,
                  count(*) / sum(count(*)) OVER (PARTITION BY model, provider) AS error_rate,
                  coalesce(sum(resends), 0)::BIGINT AS retries, max(start) AS last,
                  arg_max(trace_id, start) AS last_trace_id
           FROM calls GROUP BY error_type, model, provider
       ) WHERE error_type IS NOT NULL""",
    "calls DESC, error_type, model, provider",
)

_LIMITED: Final = f"coalesce(regexp_full_match(error_type, '{'|'.join(RATE_LIMIT_FORMS)}'), false)"

RATE_LIMITS: Final = View(
    "rate_limits",
    "Model calls that were refused for their rate or a quota, and requests that client libraries sent again, one row "
    "for each model and provider that had either.",
    (
        _MODEL,
        _PROVIDER,
        calls_counted("calls", "Model calls."),
        calls_counted("limited", "Those that ended with a rate limit or quota."),
        Column("limited_rate", Kind.RATE, "Their share of all calls."),
        calls_counted("retried", "Calls for which a request was sent again, for whatever reason."),
        Column("retries", Kind.COUNT, "Requests sent again.", adds=True, of="requests"),
        Column("last_limited", Kind.MOMENT, "When the last limited call began; NULL where none was."),
        Column("last_trace_id", Kind.ID, "Its trace."),
    ),
    f"""SELECT model, provider, count(*) AS calls, count(*) FILTER (limited) AS limited,
               count(*) FILTER (limited) / count(*) AS limited_rate, count(*) FILTER (resends > 0) AS retried,
               coalesce(sum(resends), 0)::BIGINT AS retries, max(start) FILTER (limited) AS last_limited,
               arg_max(trace_id, start) FILTER (limited) AS last_trace_id
        FROM (SELECT *, {_LIMITED} AS limited FROM calls)
        GROUP BY model, provider HAVING count(*) FILTER (limited OR resends > 0) > 0""",  # noqa: S608 - constants
    "limited DESC, retries DESC, model, provider",
)

UNPRICED: Final = View(
    "unpriced",
    "Model calls without a price, one row for each reason, model and provider.",
    (
        Column("reason", Kind.TEXT, "Why there is no price; NULL where the span does not say."),
        _MODEL,
        _PROVIDER,
        calls_counted("calls", "Calls without a price."),
        calls_counted("failed", "Those that failed, which most providers do not bill."),
        Column("input_tokens", Kind.TOKENS, "Input tokens of those that said how many.", adds=True),
        Column("output_tokens", Kind.TOKENS, "Output tokens of those that said how many.", adds=True),
        _LAST,
        _LAST_TRACE,
        Column("last_span_id", Kind.ID, "Its span, for `spanwise prices explain`."),
    ),
    """SELECT cost_reason AS reason, model, provider, count(*) AS calls, count(error_type) AS failed,
              coalesce(sum(input_tokens), 0)::BIGINT AS input_tokens,
              coalesce(sum(output_tokens), 0)::BIGINT AS output_tokens, max(start) AS last,
              arg_max(trace_id, start) AS last_trace_id, arg_max(span_id, start) AS last_span_id
       FROM calls WHERE unpriced GROUP BY cost_reason, model, provider""",
    "calls DESC, reason, model, provider",
)

FAILURE_VIEWS: Final = (ERRORS, RATE_LIMITS, UNPRICED)
