"""A condition as the notice that receivers get."""

from __future__ import annotations

from spanwise.alert import AlertConfig
from spanwise.alerting.condition import FIRING, RESOLVED, Condition
from spanwise.alerting.rule import StoreRule
from spanwise.alerting.text import shown, written
from spanwise.notify import Notice


def notice(condition: Condition, rule: StoreRule, config: AlertConfig) -> Notice:
    """What is told of `condition`, which fires or is resolved."""
    summary = written(rule.alert.summary, rule, config, labels=condition.labels, value=condition.value)
    description = written(rule.alert.description, rule, config, labels=condition.labels, value=condition.value)
    resolved = condition.state == RESOLVED
    return Notice(
        id=rule.alert.title,
        state="resolved" if resolved else "firing",
        severity="page" if rule.severity == "page" else "ticket",
        summary=summary,
        description=f"{description} {rule.remark}".strip(),
        labels=dict(condition.labels),
        value=shown(condition.value, rule.form),
        started_unix_s=int(condition.started_s),
        runbook=f"{config.runbooks}{rule.alert.runbook}.md",
        ended_unix_s=int(condition.since_s) if resolved else None,
    )


def all_labels(condition: Condition, rule: StoreRule) -> dict[str, str]:
    """The labels of a condition with its name and severity, as Alertmanager has them."""
    return {**condition.labels, "alertname": rule.alert.title, "severity": rule.severity}


def wanted(condition: Condition) -> str:
    """What a receiver should know: `firing`, `resolved`, or nothing, which is empty."""
    if condition.state == FIRING:
        return FIRING
    return RESOLVED if condition.state == RESOLVED and condition.told else ""
