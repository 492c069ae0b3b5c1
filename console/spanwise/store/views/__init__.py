"""Views: the questions to the store that have names, for `spanwise report`, `spanwise sql` and other programs.

The views themselves are made at first use: a process that only writes spans never needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from spanwise.store.views.view import Column, Kind, View


if TYPE_CHECKING:
    from spanwise.store.views.catalogue import VIEWS, define, keep
    from spanwise.store.views.cost import COST_BY

__all__ = ["COST_BY", "VIEWS", "Column", "Kind", "View", "define", "keep"]

_HOMES = {"COST_BY": "cost", "VIEWS": "catalogue", "define": "catalogue", "keep": "catalogue"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
