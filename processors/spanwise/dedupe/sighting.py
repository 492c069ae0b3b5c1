"""`Sighting`: what is remembered of one span of a model call."""

from __future__ import annotations

from typing import Final

from opentelemetry.trace import StatusCode

from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


INFERENCE: Final = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
        values.GEN_AI_OPERATION_NAME_EMBEDDINGS,
    }
)
"""Operations in which a model is paid for. Agents, workflows and stored responses fetched again are none of them."""

UNKNOWN_ERROR: Final = "_OTHER"
"""The convention's word for an error without a class."""

_LONGEST_NAME: Final = 256  # characters that are kept of anything; longer ids and names are taken for unknown

_FIRST: Final = 0
_USAGE: Final = 1


class Call(dict[str | int, int]):
    """One model call: which spans stand for it, by the scope of each, and two of them by their part.

    Two threads may end spans of one call at the same moment. Places are therefore given by `setdefault` alone, which
    either takes a place or tells who has it. A plain dict underneath, because one is made for every inference.
    """

    __slots__ = ()

    @staticmethod
    def of(span_id: int, scope: str, *, knows: bool) -> Call:
        """A call that `span_id` of `scope` was the first to stand for, with usage when it `knows` any."""
        return Call({_FIRST: span_id, scope: span_id, _USAGE: span_id} if knows else {_FIRST: span_id, scope: span_id})

    @property
    def first(self) -> int:
        """Id of the span seen first."""
        return self[_FIRST]

    @property
    def counted(self) -> int:
        """Id of the span that counts: the one with usage, else the first."""
        return self.get(_USAGE, self[_FIRST])

    def admits(self, scope: str, span_id: int) -> bool:
        """Whether this call has no span of `scope` but `span_id`, which from now on is the one."""
        return self.setdefault(scope, span_id) == span_id

    def takes_usage(self, span_id: int) -> bool:
        """Whether the usage of this call comes from `span_id`: always so when nobody brought any before."""
        return self.setdefault(_USAGE, span_id) == span_id


class Sighting:
    """One span of a model call, as far as others are compared with it. Times are nanoseconds since the epoch.

    A count of 0 is `None`: some suites write 0 for unknown, and no model answers for nothing.
    """

    __slots__ = (
        "call",
        "embeds",
        "end",
        "error",
        "input_tokens",
        "knows",
        "output_tokens",
        "parent_span_id",
        "request_model",
        "response_id",
        "response_model",
        "scope",
        "span_id",
        "start",
        "trace_id",
    )

    def __init__(self, span: SpanRecord, operation: str) -> None:
        get = span.attributes.get
        self.trace_id, self.span_id, self.parent_span_id = span.trace_id, span.span_id, span.parent_span_id
        start, end = span.start_unix_nano, span.end_unix_nano
        self.start, self.end = start, end if end > start else start
        self.scope = scope = span.scope.name[:_LONGEST_NAME]
        self.embeds = operation == values.GEN_AI_OPERATION_NAME_EMBEDDINGS
        self.response_id = _name(get(attr.GEN_AI_RESPONSE_ID))
        self.request_model = _name(get(attr.GEN_AI_REQUEST_MODEL))
        self.response_model = _name(get(attr.GEN_AI_RESPONSE_MODEL))
        self.input_tokens = _count(span, attr.GEN_AI_USAGE_INPUT_TOKENS)
        self.output_tokens = _count(span, attr.GEN_AI_USAGE_OUTPUT_TOKENS)
        self.error = _error(span) if span.status is StatusCode.ERROR or attr.ERROR_TYPE in span.attributes else None
        self.knows = knows = bool(self.input_tokens or self.output_tokens) or _is_paid(span)
        self.call = Call.of(self.span_id, scope, knows=knows)

    def is_same_span(self, other: Sighting) -> bool:
        """Whether `other` is the same span, delivered twice."""
        return self.span_id == other.span_id and self.trace_id == other.trace_id


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME else None


def _count(span: SpanRecord, name: str) -> int | None:
    value = span.attributes.get(name)
    return value if type(value) is int and value > 0 else span.count(name) or None


def _error(span: SpanRecord) -> str:
    """The class of the failure without its package, which suites name or leave out."""
    name = _name(span.attributes.get(attr.ERROR_TYPE)) or ""
    return name.rpartition(".")[2] or UNKNOWN_ERROR


def _is_paid(span: SpanRecord) -> bool:
    amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
    return isinstance(amount, int | float) and amount > 0
