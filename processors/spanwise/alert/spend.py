"""Alerts of money and tokens: too fast, too much, unusual, or unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.alert.alert import Alert, Query
from spanwise.alert.calls import LEAST_CALLS, MODEL
from spanwise.alert.threshold import Threshold
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics


BUDGET: Final = "budget"
"""Stands in texts and in `by` for the name of the budget."""

SERVICE: Final = (attr.SERVICE_NAME, attr.DEPLOYMENT_ENVIRONMENT_NAME)

_RATE: Final = Threshold("spend_rate_usd", Decimal(100), "USD", "US dollars in an hour, of one service for one model.")
_DISTANCE: Final = Threshold(
    "spend_anomaly_deviations",
    Decimal(4),
    "standard deviations",
    "How far the spend of an hour may be from the hours of the day before.",
    least=Decimal(1),
)
_ANOMALY_LEAST: Final = Threshold("spend_anomaly_least_usd", Decimal(5), "USD", "Hours that cost less never ring.")
_TOKENS: Final = Threshold(
    "tokens_per_call_times",
    Decimal(2),
    "times",
    "How many times the tokens of a call of the hours before.",
    least=Decimal("1.01"),
)
_COLLAPSE: Final = Threshold(
    "cache_hit_share_of_past",
    Decimal("0.5"),
    "ratio",
    "The cache-hit ratio now, as a share of that of the hours before.",
    most=Decimal(1),
)
_WAS_CACHED: Final = Threshold(
    "cache_hit_least_ratio",
    Decimal("0.1"),
    "ratio",
    "A cache-hit ratio below this had nothing to lose.",
    most=Decimal(1),
)
_UNPRICED: Final = Threshold(
    "unpriced_calls", Decimal(0), "calls", "Calls without a price in an hour that are accepted."
)
_BOOK_AGE: Final = Threshold(
    "price_book_age_s", Decimal(60 * 86_400), "s", "Seconds after which the prices in use are too old."
)
HOUR_TIMES: Final = Threshold(
    "budget_burn_hour_times", Decimal(2), "times", "Pace of 5 minutes against what an hourly budget allows."
)
DAY_TIMES: Final = Threshold(
    "budget_burn_day_times", Decimal(4), "times", "Pace of an hour against what a daily budget allows."
)
MONTH_TIMES: Final = Threshold(
    "budget_burn_month_times", Decimal(10), "times", "Pace of an hour against what a monthly budget allows."
)
_NEAR: Final = Threshold("budget_near_share", Decimal("0.8"), "ratio", "Share of a budget at which somebody is told.")

SPEND_RATE: Final = Alert(
    id="spend_rate",
    severity="page",
    means="A service spends more in an hour than anybody meant it to, whatever the budgets say.",
    by=MODEL,
    hold_s=0,
    thresholds=(_RATE,),
    summary="{service.name}: {value:usd} USD for {gen_ai.request.model} in the last hour",
    description=(
        "{service.name} spent {value:usd} USD on {gen_ai.request.model} ({gen_ai.provider.name}) in the last hour. The "
        "limit is {spend_rate_usd:usd} USD. Calls without a known price are not in this sum."
    ),
    query=Query("sum", metrics.SPANWISE_COST.name, 3_600, {}, above=_RATE.key),
    runbook="spend_rate",
)

SPEND_ANOMALY: Final = Alert(
    id="spend_anomaly",
    severity="ticket",
    means="The last hour cost far more than the hours of the day before.",
    by=SERVICE,
    hold_s=600,
    thresholds=(_DISTANCE, _ANOMALY_LEAST),
    summary="{service.name}: spend of the last hour is {value:number} standard deviations above the day before",
    description=(
        "The last hour of {service.name} cost {value:number} standard deviations more than the average hour of the 24 "
        "hours before. It rings from {spend_anomaly_deviations:number} on, for hours above "
        "{spend_anomaly_least_usd:usd} USD."
    ),
    query=Query(
        "anomaly",
        metrics.SPANWISE_COST.name,
        3_600,
        {},
        above=_DISTANCE.key,
        least=_ANOMALY_LEAST.key,
        past_s=86_400,
    ),
    runbook="spend_anomaly",
)

BUDGET_BURN: Final = Alert(
    id="budget_burn",
    severity="page",
    means="A budget is being used up many times as fast as it allows.",
    by=(BUDGET,),
    hold_s=0,
    thresholds=(HOUR_TIMES, DAY_TIMES, MONTH_TIMES),
    summary="Budget {budget}: spending {value:number} times as fast as it allows",
    description=(
        "At the pace of the last hour (of the last 5 minutes for an hourly budget) budget {budget} of "
        "{limit_usd:usd} USD per {per} is used up {value:number} times within its {per}."
    ),
    query=Query("budget_pace", metrics.SPANWISE_COST.name, 3_600, {}, above=MONTH_TIMES.key),
    runbook="budget_burn",
)

BUDGET_NEAR: Final = Alert(
    id="budget_near",
    severity="ticket",
    means="Most of a budget is spent.",
    by=(BUDGET,),
    hold_s=0,
    thresholds=(_NEAR,),
    summary="Budget {budget}: {value:percent} spent",
    description="{value:percent} of budget {budget} ({limit_usd:usd} USD per {per}) are spent.",
    query=Query("budget_share", metrics.SPANWISE_COST.name, 0, {}, above=_NEAR.key),
    runbook="budget_near",
)

BUDGET_SPENT: Final = Alert(
    id="budget_spent",
    severity="page",
    means="A budget is spent.",
    by=(BUDGET,),
    hold_s=0,
    thresholds=(),
    summary="Budget {budget}: spent ({value:percent} of it)",
    description="{value:percent} of budget {budget} ({limit_usd:usd} USD per {per}) are spent.",
    query=Query("budget_share", metrics.SPANWISE_COST.name, 0, {}),
    runbook="budget_spent",
)

TOKENS_PER_CALL: Final = Alert(
    id="tokens_per_call",
    severity="ticket",
    means="Calls carry far more tokens than they did: a prompt, a retrieval or a history that grew.",
    by=MODEL,
    hold_s=600,
    thresholds=(_TOKENS, LEAST_CALLS),
    summary="{service.name}: a call to {gen_ai.request.model} takes {value:number} times the tokens it took",
    description=(
        "In the last 30 minutes a call of {service.name} to {gen_ai.request.model} took {value:number} times the "
        "tokens (input and output) of the six hours before. It rings from {tokens_per_call_times:number} times on."
    ),
    query=Query(
        "jump",
        metrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS.name,
        1_800,
        {},
        above=_TOKENS.key,
        least=LEAST_CALLS.key,
        past_s=21_600,
    ),
    runbook="tokens_per_call",
)

CACHE_HIT_COLLAPSE: Final = Alert(
    id="cache_hit_collapse",
    severity="ticket",
    means="Input that was read from the provider's cache is paid in full again.",
    by=MODEL,
    hold_s=600,
    thresholds=(_COLLAPSE, _WAS_CACHED, LEAST_CALLS),
    summary="{service.name}: only {value:percent} of the input of {gen_ai.request.model} comes from the cache",
    description=(
        "In the last 30 minutes {value:percent} of the input tokens of {service.name} to {gen_ai.request.model} were "
        "read from the cache: less than {cache_hit_share_of_past:percent} of what it was in the six hours before."
    ),
    query=Query(
        "jump",
        metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS.name,
        1_800,
        {},
        below=_COLLAPSE.key,
        least=LEAST_CALLS.key,
        past_s=21_600,
    ),
    runbook="cache_hit_collapse",
)

UNPRICED: Final = Alert(
    id="unpriced",
    severity="ticket",
    means="A model has no known price: what it costs is missing in every sum and budget.",
    by=MODEL,
    hold_s=0,
    thresholds=(_UNPRICED,),
    summary="{service.name}: {value:count} calls to {gen_ai.request.model} without a known price",
    description=(
        "In the last hour {value:count} calls of {service.name} to {gen_ai.request.model} ({gen_ai.provider.name}) "
        "had no known price. They are counted as unknown, not as 0, and no budget sees them."
    ),
    query=Query("sum", metrics.SPANWISE_COST_UNPRICED.name, 3_600, {}, above=_UNPRICED.key),
    runbook="unpriced",
)

STALE_PRICE_BOOK: Final = Alert(
    id="stale_price_book",
    severity="ticket",
    means="The prices in use are old; costs may be wrong without looking wrong.",
    by=SERVICE,
    hold_s=3_600,
    thresholds=(_BOOK_AGE,),
    summary="{service.name}: prices are {value:seconds} old",
    description=(
        "The price book of {service.name} is {value:seconds} old. It is too old after {price_book_age_s:seconds}."
    ),
    query=Query("age", metrics.SPANWISE_COST_BOOK_TIME.name, 300, {}, above=_BOOK_AGE.key),
    runbook="stale_price_book",
)

SPEND: Final = (
    SPEND_RATE,
    SPEND_ANOMALY,
    BUDGET_BURN,
    BUDGET_NEAR,
    BUDGET_SPENT,
    TOKENS_PER_CALL,
    CACHE_HIT_COLLAPSE,
    UNPRICED,
    STALE_PRICE_BOOK,
)
