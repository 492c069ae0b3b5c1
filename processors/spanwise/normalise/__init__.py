"""Translates spans of other suites into the current GenAI conventions.

Names are resolved at first use: the engine and its tables are imported when the first span comes that is not ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.normalise.config import NormaliseConfig
    from spanwise.normalise.step import Normalise

__all__ = ["Normalise", "NormaliseConfig"]

_HOMES = {"Normalise": "step", "NormaliseConfig": "config"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
