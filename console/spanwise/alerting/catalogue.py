"""Every rule that the store can answer, and why it cannot answer the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.alert import ALERTS
from spanwise.alert.collector import COLLECTOR
from spanwise.alert.spend import STALE_PRICE_BOOK
from spanwise.alert.telemetry import (
    CONTENT_DROPPED,
    EXPORT_DROPS,
    EXPORT_FAILURES,
    LABELS_REPLACED,
    REDACTION_FAILURES,
    STEP_FAILURES,
)
from spanwise.alerting import (
    behaviour_questions,
    call_questions,
    objective_questions,
    past_questions,
    silence_questions,
    spend_questions,
)
from spanwise.alerting.rule import StoreRule


if TYPE_CHECKING:
    from spanwise.plan import Plan

_ENGINE: Final = "it watches an OpenTelemetry Collector, and none is between the application and this store"
_COUNTER: Final = "it needs a counter of the application's process; the store holds spans, and no metrics"

BEYOND: Final = {
    **{alert.id: _ENGINE for alert in COLLECTOR},
    **{alert.id: _COUNTER for alert in (REDACTION_FAILURES, CONTENT_DROPPED, STEP_FAILURES, LABELS_REPLACED)},
    EXPORT_DROPS.id: "what was lost before export never reached the store, and its counter is a metric",
    EXPORT_FAILURES.id: "what could not be exported never reached the store, and its counter is a metric",
    STALE_PRICE_BOOK.id: "spans name the version of the prices, and not their age: see spanwise prices show",
}
"""Alerts that no store of spans can answer, by id, and why."""

_DISABLED: Final = "the policy disables it"
_NO_BUDGET: Final = "the policy has no budget that rings"
_NO_SLO: Final = "the policy has no objective of its kind"


def rules(plan: Plan) -> list[StoreRule]:
    """The rules of `plan`, in the order of the catalogue of alerts."""
    config = plan.alerts
    found = [
        *objective_questions.rules(plan.slos, config),
        *call_questions.rules(config),
        *spend_questions.rules(config),
        *past_questions.rules(config),
        *spend_questions.budget_rules(plan.budgets, config),
        *behaviour_questions.rules(config),
        *silence_questions.rules(config),
    ]
    order = list(ALERTS)
    kept = [rule for rule in found if rule.alert.id not in config.disabled]
    return sorted(kept, key=lambda rule: order.index(rule.alert.id))


def not_applicable(plan: Plan) -> dict[str, str]:
    """Why each other alert is not evaluated, by id: no alert is left out silently."""
    asked = {rule.alert.id for rule in rules(plan)}
    return {alert: _reason(alert, plan) for alert in ALERTS if alert not in asked}


def _reason(alert: str, plan: Plan) -> str:
    if alert in plan.alerts.disabled:
        return _DISABLED
    if alert in BEYOND:
        return BEYOND[alert]
    return _NO_BUDGET if alert.startswith("budget_") else _NO_SLO
