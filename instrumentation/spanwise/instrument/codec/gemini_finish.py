"""How a candidate of Gemini ended, in the convention's words."""

from __future__ import annotations

from typing import Final

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import items, mapping, text
from spanwise.semconv import values


BLOCKED: Final = frozenset(
    {
        "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "JAILBREAK", "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
    }
)  # fmt: skip
"""Reasons that stand for a refusal by a filter: of `finishReason` and of `promptFeedback.blockReason`."""

_BROKEN: Final = frozenset(
    {
        "FINISH_REASON_UNSPECIFIED", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
        "MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE",
    }
)  # fmt: skip


def finish_of(candidate: Json) -> str:
    """The convention's word for how `candidate` ended; `error` where that never arrived.

    Gemini says `STOP` after a function call too. A reason that nobody knows is passed on in lower case.
    """
    reason = text(candidate.get("finishReason"))
    if reason is None or reason in _BROKEN:
        return values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR
    if reason in BLOCKED:
        return values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER
    if reason == "MAX_TOKENS":
        return values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH
    if reason == "STOP" and _calls(candidate):
        return values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL
    return reason.lower()


def is_blocked(reason: object) -> bool:
    """Whether a filter took the prompt or the answer."""
    return text(reason) in BLOCKED


def _calls(candidate: Json) -> bool:
    return any("functionCall" in mapping(part) for part in items(mapping(candidate.get("content")).get("parts")))
