"""Questions about money: an hour that costs too much, budgets, prices that are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from spanwise.alert import Alert, AlertConfig
from spanwise.alert.config import PAGE, TICKET
from spanwise.alert.spend import (
    BUDGET_BURN,
    BUDGET_NEAR,
    BUDGET_SPENT,
    DAY_TIMES,
    HOUR_TIMES,
    MONTH_TIMES,
    SPEND_RATE,
    UNPRICED,
)
from spanwise.alerting.asker import SECOND_NS, Asker
from spanwise.alerting.column import COLUMNS, SPENDING, USD, counted, labelled, with_namespace
from spanwise.alerting.finding import Finding
from spanwise.alerting.rule import Question, StoreRule
from spanwise.budget import DIMENSIONS, Budget
from spanwise.deploy.prometheus.spend import counted as counted_budgets
from spanwise.semconv import values
from spanwise.store import StoreConfig


_HOUR_S: Final = 3_600
_SLOW_S: Final = 60
_KEPT: Final = (
    f"The store keeps {StoreConfig().keep_days:g} days: what was spent earlier in the month is not in this share. "
    "spanwise budgets has the whole sum."
)
_PACE: Final = {
    # Seconds of the window of the pace, how many of it fit into the period, and the threshold.
    "hour": (300, 12, HOUR_TIMES),
    "day": (_HOUR_S, 24, DAY_TIMES),
    "month": (_HOUR_S, 720, MONTH_TIMES),
}
_UNPRICED: Final = f"cost IS NULL AND cost_status = '{values.SPANWISE_COST_STATUS_UNPRICED}' AND {SPENDING}"


def rules(config: AlertConfig) -> list[StoreRule]:
    """The rules that need no budget and no past."""
    return [
        _rule(SPEND_RATE, config, sums(SPEND_RATE, config, "sum(cost)", f"{USD} AND {SPENDING}"), "usd"),
        _rule(UNPRICED, config, sums(UNPRICED, config, "count(*)", _UNPRICED), "count"),
    ]


def sums(alert: Alert, config: AlertConfig, measure: str, where: str) -> Question:
    """A sum over the alert's window, by group."""
    by = with_namespace(alert.by)
    sql = counted(by, measure, where)
    limit = config.threshold(alert.query.above)

    def ask(asker: Asker) -> list[Finding]:
        rows = asker.rows(sql, [asker.ago_ns(alert.query.window_s), asker.now_ns])
        return [Finding(labelled(by, group), float(total), Decimal(total) > limit) for *group, total in rows]

    return ask


def budget_rules(budgets: Sequence[Budget], config: AlertConfig) -> Iterator[StoreRule]:
    """The rules of the budgets that ring in Prometheus, too."""
    for budget in counted_budgets(budgets):
        severity = TICKET if budget.action == "warn" else PAGE
        near = config.threshold(BUDGET_NEAR.query.above)
        # Near its end, and not over it: that is the next alert.
        yield _budget_rule(BUDGET_NEAR, config, budget, spent(budget, near, Decimal(1)), near, TICKET)
        yield _budget_rule(BUDGET_SPENT, config, budget, spent(budget, Decimal(1), None), Decimal(1), severity)
        too_fast = config.threshold(_PACE[budget.per][2].key)
        yield _budget_rule(BUDGET_BURN, config, budget, pace(budget, too_fast), too_fast, severity)


def spent(budget: Budget, least: Decimal, below: Decimal | None) -> Question:
    """The share of a budget that is spent since its period began."""
    sql, by, values_of = _of_budget(budget)

    def ask(asker: Asker) -> list[Finding]:
        rows = asker.rows(sql, [begin_ns(budget.per, asker.now_ns), asker.now_ns, *values_of])
        shares = [(group, Decimal(total) / budget.limit_usd) for *group, total in rows if total is not None]
        return [
            Finding(labelled(by, group), float(share), share >= least and (below is None or share < below))
            for group, share in shares
        ]

    return ask


def pace(budget: Budget, too_fast: Decimal) -> Question:
    """How many times a budget would be used up within its period, at the pace of its window."""
    sql, by, values_of = _of_budget(budget)
    window_s, fits, _ = _PACE[budget.per]

    def ask(asker: Asker) -> list[Finding]:
        rows = asker.rows(sql, [asker.ago_ns(window_s), asker.now_ns, *values_of])
        paces = [(group, Decimal(total) * fits / budget.limit_usd) for *group, total in rows if total is not None]
        return [Finding(labelled(by, group), float(times), times > too_fast) for group, times in paces]

    return ask


def begin_ns(per: str, now_ns: int) -> int:
    """When the period of a budget began: an hour slides, days and months are those of UTC."""
    now = datetime.fromtimestamp(now_ns // SECOND_NS, UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if per == "hour":
        return now_ns - _HOUR_S * SECOND_NS
    begun = midnight if per == "day" else midnight.replace(day=1)
    # What ended in the very first nanosecond belongs to it.
    return int(begun.timestamp()) * SECOND_NS - 1


def pattern(glob: str) -> str:
    """A value with `*` as a pattern of LIKE that is escaped with a backslash."""
    escaped = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in glob)
    return escaped.replace("*", "%")


def _of_budget(budget: Budget) -> tuple[str, tuple[str, ...], list[str]]:
    """SQL of the spend of a budget, what it is told apart by, and the values it is bound to."""
    by = with_namespace(DIMENSIONS[dimension] for dimension in budget.by)
    # A call without the label is left out: its spend is nobody's, not everybody's.
    kept = [f"coalesce({COLUMNS[DIMENSIONS[dimension]]}, '') <> ''" for dimension in budget.by]
    wanted = [f"{COLUMNS[DIMENSIONS[key]]} LIKE ? ESCAPE '\\'" for key in budget.where]
    where = " AND ".join((USD, SPENDING, *kept, *wanted))
    return counted(by, "sum(cost)", where), by, [pattern(glob) for glob in budget.where.values()]


def _budget_rule(  # noqa: PLR0913, PLR0917 - what a rule of a budget is made of
    alert: Alert, config: AlertConfig, budget: Budget, question: Question, limit: Decimal, severity: str
) -> StoreRule:
    return StoreRule(
        alert,
        question,
        int(config.threshold(alert.hold.key)),
        limit,
        "number" if alert is BUDGET_BURN else "percent",
        severity,
        variant={"budget": budget.name},
        fixed={"budget": budget.name, "limit_usd": Decimal(budget.limit_usd), "per": budget.per},
        remark=_KEPT if budget.per == "month" and alert is not BUDGET_BURN else "",
        every_s=_SLOW_S if budget.per == "month" and alert is not BUDGET_BURN else 0,
    )


def _rule(alert: Alert, config: AlertConfig, question: Question, form: str) -> StoreRule:
    limit = config.threshold(alert.query.above)
    return StoreRule(alert, question, int(config.threshold(alert.hold.key)), limit, form, alert.severity)
