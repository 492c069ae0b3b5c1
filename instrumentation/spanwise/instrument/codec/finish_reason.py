"""Finish reasons of the providers in the convention's words."""

from __future__ import annotations

from typing import Final


_REASONS: Final = {
    "tool_calls": "tool_call",
    "function_call": "tool_call",
    "tool_use": "tool_call",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}


def finish_reason(value: str) -> str:
    """The convention's word for a provider's finish reason; an unknown one as it is."""
    return _REASONS.get(value, value)
