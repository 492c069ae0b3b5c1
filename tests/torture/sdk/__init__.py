"""The SDKs that are tried: one module each, with a class `Tried`. A new SDK is a new module here and nothing else.

These modules run where spanwise is not installed, and where no SDK is: they import SDKs inside their methods.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.torture.sdk.tried import Operation, TriedSdk


__all__ = ["NAMES", "Operation", "TriedSdk", "tried"]

NAMES = tuple(sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - {"__init__", "tried"}))
"""Every SDK there is a module for."""


def tried(name: str, url: str = "http://127.0.0.1:9") -> TriedSdk:
    """The programs of the SDK `name`, whose clients call the emulator at `url`."""
    made: TriedSdk = import_module(f"{__name__}.{name}").Tried(url)
    return made
