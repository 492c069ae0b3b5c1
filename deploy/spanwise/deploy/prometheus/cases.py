"""Every unit test case, and the series they share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spanwise.deploy.prometheus.case import Case


if TYPE_CHECKING:
    from spanwise.plan import Plan


def cases(plan: Plan) -> Iterator[Case]:
    """The cases of every alert; those of budgets are made for the budgets of `plan`."""
    from spanwise.deploy.prometheus import (
        case_behaviour,
        case_calls,
        case_objectives,
        case_spend,
        case_telemetry,
        spend,
    )

    yield from case_objectives.CASES
    yield from case_calls.CASES
    yield from case_spend.CASES
    for budget in spend.counted(plan.budgets):
        yield from case_spend.budget_cases(budget)
    yield from case_behaviour.CASES
    yield from case_telemetry.CASES
