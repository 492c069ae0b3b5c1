"""How a response ended, in one of seven words."""

from __future__ import annotations

from typing import Final

from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


ERROR: Final = values.SPANWISE_FINISH_REASON_ERROR
OTHER: Final = values.SPANWISE_FINISH_REASON_OTHER

REASONS: Final = (
    values.SPANWISE_FINISH_REASON_REFUSAL,
    values.SPANWISE_FINISH_REASON_CONTENT_FILTER,
    ERROR,
    values.SPANWISE_FINISH_REASON_LENGTH,
    values.SPANWISE_FINISH_REASON_TOOL_CALL,
    values.SPANWISE_FINISH_REASON_STOP,
    OTHER,
)
"""Every reason, in the order in which they go before each other: of several choices the one that ended worst counts."""

_WORDS: Final = {
    **{reason: reason for reason in REASONS},
    "end_turn": values.SPANWISE_FINISH_REASON_STOP,
    "stop_sequence": values.SPANWISE_FINISH_REASON_STOP,
    "eos": values.SPANWISE_FINISH_REASON_STOP,
    "complete": values.SPANWISE_FINISH_REASON_STOP,
    "max_tokens": values.SPANWISE_FINISH_REASON_LENGTH,
    "max_output_tokens": values.SPANWISE_FINISH_REASON_LENGTH,
    "model_context_window_exceeded": values.SPANWISE_FINISH_REASON_LENGTH,
    "tool_calls": values.SPANWISE_FINISH_REASON_TOOL_CALL,
    "tool_use": values.SPANWISE_FINISH_REASON_TOOL_CALL,
    "function_call": values.SPANWISE_FINISH_REASON_TOOL_CALL,
    "safety": values.SPANWISE_FINISH_REASON_CONTENT_FILTER,
    "content_filtered": values.SPANWISE_FINISH_REASON_CONTENT_FILTER,
    "guardrail_intervened": values.SPANWISE_FINISH_REASON_CONTENT_FILTER,
    "failed": ERROR,
}
"""The convention's words, and those of providers that reach us through other suites; in lower case, with `_`."""
_LONGEST: Final = 64
_MOST_CHOICES: Final = 128


def finish_reason(span: SpanRecord) -> str:
    """How the inference call `span` ended; about 0.5 us.

    A call that failed is an `error`, whatever it says. A refusal is one though providers call it a success. An unknown
    text is `other`, and so is none at all, as of a stream that was closed by its reader.
    """
    if span.text(attr.ERROR_TYPE) is not None:
        return ERROR
    if span.attributes.get(attr.SPANWISE_RESPONSE_REFUSED) is True:
        return values.SPANWISE_FINISH_REASON_REFUSAL
    given = span.attributes.get(attr.GEN_AI_RESPONSE_FINISH_REASONS)
    if not isinstance(given, list | tuple) or not given:
        return OTHER
    if len(given) == 1:
        return _word(given[0])
    return min((_word(one) for one in given[:_MOST_CHOICES]), key=REASONS.index)


def _word(given: object) -> str:
    if not isinstance(given, str):
        return OTHER
    known = _WORDS.get(given)
    if known is None and len(given) <= _LONGEST:
        known = _WORDS.get(given.lower().replace("-", "_"))
    return known or OTHER
