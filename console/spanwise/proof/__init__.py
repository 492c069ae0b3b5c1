"""Whether redaction holds: planted values sent through a whole pipeline, and every place searched where they arrive.

Importing this package imports nothing heavy; `prove` imports the SDK, the collector and the store.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.proof.matrix import Leak, Matrix
    from spanwise.proof.self_test import prove

__all__ = ["Leak", "Matrix", "prove"]

_HOMES = {"Leak": "matrix", "Matrix": "matrix", "prove": "self_test"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
