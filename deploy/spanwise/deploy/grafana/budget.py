"""Panels of the policy's budgets: how much is spent, what is left, and how fast it goes."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final

from spanwise.alert.spend import BUDGET_NEAR
from spanwise.budget import DIMENSIONS
from spanwise.deploy.grafana.limit import threshold
from spanwise.deploy.grafana.panel import BARS, GREEN, RED, TEXT, TIME_SERIES, YELLOW, Panel, Query, Step, legend
from spanwise.deploy.prometheus import spend
from spanwise.deploy.series import label_name
from spanwise.plan.contradiction import ALWAYS_MEASURED


if TYPE_CHECKING:
    from spanwise.budget import Budget
    from spanwise.plan import Plan

_MOST: Final = 20
"""Budgets in one panel; further ones have panels of their own."""

_NONE: Final = (
    "The policy has no `budgets`. With one, this row shows what is spent of it, what is left and how fast it goes:\n\n"
    "```yaml\nbudgets:\n  - {name: all-month, limit_usd: 2000, per: month}\n```\n"
    "Then render this dashboard again."
)


def budgets(plan: Plan) -> tuple[Panel, ...]:
    """Three panels for the budgets of the policy, or how to have one."""
    labels = ALWAYS_MEASURED | set(plan.pipeline.measure.labels)
    kept = [budget for budget in plan.budgets if _is_counted(budget, labels)]
    if not kept:
        return (Panel(TEXT, "Budgets", "What the policy says model calls may cost.", width=24, height=5, text=_NONE),)
    chunks = [kept[at : at + _MOST] for at in range(0, len(kept), _MOST)]
    return tuple(panel for chunk in chunks for panel in (_spent(plan, chunk), _left(chunk), _pace(chunk)))


def _is_counted(budget: Budget, labels: AbstractSet[str]) -> bool:
    """Whether Prometheus can tell what it is about: sessions, for one, are labels of nothing."""
    return not budget.when and all(DIMENSIONS[dimension] in labels for dimension in (*budget.by, *budget.where))


def _name(budget: Budget) -> str:
    values = legend(*(label_name(DIMENSIONS[dimension]) for dimension in budget.by))
    return f"{budget.name} {values}".strip()


def _spent(plan: Plan, chosen: list[Budget]) -> Panel:
    near = float(threshold(plan, BUDGET_NEAR.thresholds[0].key))
    return Panel(
        BARS,
        "Spent of each budget",
        "Since the hour, day or month (UTC) began. Yellow: somebody is told. Red: spent.",
        tuple(
            # The dearest ten of a budget that each tenant has for itself.
            Query(f"topk(10, {spend.spent(budget)} / {budget.limit_usd})", _name(budget), instant=True)
            for budget in chosen
        ),
        "percentunit",
        steps=(Step(GREEN), Step(YELLOW, near), Step(RED, 1)),
        most=1.2,
    )


def _left(chosen: list[Budget]) -> Panel:
    return Panel(
        TIME_SERIES,
        "Left of each budget",
        "Share that may still be spent in the running hour, day or month. Below 0: overspent. A line that will meet 0 "
        "before the period ends is a budget that will not do.",
        tuple(Query(f"1 - topk(10, {spend.spent(budget)} / {budget.limit_usd})", _name(budget)) for budget in chosen),
        "percentunit",
        steps=(Step(RED), Step(GREEN, 0)),
        lines=True,
        least=None,
        interval="5m",
    )


def _pace(chosen: list[Budget]) -> Panel:
    return Panel(
        TIME_SERIES,
        "Pace",
        "How many times the budget would be used up within its period at the pace of the last hour (of 5 minutes for "
        "an hourly budget). At 1 it is just enough.",
        tuple(Query(f"topk(10, {spend.pace(budget)})", _name(budget)) for budget in chosen),
        "suffix:x",
        steps=(Step(GREEN), Step(RED, 1)),
        lines=True,
    )
