"""Compilers from one policy to the configuration of stock engines, and the writing of what they render.

Names are resolved at first use; a compiler is imported when its target is rendered. What is called as its module is
(`header`, `render`) is to be had from that module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.deploy.artefact import Artefact
    from spanwise.deploy.document import dump
    from spanwise.deploy.header import is_ours
    from spanwise.deploy.render import Outcome, State
    from spanwise.deploy.target import TARGETS, Target, UnknownTargetError, targets

__all__ = [
    "TARGETS",
    "Artefact",
    "Outcome",
    "State",
    "Target",
    "UnknownTargetError",
    "dump",
    "is_ours",
    "targets",
]

_HOMES = {
    "TARGETS": "target",
    "Artefact": "artefact",
    "Outcome": "render",
    "State": "render",
    "Target": "target",
    "UnknownTargetError": "target",
    "dump": "document",
    "is_ours": "header",
    "targets": "target",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
