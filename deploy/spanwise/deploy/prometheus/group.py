"""The groups of rules: which recorded series and alerts stand in one file and are evaluated together, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spanwise.deploy.prometheus import behaviour, calls, collector, objectives, spend, telemetry
from spanwise.deploy.prometheus.record import Record
from spanwise.deploy.prometheus.rule import Rule


if TYPE_CHECKING:
    from spanwise.plan import Plan

_SLOW_S: Final = 60


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a rules file.

    Attributes:
        name: The group, and the file it stands in.
        about: One sentence for the head of the file.
        interval_s: Seconds between two evaluations.
        records: Recorded series; they come first, so that alerts see those of the same evaluation.
        rules: Alerts.
    """

    name: str
    about: str
    interval_s: int
    records: tuple[Record, ...]
    rules: tuple[Rule, ...]


def groups(plan: Plan) -> list[Group]:
    """Every group that has something in it."""
    config = plan.alerts
    fast = config.interval_s
    slow = max(fast, _SLOW_S)
    labels = plan.pipeline.measure.labels
    budget_rules = [rule for budget in spend.counted(plan.budgets) for rule in spend.budget_rules(budget, config)]
    slos = [rule for slo in plan.slos for rule in objectives.rules(slo, config)]
    made = [
        Group(
            "telemetry",
            "The telemetry itself.",
            fast,
            tuple(telemetry.records(config)),
            _kept(telemetry.rules(config), plan),
        ),
        Group(
            "objectives",
            "Objectives over 5 minutes, 30 minutes and an hour.",
            fast,
            tuple(objectives.records(plan.slos)),
            _kept((rule for rule in slos if not rule.slow), plan),
        ),
        Group(
            "objectives-long",
            "Objectives over 6 hours and 3 days.",
            slow,
            tuple(objectives.long_records(plan.slos)),
            _kept((rule for rule in slos if rule.slow), plan),
        ),
        Group("calls", "Model calls.", fast, tuple(calls.records()), _kept(calls.rules(config), plan)),
        Group(
            "spend",
            "Money and tokens.",
            fast,
            tuple(spend.records(labels, plan.budgets)),
            _kept((*spend.rules(config), *(rule for rule in budget_rules if not rule.slow)), plan),
        ),
        Group(
            "spend-month", "Budgets of a month.", slow, (), _kept((rule for rule in budget_rules if rule.slow), plan)
        ),
        Group("behaviour", "What models and agents do.", fast, (), _kept(behaviour.rules(config), plan)),
        Group("collector", "OpenTelemetry Collectors.", fast, (), _kept(collector.rules(config), plan)),
    ]
    return [group for group in made if group.records or group.rules]


def _kept(rules: Iterable[Rule], plan: Plan) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.alert.id not in plan.alerts.disabled)
