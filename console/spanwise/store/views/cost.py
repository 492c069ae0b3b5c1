"""What calls cost, by one thing at a time."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import values
from spanwise.store.result import Dimension
from spanwise.store.views.view import Column, Kind, View, calls_counted


KEYS: Final = {
    Dimension.DAY: Column("day", Kind.DAY, "Day."),
    Dimension.MODEL: Column("model", Kind.TEXT, "Model asked for, or else the one that answered."),
    Dimension.PROVIDER: Column("provider", Kind.TEXT, "Who was called."),
    Dimension.USER: Column("user_id", Kind.TEXT, "User; NULL for calls of none."),
    Dimension.TENANT: Column("tenant", Kind.TEXT, "Tenant; NULL for calls of none."),
    Dimension.SESSION: Column("session", Kind.TEXT, "Session, or else the conversation; NULL for calls of none."),
    Dimension.FEATURE: Column("feature", Kind.TEXT, "Feature of the application; NULL for calls of none."),
    Dimension.PROMPT: Column("prompt", Kind.TEXT, "Prompt as `name@version`; NULL for calls of none."),
    Dimension.SERVICE: Column("service", Kind.TEXT, "Service that called."),
}
"""The column that calls are grouped by, for each dimension."""

_SUMS: Final = (
    calls_counted("calls", "Model calls."),
    calls_counted("errors", "Those that failed."),
    Column("input_tokens", Kind.TOKENS, "Input tokens of the calls that said how many.", adds=True),
    Column("output_tokens", Kind.TOKENS, "Output tokens of the calls that said how many.", adds=True),
    Column("cache_read_tokens", Kind.TOKENS, "Part of the input that was read from a cache.", adds=True),
    Column("cache_write_tokens", Kind.TOKENS, "Part of the input that was written to a cache.", adds=True),
    Column("reasoning_tokens", Kind.TOKENS, "Part of the output that was thought and not shown.", adds=True),
    Column("cost_usd", Kind.COST, "Sum of the calls priced in US dollars; NULL where there is none.", adds=True),
    Column("estimated_usd", Kind.MONEY, "Part of `cost_usd` that is an estimate; NULL where none is.", adds=True),
    calls_counted("estimated_calls", "Calls in `estimated_usd`."),
    calls_counted("unpriced_calls", "Calls without a price, which have no part in any sum."),
    calls_counted("foreign_calls", "Calls priced in other currencies, see `cost_by_currency`."),
    calls_counted("blocked_calls", "Calls that a budget refused, which were never made and need no price."),
    Column("p50_s", Kind.SECONDS, "Median duration."),
    Column("p95_s", Kind.SECONDS, "Duration that 95 of 100 calls do not exceed."),
)

_SUMS_SQL: Final = """
    count(*) AS calls, count(error_type) AS errors,
    coalesce(sum(input_tokens), 0)::BIGINT AS input_tokens, coalesce(sum(output_tokens), 0)::BIGINT AS output_tokens,
    coalesce(sum(cache_read_tokens), 0)::BIGINT AS cache_read_tokens,
    coalesce(sum(cache_write_tokens), 0)::BIGINT AS cache_write_tokens,
    coalesce(sum(reasoning_tokens), 0)::BIGINT AS reasoning_tokens,
    sum(cost_usd) AS cost_usd, sum(cost_usd) FILTER (estimated) AS estimated_usd,
    count(*) FILTER (estimated) AS estimated_calls, count(*) FILTER (unpriced) AS unpriced_calls,
    count(*) FILTER (currency <> 'USD') AS foreign_calls, count(*) FILTER (blocked) AS blocked_calls,
    quantile_cont(duration_s, 0.5) AS p50_s, quantile_cont(duration_s, 0.95) AS p95_s
"""


def _by(dimension: Dimension, key: Column) -> View:
    order = key.name if dimension is Dimension.DAY else f"cost_usd DESC NULLS LAST, calls DESC, {key.name}"
    return View(
        f"cost_by_{dimension.value}",
        f"What model calls cost, one row for each {dimension.value}; the rows have every call once.",
        (key, *_SUMS),
        f"SELECT {key.name}, {_SUMS_SQL} FROM calls GROUP BY {key.name}",  # noqa: S608 - constants of this module
        order,
    )


COST_BY: Final = {dimension: _by(dimension, key) for dimension, key in KEYS.items()}
"""The view of each dimension."""

BY_CURRENCY: Final = View(
    "cost_by_currency",
    "What model calls cost, one row for each currency. Currencies are never added up.",
    (
        Column("currency", Kind.TEXT, "Currency; NULL for calls without a price."),
        calls_counted("calls", "Model calls."),
        Column("cost", Kind.NUMBER, "Their cost in `currency`, to 12 decimals."),
        Column("estimated_cost", Kind.NUMBER, "Part of it that is an estimate; NULL where none is."),
    ),
    f"""SELECT currency, count(*) AS calls, sum(cost) AS cost,
               sum(cost) FILTER (cost_status = '{values.SPANWISE_COST_STATUS_ESTIMATED}') AS estimated_cost
        FROM calls GROUP BY currency""",  # noqa: S608 - a constant
    "calls DESC, currency",
)

COST_VIEWS: Final = (*COST_BY.values(), BY_CURRENCY)
