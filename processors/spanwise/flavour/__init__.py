"""Writes finished spans in an older state of the convention, for dashboards that expect it.

Names are resolved at first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.flavour.choice import Choice, chosen
    from spanwise.flavour.step import Flavouring

__all__ = ["Choice", "Flavouring", "chosen"]

_HOMES = {"Choice": "choice", "Flavouring": "step", "chosen": "choice"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
