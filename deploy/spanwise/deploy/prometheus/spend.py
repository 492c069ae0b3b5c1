"""Alerts of money and tokens in PromQL, and the calendar that budgets need.

Days and months are those of UTC. Prometheus knows no "since the first of the month": the spend of a period is the sum
of recorded steps of 5 minutes or an hour, those left out that lie on another day or in another month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.alert.calls import LEAST_CALLS, MODEL
from spanwise.alert.config import PAGE, TICKET, AlertConfig
from spanwise.alert.spend import (
    BUDGET_BURN,
    BUDGET_NEAR,
    BUDGET_SPENT,
    CACHE_HIT_COLLAPSE,
    DAY_TIMES,
    HOUR_TIMES,
    MONTH_TIMES,
    SERVICE,
    SPEND_ANOMALY,
    SPEND_RATE,
    STALE_PRICE_BOOK,
    TOKENS_PER_CALL,
    UNPRICED,
)
from spanwise.budget import DIMENSIONS, RECORD, Budget
from spanwise.deploy.prometheus.promql import both, grown, labels, matching, name, number, rate, sum_by
from spanwise.deploy.prometheus.record import Record
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.series import label_name
from spanwise.semconv import metrics


if TYPE_CHECKING:
    from spanwise.alert import Alert

BY_MODEL: Final = labels(MODEL)
BY_SERVICE: Final = labels(SERVICE)

_PACE: Final = {
    # The window of the pace, how many of it fit into the period, and the threshold.
    "hour": ("5m", 12, HOUR_TIMES),
    "day": ("1h", 24, DAY_TIMES),
    "month": ("1h", 720, MONTH_TIMES),
}


def cost_labels(extra: Sequence[str], budgets: Sequence[Budget]) -> tuple[str, ...]:
    """The labels by which spend is recorded: service and model, those the policy adds, and those budgets need."""
    needed = [DIMENSIONS[name] for budget in counted(budgets) for name in (*budget.by, *budget.where)]
    return labels((*MODEL, *extra, *needed))


def records(extra: Sequence[str], budgets: Sequence[Budget]) -> Iterator[Record]:
    """Spend, tokens and cache hits, recorded for alerts and dashboards."""
    by = cost_labels(extra, budgets)
    cost = name(metrics.SPANWISE_COST)
    for window in ("5m", "1h"):
        yield Record(f"spanwise:cost_usd:increase{window}", grown(by, cost, window), f"US dollars spent in {window}.")
    hourly = sum_by(BY_SERVICE, "spanwise:cost_usd:increase1h")
    yield Record("spanwise:service_cost_usd:increase1h", hourly, "US dollars of a service in an hour.")
    yield Record("spanwise:utc:day_of_month", "day_of_month()", "What budgets of a day compare with.")
    yield Record("spanwise:utc:month", "month()", "What budgets of a month compare with.")
    count = name(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, "count")
    yield Record("spanwise:calls:rate30m", sum_by(BY_MODEL, rate(count, "30m")), "Model calls per second.")
    read = sum_by(BY_MODEL, rate(name(metrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS), "30m"))
    written = sum_by(BY_MODEL, rate(name(metrics.GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS), "30m"))
    tokens = f"({read}\n  + {written})\n/ (spanwise:calls:rate30m > 0)"
    yield Record("spanwise:tokens_per_call:ratio_rate30m", tokens, "Input and output tokens of a model call.")
    cached = sum_by(BY_MODEL, rate(name(metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS), "30m"))
    # A new process that never hits the cache has no such series: that is 0 as long as it reads input.
    hits = f"({cached}\n  or 0 * {read})\n/ ({read} > 0)"
    yield Record("spanwise:cache_hit:ratio_rate30m", hits, "Share of the input tokens read from the provider's cache.")


def rules(config: AlertConfig) -> Iterator[Rule]:
    """The rules that need no budget."""
    rate_limit = number(config.threshold(SPEND_RATE.query.above))
    yield _rule(SPEND_RATE, config, f"{sum_by(BY_MODEL, 'spanwise:cost_usd:increase1h')} > {rate_limit}")
    yield _rule(SPEND_ANOMALY, config, *_anomaly(config))
    yield _rule(TOKENS_PER_CALL, config, *_tokens(config))
    yield _rule(CACHE_HIT_COLLAPSE, config, *_cache(config))
    unpriced = grown(BY_MODEL, name(metrics.SPANWISE_COST_UNPRICED), "1h")
    yield _rule(UNPRICED, config, f"{unpriced} > {number(config.threshold(UNPRICED.query.above))}")
    oldest = f"min by ({', '.join(BY_SERVICE)}) ({name(metrics.SPANWISE_COST_BOOK_TIME)})"
    age = f"time() - {oldest} > {number(config.threshold(STALE_PRICE_BOOK.query.above))}"
    yield _rule(STALE_PRICE_BOOK, config, age)


def counted(budgets: Sequence[Budget]) -> list[Budget]:
    """Budgets that ring in Prometheus. Those that no metric can count ring where processes keep them."""
    return [budget for budget in budgets if budget.action != RECORD and not budget.is_in_processes]


def budget_rules(budget: Budget, config: AlertConfig) -> Iterator[Rule]:
    """The rules of one budget that rings."""
    severity = TICKET if budget.action == "warn" else PAGE
    limit = number(budget.limit_usd)
    share = f"{spent(budget)} / {limit}"
    near = number(config.threshold(BUDGET_NEAR.query.above))
    yield _budget_rule(BUDGET_NEAR, config, budget, f"({share} >= {near}) < 1", TICKET)
    yield _budget_rule(BUDGET_SPENT, config, budget, f"{share} >= 1", severity)
    too_fast = number(config.threshold(_PACE[budget.per][2].key))
    yield _budget_rule(BUDGET_BURN, config, budget, f"{pace(budget)} > {too_fast}", severity)


def pace(budget: Budget) -> str:
    """How many times a budget would be used up within its period, at the pace of its window."""
    window, fits, _ = _PACE[budget.per]
    recent = sum_by(_by(budget), f"spanwise:cost_usd:increase{window}{_chosen(budget)}")
    return f"{recent} * {fits} / {number(budget.limit_usd)}"


def spent(budget: Budget) -> str:
    """US dollars spent of a budget since its period began; of an hour that slides, within it."""
    chosen = _chosen(budget)
    if budget.per == "hour":
        return sum_by(_by(budget), f"spanwise:cost_usd:increase1h{chosen}")
    step, steps, field, half = (
        ("5m", "1d", "day_of_month", 150) if budget.per == "day" else ("1h", "31d", "month", 1_800)
    )
    # Each step is the spend of the time before it, so it belongs to the day or month in which its middle lies.
    today = f"({field}(vector(time() - {half})) == on () spanwise:utc:{field} @ end())"
    within = f"(spanwise:cost_usd:increase{step}{chosen} and on () {today})"
    return sum_by(_by(budget), f"\n  sum_over_time({within}[{steps}:{step}])\n")


def _by(budget: Budget) -> tuple[str, ...]:
    return labels(DIMENSIONS[dimension] for dimension in budget.by)


def _chosen(budget: Budget) -> str:
    """Series that the budget is about. One without the label is left out: its spend is nobody's, not everybody's."""
    kept = [f'{label_name(DIMENSIONS[dimension])}!=""' for dimension in budget.by]
    wanted = [f'{label_name(DIMENSIONS[key])}=~"{pattern(glob)}"' for key, glob in budget.where.items()]
    return matching(*kept, *wanted)


def pattern(glob: str) -> str:
    """A value with `*` as a regular expression inside double quotes of PromQL."""
    escaped = "".join(".*" if sign == "*" else re.escape(sign) for sign in glob)
    return escaped.replace("\\", "\\\\").replace('"', '\\"')


def _anomaly(config: AlertConfig) -> tuple[str, ...]:
    hour = "spanwise:service_cost_usd:increase1h"
    mean = f"avg_over_time({hour}[1d] offset 1h)"
    # A spend that never moves has no deviation; then a tenth of the mean stands for one.
    deviation = f"((stddev_over_time({hour}[1d] offset 1h) > 0.1 * {mean}) or 0.1 * ({mean} > 0))"
    far = f"({hour} - {mean})\n  / {deviation}\n  > {number(config.threshold(SPEND_ANOMALY.query.above))}"
    least = f"{hour} > {number(config.threshold(SPEND_ANOMALY.query.least))}"
    # Half a day of history, or the first busy hour of a new service would be an anomaly.
    return far, least, f"{hour} offset 13h"


def _tokens(config: AlertConfig) -> tuple[str, ...]:
    now = "spanwise:tokens_per_call:ratio_rate30m"
    jump = f"{now} / avg_over_time({now}[6h] offset 1h) > {number(config.threshold(TOKENS_PER_CALL.query.above))}"
    return jump, *_traffic(config)


def _cache(config: AlertConfig) -> tuple[str, ...]:
    now = "spanwise:cache_hit:ratio_rate30m"
    past = f"avg_over_time({now}[6h] offset 1h)"
    share, least, _ = CACHE_HIT_COLLAPSE.thresholds
    fell = f"{now} < {number(config.threshold(share.key))} * {past}"
    return fell, f"{past} > {number(config.threshold(least.key))}", *_traffic(config)


def _traffic(config: AlertConfig) -> tuple[str, str]:
    """Enough calls now, and enough in the past that they are compared with."""
    least = number(config.threshold(LEAST_CALLS.key))
    calls = "spanwise:calls:rate30m"
    return f"{calls} * 1800 >= {least}", f"avg_over_time({calls}[6h] offset 1h) * 21600 >= {least}"


def _budget_rule(alert: Alert, config: AlertConfig, budget: Budget, expression: str, severity: str) -> Rule:
    fixed: dict[str, str | Decimal] = {"budget": budget.name, "limit_usd": Decimal(budget.limit_usd), "per": budget.per}
    hold = config.threshold(alert.hold.key)
    slow = budget.per == "month" and alert is not BUDGET_BURN
    return Rule(alert, expression, hold, severity, variant={"budget": budget.name}, fixed=fixed, slow=slow)


def _rule(alert: Alert, config: AlertConfig, *clauses: str) -> Rule:
    return Rule(alert, both(*clauses), config.threshold(alert.hold.key), alert.severity)
