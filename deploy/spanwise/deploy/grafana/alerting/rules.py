"""Alert rules as Grafana is provisioned with them: the expressions of Prometheus, and a threshold below every value."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.deploy.document import Value
from spanwise.deploy.grafana.source import PROMETHEUS_UID
from spanwise.deploy.prometheus.group import Group, groups
from spanwise.deploy.prometheus.promql import duration
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.prometheus.text import GRAFANA, notes


if TYPE_CHECKING:
    from spanwise.plan import Plan

FOLDER: Final = "Spanwise"

BELOW_ALL: Final = -1
"""The expression returns a series only where it rings, and its value may be 0, as a cache that is never hit. No value
lies below 0, so all of them are above this."""

_STEP_S: Final = 10
"""Grafana evaluates at multiples of this."""

_LOOK_BACK_S: Final = 600
_LONGEST_UID: Final = 40


def rule_groups(plan: Plan) -> list[Value]:
    """The groups of `plan`, without the recorded series: those stay in Prometheus, which has to run its rules."""
    return [_group(group, plan) for group in groups(plan) if group.rules]


def _group(group: Group, plan: Plan) -> Value:
    interval_s = -(-group.interval_s // _STEP_S) * _STEP_S
    return {
        "orgId": 1,
        "name": f"spanwise-{group.name}",
        "folder": FOLDER,
        "interval": duration(interval_s),
        "rules": [_rule(rule, plan, interval_s) for rule in group.rules],
    }


def _rule(rule: Rule, plan: Plan, interval_s: int) -> Value:
    texts = notes(rule, plan.alerts, value=GRAFANA)
    # In labels Grafana takes $ for a variable of the environment; in annotations only ${.
    told = {name: value.replace("$", "$$") for name, value in rule.labels.items()}
    return {
        "uid": uid(rule.key),
        "title": " ".join((rule.alert.title, *rule.variant.values())),
        "condition": "C",
        "data": [_query(rule.expression), _threshold()],
        # Silence has rules of its own; for the others no data means that nothing is wrong.
        "noDataState": "OK",
        "execErrState": "Error",
        "for": duration(held(rule.hold_s, interval_s)),
        "annotations": dict(texts),
        "labels": told,
    }


def held(hold_s: Decimal, interval_s: int) -> Decimal:
    """Grafana asks that `for` is a multiple of the interval of the group."""
    return -(-hold_s // interval_s) * interval_s if hold_s else hold_s


def uid(key: str) -> str:
    """A fixed identifier of at most 40 signs; a long one keeps its beginning and gets a hash."""
    name = "spanwise-" + key.replace("/", "-").replace("_", "-")
    if len(name) <= _LONGEST_UID:
        return name
    return f"{name[: _LONGEST_UID - 9]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _query(expression: str) -> Value:
    return {
        "refId": "A",
        "relativeTimeRange": {"from": _LOOK_BACK_S, "to": 0},
        "datasourceUid": PROMETHEUS_UID,
        "model": {
            "refId": "A",
            "datasource": {"type": "prometheus", "uid": PROMETHEUS_UID},
            "expr": expression,
            "instant": True,
            "range": False,
            "editorMode": "code",
        },
    }


def _threshold() -> Value:
    return {
        "refId": "C",
        "relativeTimeRange": {"from": _LOOK_BACK_S, "to": 0},
        "datasourceUid": "__expr__",
        "model": {
            "refId": "C",
            "datasource": {"type": "__expr__", "uid": "__expr__"},
            "type": "threshold",
            "expression": "A",
            "conditions": [{"evaluator": {"type": "gt", "params": [BELOW_ALL]}}],
        },
    }
