"""Size limits: a span that is small enough to send, and whose JSON is still JSON.

Names are resolved at first use: what fits a span is imported when the first one is cleaned.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.cap.config import CapConfig
    from spanwise.cap.step import Cap

__all__ = ["Cap", "CapConfig"]

_HOMES = {"CapConfig": "config", "Cap": "step"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
