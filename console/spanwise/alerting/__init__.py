"""Alerts without Prometheus: the definitions of `spanwise.alert`, evaluated on the embedded store.

Names are resolved at first use: a command that evaluates nothing imports nothing of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.alerting.catalogue import not_applicable, rules
    from spanwise.alerting.condition import Condition
    from spanwise.alerting.evaluation import Evaluation, evaluate
    from spanwise.alerting.rule import StoreRule
    from spanwise.alerting.state_table import StateTable, Watched
    from spanwise.alerting.watch import Watch

__all__ = [
    "Condition",
    "Evaluation",
    "StateTable",
    "StoreRule",
    "Watch",
    "Watched",
    "evaluate",
    "not_applicable",
    "rules",
]

_HOMES = {
    "Condition": "condition",
    "Evaluation": "evaluation",
    "StateTable": "state_table",
    "StoreRule": "rule",
    "Watch": "watch",
    "Watched": "state_table",
    "evaluate": "evaluation",
    "not_applicable": "catalogue",
    "rules": "catalogue",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
