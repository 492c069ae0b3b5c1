"""`spanwise alerts`: which alerts ring, since when, at which value."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from spanwise.cli.alert_watch import plan_of
from spanwise.cli.output import say, show_json, show_table
from spanwise.policy import find_policy
from spanwise.report import plain
from spanwise.store import Store


if TYPE_CHECKING:
    from spanwise.alerting import Evaluation, StoreRule, Watched
    from spanwise.plan import Plan

HOLDS: Final = "holds"
CALM: Final = "calm"
UNKNOWN: Final = "unknown"
NOT_APPLICABLE: Final = "not_applicable"

_ORDER: Final = ("firing", HOLDS, "pending", UNKNOWN, "resolved", CALM, NOT_APPLICABLE)
_LATE_INTERVALS: Final = 3


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One line: an alert, for one group of labels where there are any.

    Attributes:
        alert: Its id, with the budget or objective after a slash.
        severity: `page` or `ticket`.
        state: `firing`, `pending` or `resolved` as the watch left it; `holds` when it is beyond its threshold now and
            no watch has said so; `calm`; `unknown` when the store gave no answer; `not_applicable`.
        since: When that began; `None` where nobody watched.
        value: The value now, or when it held last.
        threshold: Where it rings.
        labels: What it is about.
        reason: Why there is no value.
        told: What receivers have taken last: `firing`, `resolved`, or nothing.
    """

    alert: str
    severity: str
    state: str
    since: datetime | None
    value: str
    threshold: str
    labels: dict[str, str]
    reason: str
    told: str


def show_alerts(store: Store, *, whole: bool, as_json: bool) -> int:
    """Evaluate every rule on the store now and print what rings; the exit code: 0.

    Raises:
        PolicyError: the policy has mistakes.
        StoreError: the store cannot be used.
    """
    from spanwise.alerting import StateTable, evaluate, rules

    plan = plan_of(find_policy(os.environ))
    asked = rules(plan)
    evaluation = evaluate(store.path, asked, now_ns=time.time_ns())
    watched = StateTable(store.path).read()
    found = sorted(_rows(plan, asked, evaluation, watched), key=lambda row: (_ORDER.index(row.state), row.alert))
    if as_json:
        show_json({"evaluated": _moment(watched.evaluated_s), "watched": _is_watched(watched, plan), "alerts": found})
        return 0
    shown = [row for row in found if whole or row.state not in {CALM, NOT_APPLICABLE}]
    if shown:
        _show(shown)
    _remark(found, watched, plan, whole=whole)
    return 0


def _rows(plan: Plan, asked: Sequence[StoreRule], evaluation: Evaluation, watched: Watched) -> Iterator[AlertRow]:
    from spanwise.alert import ALERTS
    from spanwise.alerting import not_applicable

    for rule in asked:
        yield from _of_rule(rule, evaluation, watched)
    for alert, reason in not_applicable(plan).items():
        yield AlertRow(alert, ALERTS[alert].severity, NOT_APPLICABLE, None, "", "", {}, reason, "")


def _of_rule(rule: StoreRule, evaluation: Evaluation, watched: Watched) -> Iterator[AlertRow]:
    from spanwise.alerting.text import limit, shown

    remembered = {condition.key: condition for condition in watched.conditions if condition.rule == rule.key}
    threshold = limit(rule)
    rows = 0
    for finding in evaluation.found.get(rule.key, ()):
        labels = {**finding.labels, **rule.variant}
        condition = remembered.pop((rule.key, tuple(sorted(labels.items()))), None)
        state = condition.state if condition else HOLDS if finding.holds else CALM
        since = _moment(condition.since_s) if condition else None
        told = condition.told if condition else ""
        rows += 1
        value = shown(finding.value, rule.form)
        yield AlertRow(rule.key, rule.severity, state, since, value, threshold, labels, "", told)
    for condition in remembered.values():
        rows += 1
        value, since = shown(condition.value, rule.form), _moment(condition.since_s)
        labels = dict(condition.labels)
        yield AlertRow(rule.key, rule.severity, condition.state, since, value, threshold, labels, "", condition.told)
    if not rows:
        reason = evaluation.unanswered.get(rule.key, "")
        state = UNKNOWN if reason else CALM
        yield AlertRow(rule.key, rule.severity, state, None, "", threshold, {}, reason or "nothing to evaluate", "")


def _show(rows: Sequence[AlertRow]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("alert", "severity", "state", "since", "value", "threshold", "about"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        since = row.since.strftime("%Y-%m-%d %H:%M:%S") if row.since else ""
        about = row.reason or ", ".join(row.labels.values())
        cells = (row.alert, row.severity, row.state.replace("_", " "), since, row.value, row.threshold, about)
        table.add_row(*map(plain, cells))
    show_table(table)


def _remark(rows: Sequence[AlertRow], watched: Watched, plan: Plan, *, whole: bool) -> None:
    ringing = sum(row.state in {"firing", HOLDS} for row in rows)
    beyond = sum(row.state == NOT_APPLICABLE for row in rows)
    asked = len({row.alert for row in rows}) - beyond
    more = "" if whole else "; --all shows them"
    say(f"{ringing} ringing, of {asked} rules evaluated now; {beyond} alerts cannot be evaluated here{more}")
    if not _is_watched(watched, plan):
        say("nobody watches this store, so nobody is told: start spanwise serve, or spanwise run with alerts.receivers")


def _is_watched(watched: Watched, plan: Plan) -> bool:
    late_s = _LATE_INTERVALS * plan.alerts.interval_s
    return bool(watched.holder) and watched.until_s > time.time() and time.time() - watched.evaluated_s < late_s + 60


def _moment(unix_s: float) -> datetime | None:
    return datetime.fromtimestamp(unix_s, UTC) if unix_s else None
