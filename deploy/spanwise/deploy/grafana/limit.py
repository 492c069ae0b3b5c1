"""Numbers of the policy as colours: objectives, thresholds of alerts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from spanwise.alert.slo import ERRORS
from spanwise.deploy.grafana.panel import GREEN, RED, YELLOW, Step


if TYPE_CHECKING:
    from spanwise.plan import Plan


def threshold(plan: Plan, key: str) -> Decimal:
    """The number at which an alert rings, by the key of the threshold."""
    return plan.alerts.threshold(key)


def objective(plan: Plan, kind: str) -> Decimal | None:
    """What the strictest objective of a kind allows: a share of failures, or seconds; `None` without an objective."""
    chosen = [slo for slo in plan.slos if slo.kind == kind]
    if kind == ERRORS:
        return min((1 - slo.objective for slo in chosen), default=None)
    return min((slo.threshold_s for slo in chosen if slo.threshold_s is not None), default=None)


def ceiling(limit: Decimal | None, *, near: Decimal = Decimal("0.8")) -> tuple[Step, ...]:
    """Green, yellow from the share `near` of the limit on, red above it; all green without a limit."""
    if limit is None:
        return (Step(GREEN),)
    if limit == 0:
        return (Step(GREEN), Step(RED, 0.5))
    return (Step(GREEN), Step(YELLOW, float(limit * near)), Step(RED, float(limit)))


def floor(limit: Decimal) -> tuple[Step, ...]:
    """Red below the limit, green from there on."""
    return (Step(RED), Step(GREEN, float(limit)))
