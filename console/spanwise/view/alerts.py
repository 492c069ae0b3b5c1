"""Alerts and budgets, and how they stand."""

from __future__ import annotations

import os
import sqlite3
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from spanwise.policy import Policy, PolicyError, find_policy, read_policy
from spanwise.semconv import environment
from spanwise.store import StoreError
from spanwise.view.refusal import Refusal
from spanwise.view.source import LOCK_TIMEOUT_S, Row, Source


if TYPE_CHECKING:
    from spanwise.alerting import Condition, StoreRule
    from spanwise.budget import Budget
    from spanwise.plan import Plan

INACTIVE: Final = "inactive"
NOT_EVALUATED: Final = "not evaluated"
MAX_ROWS: Final = 500

_ORDER: Final = ("firing", "pending", "resolved", INACTIVE, NOT_EVALUATED)


def alerts(source: Source) -> dict[str, object]:
    """The alerts of the policy with what the last evaluation found, and its budgets with what they have spent.

    An alert that this store cannot answer says why. `notes` are sentences that a reader needs first: that nobody
    evaluates, or that the policy cannot be read.
    """
    from spanwise.plan import Plan

    try:
        policy = _policy()
        plan = Plan.from_policy(policy) if policy else Plan()
    except PolicyError as error:
        return {"alerts": [], "budgets": [], "notes": list(error.lines)[:20]}
    rows, notes = _alerts(source, plan)
    budgets, more = _budgets(source, plan.budgets)
    return {"alerts": rows[:MAX_ROWS], "budgets": budgets[:MAX_ROWS], "notes": [*notes, *more]}


def _policy() -> Policy | None:
    file = find_policy(os.environ)
    return None if file is None else read_policy(file)


def _alerts(source: Source, plan: Plan) -> tuple[list[Row], list[str]]:
    from spanwise.alert import ALERTS
    from spanwise.alerting import StateTable, not_applicable, rules

    try:
        watched = StateTable(source.store.path, lock_timeout_s=LOCK_TIMEOUT_S).read()
    except StoreError as error:
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None
    found = []
    for rule in rules(plan):
        conditions = [each for each in watched.conditions if each.rule == rule.key]
        reason = watched.unanswered.get(rule.key, "")
        found += [_condition(rule, each) for each in conditions] or [_quiet(rule, reason)]
    for alert, reason in not_applicable(plan).items():
        told = ALERTS[alert]
        found.append(
            {
                **_EMPTY,
                "id": alert,
                "severity": told.severity,
                "state": NOT_EVALUATED,
                "means": told.means,
                "reason": reason,
            }
        )
    found.sort(key=lambda row: _ORDER.index(str(row["state"])))
    return found, [_watch(watched.holder, watched.until_s, watched.evaluated_s)]


def _watch(holder: str, until_s: float, evaluated_s: float) -> str:
    if not evaluated_s:
        return "Nothing has evaluated alerts on this store yet: spanwise run and spanwise serve do."
    ago_s = max(time.time() - evaluated_s, 0)
    ago = f"{ago_s:.0f} s ago" if ago_s < 120 else f"{ago_s / 60:.0f} minutes ago"
    now = "is watching" if holder and until_s > time.time() else "watches now; these states are as they were left"
    return f"Evaluated {ago}; {'a collector ' if now == 'is watching' else 'nobody '}{now}."


_EMPTY: Final[Row] = {
    "id": "",
    "labels": "",
    "state": INACTIVE,
    "severity": "",
    "value": "",
    "since_us": None,
    "means": "",
    "reason": "",
}


def _quiet(rule: StoreRule, reason: str) -> Row:
    return {**_described(rule), "state": INACTIVE, "reason": reason or rule.remark}


def _condition(rule: StoreRule, condition: Condition) -> Row:
    from spanwise.alerting.text import limit, shown

    labels = ", ".join(f"{name}={value[:200]}" for name, value in condition.labels.items())
    return {
        **_described(rule),
        "state": condition.state,
        "labels": labels,
        "value": f"{shown(condition.value, rule.form)} (limit {limit(rule)})",
        "since_us": int(condition.since_s * 1e6),
        "reason": rule.remark,
    }


def _described(rule: StoreRule) -> Row:
    return {**_EMPTY, "id": rule.key, "severity": rule.severity, "means": rule.alert.means}


def _budgets(source: Source, budgets: tuple[Budget, ...]) -> tuple[list[Row], list[str]]:
    from spanwise.budget import Ledger
    from spanwise.budget.sums_file import KEEP_S, SumsFile, sums_path

    path = sums_path({**os.environ, environment.SPANWISE_STORE: str(source.store.path)})
    if not budgets or path is None:
        return [], []
    try:
        history = SumsFile(path).read({budget.name: int(time.time()) - KEEP_S for budget in budgets})
    except (sqlite3.Error, OSError) as error:
        return [], [f"The sums of budgets in {path} cannot be read ({type(error).__name__})."]
    ledger = Ledger(budgets)
    ledger.settle(history, tells=False)
    found: list[Row] = [
        {
            "name": line.budget.name,
            "key": ", ".join(f"{name} {value}" for name, value in line.key.items()),
            "per": line.budget.per,
            "action": line.budget.action,
            "limit_usd": line.budget.limit_usd,
            "spent_usd": line.sums.usd,
            "unpriced": line.sums.unpriced,
            "calls": line.sums.calls,
            "resets_us": None if line.budget.per == "hour" else line.until_s * 1_000_000,
        }
        for line in ledger.lines()
    ]
    spent = {str(row["name"]) for row in found}
    found += [_unspent(budget) for budget in budgets if budget.name not in spent]
    return sorted(found, key=lambda row: row["spent_usd"] / row["limit_usd"], reverse=True), []


def _unspent(budget: Budget) -> Row:
    return {
        "name": budget.name,
        "key": ", ".join(f"each {name}" for name in budget.by),
        "per": budget.per,
        "action": budget.action,
        "limit_usd": budget.limit_usd,
        "spent_usd": 0,
        "unpriced": 0,
        "calls": 0,
        "resets_us": None,
    }
