"""Redaction: a span without the secrets and personal data somebody wrote into it.

The engine, its rules and their names are resolved at first use: by whoever redacts first, which in an application is
the exporter's thread.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from spanwise.redact.fallback import drop_content, is_safe, may_stay, safe_labels, safe_service
from spanwise.redact.kinds import DROPPED


if TYPE_CHECKING:
    from spanwise.redact.config import RedactConfig
    from spanwise.redact.key_ring import KeyRing, KeyRingError
    from spanwise.redact.kinds import ALL, FAMILIES, PERSONAL, SECRETS
    from spanwise.redact.pseudonym_config import PseudonymConfig
    from spanwise.redact.redactor import Redactor
    from spanwise.redact.replacement import Replacement
    from spanwise.redact.text import Found

__all__ = [
    "ALL",
    "DROPPED",
    "FAMILIES",
    "PERSONAL",
    "SECRETS",
    "Found",
    "KeyRing",
    "KeyRingError",
    "PseudonymConfig",
    "RedactConfig",
    "Redactor",
    "Replacement",
    "drop_content",
    "is_safe",
    "may_stay",
    "safe_labels",
    "safe_service",
]

_HOMES = {
    "ALL": "kinds",
    "FAMILIES": "kinds",
    "Found": "text",
    "KeyRing": "key_ring",
    "KeyRingError": "key_ring",
    "PERSONAL": "kinds",
    "PseudonymConfig": "pseudonym_config",
    "RedactConfig": "config",
    "Redactor": "redactor",
    "Replacement": "replacement",
    "SECRETS": "kinds",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
