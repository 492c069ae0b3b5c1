"""Unit tests for promtool: each alert rings where it should, with exactly these labels and texts, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.alert import DEFAULT_SLOS
from spanwise.deploy.artefact import Artefact
from spanwise.deploy.document import Value, dump
from spanwise.deploy.header import header
from spanwise.deploy.prometheus.case import Case, Fired
from spanwise.deploy.prometheus.cases import cases
from spanwise.deploy.prometheus.group import groups
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.prometheus.text import notes


if TYPE_CHECKING:
    from spanwise.plan import Plan

_ALWAYS: Final = ("telemetry",)
_NEEDS: Final = {"objectives-long": ("objectives",), "spend-month": ("spend",)}
"""Groups whose recorded series another group asks for."""

_TEMPLATE: Final = re.compile(r"\{\{ (?:\$labels\.(?P<label>[a-z0-9_]+)|(?P<code>.+?)) \}\}")
_FORMS: Final = {
    "%.0f": "count",
    "%.3g": "number",
    "humanizePercentage": "percent",
    "%.2f": "usd",
    "humanizeDuration": "seconds",
}


def unit_tests(plan: Plan) -> list[Artefact]:
    """A file for each alert that has its default numbers; with others the same series would say something else."""
    by_rule: dict[str, list[Case]] = {}
    for case in cases(plan):
        by_rule.setdefault(case.rule, []).append(case)
    files: dict[str, list[Value]] = {}
    needed: dict[str, dict[str, None]] = {}
    for group in groups(plan):
        for rule in group.rules:
            if rule.key not in by_rule or not _is_default(rule, plan):
                continue
            files.setdefault(rule.alert.id, []).extend(_test(case, rule, plan) for case in by_rule[rule.key])
            names = (*_ALWAYS, *_NEEDS.get(group.name, ()), group.name)
            needed.setdefault(rule.alert.id, {}).update(dict.fromkeys(names))
    return [_file(alert, tests, tuple(needed[alert])) for alert, tests in files.items()]


def _is_default(rule: Rule, plan: Plan) -> bool:
    keys = [threshold.key for threshold in (*rule.alert.thresholds, rule.alert.hold)]
    if any(key in plan.alerts.thresholds for key in keys):
        return False
    named = [slo for slo in plan.slos if slo.name == rule.variant.get("slo")]
    return all(slo in DEFAULT_SLOS for slo in named)


def _file(alert: str, tests: list[Value], names: Sequence[str]) -> Artefact:
    """The tests of one alert. A group is evaluated after those whose results it reads, else a minute late."""
    value: Value = {
        "rule_files": [f"../rules/{name}.yaml" for name in names],
        "evaluation_interval": "1m",
        "group_eval_order": [f"spanwise-{name}" for name in names],
        "tests": tests,
    }
    text = header(f"promtool test rules tests/{alert}.yaml") + "\n" + dump(value)
    return Artefact(PurePosixPath(f"tests/{alert}.yaml"), text)


def _test(case: Case, rule: Rule, plan: Plan) -> Value:
    asked = _firing(case, rule) if rule.variant and _has_siblings(rule, plan) else _expected(case, rule, plan)
    return {
        "name": f"{rule.key}: {case.name}",
        "interval": case.step,
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        **asked,
    }


def _expected(case: Case, rule: Rule, plan: Plan) -> dict[str, Value]:
    """Every alert of that name, with its labels and texts."""
    alerts: list[Value] = [
        {
            "exp_labels": {**fired.labels, **rule.labels},
            "exp_annotations": {key: said(text, fired) for key, text in notes(rule, plan.alerts).items()},
        }
        for fired in case.fires
    ]
    return {"alert_rule_test": [{"eval_time": case.at, "alertname": rule.alert.title, "exp_alerts": alerts}]}


def _firing(case: Case, rule: Rule) -> dict[str, Value]:
    """This rule alone. Budgets overlap: what overspends one may overspend another, whose alert has the same name."""
    chosen = {"alertname": rule.alert.title, "alertstate": "firing", **rule.variant}
    matchers = ", ".join(f'{key}="{value}"' for key, value in chosen.items())
    samples: list[Value] = []
    for fired in case.fires:
        told = chosen | rule.labels | dict(fired.labels)
        written = ", ".join(f'{key}="{value}"' for key, value in told.items())
        samples.append({"labels": f"ALERTS{{{written}}}", "value": 1})
    return {"promql_expr_test": [{"expr": f"ALERTS{{{matchers}}}", "eval_time": case.at, "exp_samples": samples}]}


def _has_siblings(rule: Rule, plan: Plan) -> bool:
    return "budget" in rule.variant and len(plan.budgets) > 1


def said(text: str, fired: Fired) -> str:
    """An annotation as it reads when it rings."""

    def replaced(match: re.Match[str]) -> str:
        if match["label"]:
            return fired.labels.get(match["label"], "")
        return next(fired.said[form] for sign, form in _FORMS.items() if sign in match["code"])

    return _TEMPLATE.sub(replaced, text)
