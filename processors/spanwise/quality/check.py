"""The checks by name, and how they come to their result."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import values


STRUCTURAL: Final = values.SPANWISE_QUALITY_METHOD_STRUCTURAL
HEURISTIC: Final = values.SPANWISE_QUALITY_METHOD_HEURISTIC

REFUSAL: Final = "refusal"
TRUNCATION: Final = "truncation"
EMPTY_OUTPUT: Final = "empty_output"
VALID_JSON: Final = "valid_json"
SCHEMA_MATCH: Final = "schema_match"
REPETITION: Final = "repetition"
TOOL_ARGUMENTS: Final = "tool_arguments"
GROUNDEDNESS: Final = "groundedness"
LANGUAGE_MATCH: Final = "language_match"
SYSTEM_PROMPT_LEAK: Final = "system_prompt_leak"

CHECKS: Final = (
    REFUSAL,
    TRUNCATION,
    EMPTY_OUTPUT,
    VALID_JSON,
    SCHEMA_MATCH,
    REPETITION,
    TOOL_ARGUMENTS,
    GROUNDEDNESS,
    LANGUAGE_MATCH,
    SYSTEM_PROMPT_LEAK,
)
"""Every check, in the order in which they are made."""
