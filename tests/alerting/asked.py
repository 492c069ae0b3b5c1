"""What rules find in a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spanwise.alerting import StoreRule, evaluate, rules
from spanwise.alerting.finding import Finding
from spanwise.plan import Plan
from spanwise.record import SpanRecord
from tests.alerting.traffic import NOON_S
from tests.store.template import empty_store


PLAN = Plan()


def stored(folder: Path, records: Sequence[SpanRecord]) -> Path:
    """A store with `records`."""
    store = empty_store(folder / "spanwise.duckdb")
    store.write(records)
    return store.path


def rule(key: str, plan: Plan = PLAN) -> StoreRule:
    """The rule of that key."""
    return next(each for each in rules(plan) if each.key == key)


def findings(path: Path, key: str, *, at_s: float = NOON_S, plan: Plan = PLAN) -> list[Finding]:
    """What one rule finds at a moment."""
    found = evaluate(path, [rule(key, plan)], now_ns=int(at_s * 1e9))
    assert not found.unanswered
    return list(found.found[key])


def ringing(path: Path, *, at_s: float = NOON_S, plan: Plan = PLAN) -> set[str]:
    """The keys of the rules that hold for something at a moment."""
    found = evaluate(path, rules(plan), now_ns=int(at_s * 1e9))
    assert not found.unanswered, found.unanswered
    return {key for key, each in found.found.items() if any(one.holds for one in each)}
