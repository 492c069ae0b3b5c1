"""Compilers from one policy to the configuration of stock engines, and the writing of what they render.

Names are resolved at first use; a compiler is imported when its target is rendered.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.deploy.artefact import Artefact
    from spanwise.deploy.document import dump
    from spanwise.deploy.header import header, is_ours
    from spanwise.deploy.render import Outcome, State, render
    from spanwise.deploy.target import TARGETS, Target, UnknownTargetError, targets

__all__ = [
    "TARGETS",
    "Artefact",
    "Outcome",
    "State",
    "Target",
    "UnknownTargetError",
    "dump",
    "header",
    "is_ours",
    "render",
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
    "header": "header",
    "is_ours": "header",
    "render": "render",
    "targets": "target",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
