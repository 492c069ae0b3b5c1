"""Prometheus: recording rules, alerting rules, and the unit tests of promtool."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.document import Path, Value, dump
from spanwise.deploy.header import header
from spanwise.deploy.prometheus.group import Group, groups
from spanwise.deploy.prometheus.promql import duration
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.prometheus.text import notes


if TYPE_CHECKING:
    from spanwise.alert import AlertConfig
    from spanwise.plan import Plan


def compile_prometheus(plan: Plan) -> list[Artefact]:
    """The rules of `plan`, one file a group, and a unit test file for each alert whose numbers are the default ones."""
    from spanwise.deploy.prometheus.server import server
    from spanwise.deploy.prometheus.unit import unit_tests

    made = groups(plan)
    rules = [Artefact(PurePosixPath(f"rules/{group.name}.yaml"), _file(group, plan.alerts)) for group in made]
    return [server(plan), *rules, *unit_tests(plan)]


def _file(group: Group, config: AlertConfig) -> str:
    """A rules file with one group; what an alert means stands above it."""
    comments: dict[Path, str] = {}
    rules: list[Value] = []
    for record in group.records:
        comments[("groups", 0, "rules", len(rules))] = record.about
        labels: dict[str, Value] = {"labels": dict(record.labels)} if record.labels else {}
        rules.append({"record": record.name, "expr": record.expression, **labels})
    for rule in group.rules:
        comments[("groups", 0, "rules", len(rules))] = rule.alert.means
        rules.append(rule_of(rule, config))
    interval = duration(group.interval_s)
    value: Value = {"groups": [{"name": f"spanwise-{group.name}", "interval": interval, "rules": rules}]}
    return header(f"Rules of Prometheus. {group.about}") + "\n" + dump(value, comments)


def rule_of(rule: Rule, config: AlertConfig) -> dict[str, Value]:
    """One alerting rule as it stands in a rules file."""
    hold: dict[str, Value] = {"for": duration(rule.hold_s)} if rule.hold_s else {}
    return {
        "alert": rule.alert.title,
        "expr": rule.expression,
        **hold,
        "labels": dict(rule.labels),
        "annotations": dict(notes(rule, config)),
    }
