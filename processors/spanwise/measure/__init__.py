"""Metrics from finished spans, before any sampling.

Names are resolved at first use: whoever holds back a measurement needs neither the step nor its instruments.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.measure.config import MeasureConfig
    from spanwise.measure.step import Measure

__all__ = ["Measure", "MeasureConfig"]

_HOMES = {"MeasureConfig": "config", "Measure": "step"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
