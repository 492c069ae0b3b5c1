"""Checks of answers that need no model: refusals, truncation, broken JSON, loops, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spanwise.quality.check import CHECKS
from spanwise.quality.config import QualityConfig


if TYPE_CHECKING:
    from spanwise.quality.score import Score
    from spanwise.quality.step import Quality

__all__ = ["CHECKS", "Quality", "QualityConfig", "Score"]

_HOMES = {"Quality": "step", "Score": "score"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
