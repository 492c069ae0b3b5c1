"""The whole policy as one value, what contradicts itself in it, and the schema that is made of its readers.

Names are resolved at first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.plan.plan import Plan

__all__ = ["Plan"]

_HOMES = {"Plan": "plan"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
