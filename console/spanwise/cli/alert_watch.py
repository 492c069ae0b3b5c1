"""The watch over a store that a collector of ours writes: who is told is what the policy says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spanwise.policy import read_policy


if TYPE_CHECKING:
    from spanwise.alerting import Watch
    from spanwise.plan import Plan
    from spanwise.store import Store


def plan_of(policy: Path | None) -> Plan:
    """Everything that the policy says; without one what holds by default.

    Raises:
        PolicyError: the policy has mistakes.
    """
    from spanwise.plan import Plan

    return Plan() if policy is None else Plan.from_policy(read_policy(policy))


def watch_of(plan: Plan, store: Store, *, keeps_budgets: bool) -> Watch:
    """The watch over `store`. Where the collector keeps the sums of budgets, it tells of them itself, once a period."""
    from spanwise.alert.spend import BUDGET_NEAR, BUDGET_SPENT
    from spanwise.alerting import Watch

    return Watch(store.path, plan, told_elsewhere=(BUDGET_NEAR.id, BUDGET_SPENT.id) if keeps_budgets else ())


def told_plan(policy: Path | None) -> Plan | None:
    """The plan of a policy that names somebody who could be told; `None` of others: then there is no hurry to look.

    A policy without receivers costs nothing but reading its section of alerts.

    Raises:
        PolicyError: the policy has mistakes in that section, or anywhere when it names receivers.
    """
    if policy is None:
        return None
    from spanwise.alert import AlertConfig

    alerts = read_policy(policy).read(lambda reader: AlertConfig.read(reader.section("alerts")))
    return plan_of(policy) if alerts.receivers else None
