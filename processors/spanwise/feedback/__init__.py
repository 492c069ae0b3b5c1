"""Tokens that let a browser score one answer and nothing else: signed by the application, read by the collector.

Names are resolved at first use: importing this package reads no policy and no key.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.feedback.config import FeedbackConfig
    from spanwise.feedback.token import Token, TokenError

__all__ = ["FeedbackConfig", "Token", "TokenError"]

_HOMES = {"FeedbackConfig": "config", "Token": "token", "TokenError": "token"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
