"""`EvaluateError`: an evaluation that cannot be begun."""

from __future__ import annotations


class EvaluateError(Exception):
    """What was asked for cannot be done; the message says what was found, what is accepted and how to go on."""
