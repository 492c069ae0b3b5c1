"""Budgets: what model calls may cost in an hour, a day or a month, altogether or by user, tenant, model and the like.

Names are resolved at first use: importing this package imports none of its modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.budget.config import (
        ACTIONS,
        ALERT,
        BLOCK,
        DIMENSIONS,
        PERIODS,
        PERSONAL,
        RECORD,
        WARN,
        Budget,
        read_budgets,
    )
    from spanwise.budget.crossing import Crossing
    from spanwise.budget.exceeded import BudgetExceeded
    from spanwise.budget.ledger import Ledger
    from spanwise.budget.loop_guard import LoopGuard
    from spanwise.budget.step import BudgetStep

__all__ = [
    "ACTIONS",
    "ALERT",
    "BLOCK",
    "DIMENSIONS",
    "PERIODS",
    "PERSONAL",
    "RECORD",
    "WARN",
    "Budget",
    "BudgetExceeded",
    "BudgetStep",
    "Crossing",
    "Ledger",
    "LoopGuard",
    "read_budgets",
]

_HOMES = {
    "BudgetExceeded": "exceeded",
    "BudgetStep": "step",
    "Crossing": "crossing",
    "Ledger": "ledger",
    "LoopGuard": "loop_guard",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'config')}"), name)
