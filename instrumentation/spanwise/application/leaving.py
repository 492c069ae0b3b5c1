"""Leaving a context that may have been entered elsewhere."""

from __future__ import annotations

from contextvars import Token

from opentelemetry.context import Context


def leave(token: Token[Context]) -> None:
    """Leave a context. One that is left where it was not entered, as by the garbage collector, was left already."""
    try:
        token.var.reset(token)
    except ValueError:
        return
