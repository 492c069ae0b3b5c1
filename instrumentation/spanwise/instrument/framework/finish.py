"""Why a model stopped, in the convention's words, of the words that frameworks hand on from providers."""

from __future__ import annotations

from typing import Final


_REASONS: Final = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_call",
    "tool_calls": "tool_call",
}


def finish_reason(told: str) -> str:
    """The convention's word; the provider's own in small letters where that is the same or unknown."""
    return _REASONS.get(told, told.lower())
