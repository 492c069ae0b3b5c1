"""Redaction: a span without the secrets and personal data somebody wrote into it.

`Redactor` and `Found` are resolved at first use: the engine and its rules are imported by whoever redacts first, which
in an application is the exporter's thread.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from spanwise.redact.config import RedactConfig
from spanwise.redact.fallback import drop_content, is_safe
from spanwise.redact.kinds import ALL, DROPPED, PERSONAL, SECRETS


if TYPE_CHECKING:
    from spanwise.redact.redactor import Redactor
    from spanwise.redact.text import Found

__all__ = ["ALL", "DROPPED", "PERSONAL", "SECRETS", "Found", "RedactConfig", "Redactor", "drop_content", "is_safe"]

_HOMES = {"Found": "text", "Redactor": "redactor"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
