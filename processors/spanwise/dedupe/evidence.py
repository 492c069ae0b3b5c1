"""What shows that two spans are of one model call."""

from __future__ import annotations

from typing import Final

from spanwise.dedupe.sighting import UNKNOWN_ERROR, Sighting
from spanwise.semconv import values


RESPONSE_ID: Final = values.SPANWISE_DUPLICATE_REASON_RESPONSE_ID
NESTED: Final = values.SPANWISE_DUPLICATE_REASON_NESTED
OVERLAP: Final = values.SPANWISE_DUPLICATE_REASON_OVERLAP

_UNIQUE_LENGTH: Final = 20
"""Characters from which a response id is taken for unique in the world.

Those of the large providers have 26 and more, most of them random. Ollama's are `chatcmpl-` and a number below 1000,
and test servers count from 1: such an id proves something only together with the place and the time of the spans.
"""


def evidence(one: Sighting, other: Sighting, window_ns: int) -> str | None:
    """Why `one` and `other` are the same call, as a value of `spanwise.duplicate.reason`; `None` when they are not.

    The order of the two does not matter. About 0.5 us.
    """
    if one.embeds != other.embeds or _gap(one, other) > window_ns:
        return None
    if one.response_id is not None and one.response_id == other.response_id:
        return RESPONSE_ID if _same_response(one, other) else None
    if one.scope == other.scope or one.trace_id != other.trace_id or not _models_meet(one, other):
        return None
    tokens = _tokens_agree(one, other)
    if tokens is False:
        return None
    if one.parent_span_id == other.span_id:
        return NESTED if _wraps(other, one, proven=tokens is True) else None
    if other.parent_span_id == one.span_id:
        return NESTED if _wraps(one, other, proven=tokens is True) else None
    return OVERLAP if _side_by_side(one, other, proven=tokens is True) else None


def _same_response(one: Sighting, other: Sighting) -> bool:
    """Whether two spans with one response id are of one generation, or of one and its replay from a cache."""
    unique = len(one.response_id or "") >= _UNIQUE_LENGTH
    together = one.trace_id == other.trace_id and _gap(one, other) <= 0
    if unique and together:
        return True
    known = (one.request_model or one.response_model) and (other.request_model or other.response_model)
    if known and not _models_meet(one, other):
        return False
    nested = one.parent_span_id == other.span_id or other.parent_span_id == one.span_id
    # Two suites may count differently, some with a tokenizer of their own; a replay is the same in every respect.
    if together and nested and one.scope != other.scope:
        return True
    if _tokens_agree(one, other) is False:
        return False
    return unique or (together and (nested or one.scope != other.scope))


def _wraps(outer: Sighting, inner: Sighting, *, proven: bool) -> bool:
    """Whether a call around a call of the same model is the same call.

    Ids of their own do not refute it where tokens agree: LangChain and LiteLLM make up ids. A wrapper that succeeded
    did not do so by an attempt that failed.
    """
    if proven:
        return True
    if _ids_differ(outer, inner) or _gap(outer, inner) > 0:
        return False
    # Suites name one failure differently: by the class of the exception, or by what the provider called it.
    return inner.error is None or outer.error is not None


def _side_by_side(one: Sighting, other: Sighting, *, proven: bool) -> bool:
    """Whether two suites stood beside each other: children of one parent, at the same time."""
    if one.parent_span_id != other.parent_span_id or not one.parent_span_id or _ids_differ(one, other):
        return False
    shared_ns = -_gap(one, other)
    shorter_ns, longer_ns = sorted((one.end - one.start, other.end - other.start))
    if proven:
        return shared_ns >= 0 and shorter_ns <= 2 * shared_ns
    return shared_ns >= 0 and longer_ns <= 2 * shared_ns and _same_error(one, other)


def _gap(one: Sighting, other: Sighting) -> int:
    """Nanoseconds from the end of the one to the start of the other; negative by as much as they overlap."""
    # Written out: `max` and `min` take three times as long.
    start = one.start if one.start > other.start else other.start
    end = one.end if one.end < other.end else other.end
    return start - end


def _ids_differ(one: Sighting, other: Sighting) -> bool:
    return one.response_id is not None and other.response_id is not None and one.response_id != other.response_id


def _same_error(one: Sighting, other: Sighting) -> bool:
    if one.error == other.error:
        return True
    return one.error is not None and other.error is not None and UNKNOWN_ERROR in {one.error, other.error}


def _tokens_agree(one: Sighting, other: Sighting) -> bool | None:
    """Whether the counts that both know are equal; `None` when there are none."""
    agree = None
    if one.input_tokens and other.input_tokens:
        if one.input_tokens != other.input_tokens:
            return False
        agree = True
    if one.output_tokens and other.output_tokens:
        if one.output_tokens != other.output_tokens:
            return False
        agree = True
    return agree


def _models_meet(one: Sighting, other: Sighting) -> bool:
    """Whether a model that the one asked for or got is one of the other's."""
    if one.request_model == other.request_model is not None:
        return True
    return not _models(one).isdisjoint(_models(other))


def _models(sighting: Sighting) -> set[str]:
    """The names of the models without the path before them, which gateways put there."""
    named = (sighting.request_model, sighting.response_model)
    return {name.rpartition("/")[2].lower() for name in named if name}
