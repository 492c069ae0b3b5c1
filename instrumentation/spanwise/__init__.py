"""What an application writes by hand: `from spanwise import context, observe`.

Everything else is a package of its own: `spanwise.cost`, `spanwise.redact`, `spanwise.semconv` and the others.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import extend_path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise import prompts
    from spanwise.application.association import context
    from spanwise.application.observe import observe

__all__ = ["context", "observe", "prompts"]

# The source tree holds a slice of this package in each of its rooms.
__path__ = extend_path(__path__, __name__)

_HOMES = {"context": "application.association", "observe": "application.observe"}


def __getattr__(name: str) -> object:
    if name == "prompts":
        return import_module(f"{__name__}.prompts")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
