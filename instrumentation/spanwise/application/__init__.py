"""What a developer writes in an application: who a call is for, and which steps it is part of."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.application.asgi import AsgiContext
    from spanwise.application.association import Association, context
    from spanwise.application.observe import observe
    from spanwise.application.stamp import Stamp
    from spanwise.application.step import Step
    from spanwise.application.wsgi import WsgiContext

__all__ = ["AsgiContext", "Association", "Stamp", "Step", "WsgiContext", "context", "observe"]

_HOMES = {
    "AsgiContext": "asgi",
    "Association": "association",
    "Stamp": "stamp",
    "Step": "step",
    "WsgiContext": "wsgi",
    "context": "association",
    "observe": "observe",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
