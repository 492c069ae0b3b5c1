"""`EngineError`: an engine cannot be had."""

from __future__ import annotations


class EngineError(Exception):
    """The message says what was tried, what came back, and what to do about it."""
