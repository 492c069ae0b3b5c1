"""Finish reasons of the providers in the convention's words."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import values


_REASONS: Final = {
    "tool_calls": values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL,
    "function_call": values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL,
    "tool_use": values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL,
    "end_turn": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "stop_sequence": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "max_tokens": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "max_output_tokens": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "model_length": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "model_context_window_exceeded": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "refusal": values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER,
    "guardrail_intervened": values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER,
    "content_filtered": values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER,
    "malformed_model_output": values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
    "malformed_tool_use": values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
    "eos": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "eos_token": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "FINISH": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "STOP_CRITERIA_MET": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "LENGTH": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "COMPLETE": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "STOP_SEQUENCE": values.GEN_AI_RESPONSE_FINISH_REASONS_STOP,
    "TOOL_CALL": values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL,
    "MAX_TOKENS": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "ERROR_LIMIT": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "ERROR_TOXIC": values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER,
    "ERROR": values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
    "TIMEOUT": values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
    "CONTENT_FILTERED": values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER,
}


def finish_reason(value: str) -> str:
    """The convention's word for a provider's finish reason; an unknown one as it is."""
    return _REASONS.get(value, value)
