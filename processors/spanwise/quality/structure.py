"""Checks that need no text: how the call ended, and what it counted."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from spanwise.quality.check import EMPTY_OUTPUT, REFUSAL, TRUNCATION
from spanwise.quality.score import Score, passed
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_REFUSED: Final = frozenset({"refusal"})
_FILTERED: Final = frozenset(
    {values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER, "safety", "content_filtered", "guardrail_intervened"}
)
_CUT: Final = frozenset(
    {
        values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
        "max_tokens",
        "max_output_tokens",
        "model_context_window_exceeded",
    }
)
_MOST: Final = 128
_LONGEST: Final = 64

# What they say is the same each time: made once.
_NOT_REFUSED: Final = passed(REFUSAL, "the response has no mark of a refusal; its words were not read")
_NOT_CUT: Final = passed(TRUNCATION, "the response ended by itself")
_NOT_EMPTY: Final = passed(EMPTY_OUTPUT, "the provider counted output tokens")
_UNCOUNTED: Final = Score(EMPTY_OUTPUT, 0.0, "empty", "the provider counted no output token")
_ONLY_REASONING: Final = Score(EMPTY_OUTPUT, 0.0, "only_reasoning", "every output token was spent on reasoning")


@lru_cache(maxsize=256)
def _words(given: tuple[str, ...]) -> frozenset[str]:
    return frozenset(one.lower().replace("-", "_") for one in given)


def ends_of(span: SpanRecord) -> frozenset[str]:
    """Words that the response says about how its choices ended, in lower case; empty when it says nothing."""
    given = span.attributes.get(attr.GEN_AI_RESPONSE_FINISH_REASONS)
    if not isinstance(given, list | tuple):
        return frozenset()
    return _words(tuple(one for one in given[:_MOST] if isinstance(one, str) and 0 < len(one) <= _LONGEST))


def refusal(ends: frozenset[str], *, is_marked: bool) -> Score | None:
    """A refusal that the response says itself; `passed` where it says how it ended and that is not one."""
    if ends & _FILTERED:
        return Score(REFUSAL, 0.0, "filtered", "the response ended by a content filter of the provider")
    if is_marked or ends & _REFUSED:
        return Score(REFUSAL, 0.0, "refused", "the response has the provider's own mark of a refusal")
    return _NOT_REFUSED if ends else None


def truncation(ends: frozenset[str]) -> Score | None:
    """Whether a limit of tokens cut the answer off; `None` where the response does not say how it ended."""
    if ends & _CUT:
        return Score(TRUNCATION, 0.0, "cut_off", "the response ended because a limit of tokens was reached")
    return _NOT_CUT if ends else None


def empty_output(span: SpanRecord) -> Score | None:
    """Whether nothing was answered, by the tokens counted; `None` where they are not counted."""
    tokens = span.count(attr.GEN_AI_USAGE_OUTPUT_TOKENS)
    if tokens is None:
        return None
    if tokens == 0:
        return _UNCOUNTED
    reasoning = span.count(attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS)
    if reasoning is not None and reasoning >= tokens:
        return _ONLY_REASONING
    return _NOT_EMPTY
