"""Metrics of budgets: what is spent, what may be, and what was done."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from opentelemetry import metrics as metrics_api
from opentelemetry.metrics import CallbackOptions, Counter, Meter, Observation

from spanwise.budget.config import Budget
from spanwise.budget.ledger import Ledger
from spanwise.semconv import attributes as attr
from spanwise.semconv import instrument as make
from spanwise.semconv import metrics
from spanwise.semconv.schema import SCHEMA_URL


_watched: Final[weakref.WeakSet[Ledger]] = weakref.WeakSet()


def watch(ledger: Ledger) -> None:
    """Observe what `ledger` says for as long as it lives, each time somebody collects."""
    _watched.add(ledger)
    _gauges()
    for budget in ledger.budgets:
        _decisions().add(0, {attr.SPANWISE_BUDGET_NAME: budget.name, attr.SPANWISE_BUDGET_ACTION: budget.action})


def decided(budget: str, action: str) -> None:
    """Count what was done about `budget`."""
    _decisions().add(1, {attr.SPANWISE_BUDGET_NAME: budget, attr.SPANWISE_BUDGET_ACTION: action})


def _observed(of: Callable[[Ledger], dict[str, float]]) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(options: CallbackOptions) -> Iterable[Observation]:  # noqa: ARG001 - the API's interface
        found: dict[str, float] = {}
        for ledger in list(_watched):
            found |= of(ledger)
        return [Observation(value, {attr.SPANWISE_BUDGET_NAME: name}) for name, value in found.items()]

    return observe


def _spend(ledger: Ledger) -> dict[str, float]:
    found = {budget.name: 0.0 for budget in ledger.budgets}
    for line in ledger.lines():
        found[line.budget.name] += float(line.sums.usd)
    return found


def _highest(ledger: Ledger) -> dict[str, float]:
    found = {budget.name: 0.0 for budget in ledger.budgets}
    for line in ledger.lines():
        found[line.budget.name] = max(found[line.budget.name], _share(line.budget, float(line.sums.usd)))
    return found


def _age(options: CallbackOptions) -> Iterable[Observation]:  # noqa: ARG001 - the API's interface
    """The age of the oldest figure; nothing where no collector is asked."""
    heard = [ledger.heard_s for ledger in list(_watched) if ledger.heard_s is not None]
    return [Observation(max(0.0, time.monotonic() - min(heard)))] if heard else []


def _limits(ledger: Ledger) -> dict[str, float]:
    return {budget.name: float(budget.limit_usd) for budget in ledger.budgets}


def _share(budget: Budget, usd: float) -> float:
    return usd / float(budget.limit_usd)


@cache
def _gauges() -> None:
    make.gauge(_meter(), metrics.SPANWISE_BUDGET_SPEND, _observed(_spend))
    make.gauge(_meter(), metrics.SPANWISE_BUDGET_LIMIT, _observed(_limits))
    make.gauge(_meter(), metrics.SPANWISE_BUDGET_HIGHEST_SHARE, _observed(_highest))
    make.gauge(_meter(), metrics.SPANWISE_BUDGET_AGE, _age)


@cache
def _decisions() -> Counter:
    return make.counter(_meter(), metrics.SPANWISE_BUDGET_DECISIONS)


def _meter() -> Meter:
    return metrics_api.get_meter("spanwise.budget", schema_url=SCHEMA_URL)
