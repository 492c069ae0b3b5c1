"""`Target`: what a score is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, TypeAlias

from opentelemetry import trace as trace_api
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, TraceFlags

from spanwise.instrument.core.last import LAST
from spanwise.record import score as form
from spanwise.semconv import attributes as attr


About: TypeAlias = str | Span | SpanContext
"""A span, its context, or its id."""


@dataclass(frozen=True, slots=True)
class Target:
    """A trace, a span of it, or a response.

    Attributes:
        trace_id: of the trace; 0 where only a response is named.
        span_id: of the span; 0 where the trace is meant, or a response.
        response_id: of the response; empty where none is known.
    """

    trace_id: int = 0
    span_id: int = 0
    response_id: str = ""

    @classmethod
    def of(cls, trace: str | None, span: About | None, response_id: str | None) -> Self:
        """What the three arguments of `spanwise.score` name; the current span where they name nothing.

        Raises:
            TypeError: one of them is of another type.
            ValueError: an id has another form, two of them name a call, or they contradict each other.
        """
        if span is not None and response_id is not None:
            raise ValueError("span and response_id both name a call; accepted is one of them.")
        trace_id = 0 if trace is None else form.trace_id(trace)
        if response_id is not None:
            return cls(trace_id, 0, form.response_id(response_id))
        if isinstance(span, str):
            if not trace_id:
                raise ValueError(
                    "span: an id is only good with that of its trace; accepted is trace= with it, or a Span."
                )
            return cls(trace_id, form.span_id(span))
        if span is None:
            return cls(trace_id) if trace_id else cls._of_span(trace_api.get_current_span())
        if not isinstance(span, Span | SpanContext):
            raise TypeError(
                f"span: found a value of type {type(span).__name__}; accepted is a Span or an id with trace=."
            )
        found = cls._of_span(span)
        if trace_id and trace_id != found.trace_id:
            raise ValueError("trace and span contradict each other: the span is of another trace.")
        return found

    @classmethod
    def last(cls) -> Self:
        """The last outermost span that ended in this thread or task; false where there is none."""
        context = LAST.get()
        return cls() if context is None else cls._of_span(context)

    @classmethod
    def _of_span(cls, span: Span | SpanContext) -> Self:
        context = span.get_span_context() if isinstance(span, Span) else span
        if not context.is_valid:
            return cls()
        # A span of a call that has ended knows what its response was.
        said = getattr(span, "attributes", None) or {}
        response = said.get(attr.GEN_AI_RESPONSE_ID)
        return cls(context.trace_id, context.span_id, response if isinstance(response, str) else "")

    def context(self) -> Context:
        """An OpenTelemetry context in which this is the current span; none is where only a response is known."""
        context = SpanContext(self.trace_id, self.span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
        # Never an empty context: the API would take the current one in its place.
        return trace_api.set_span_in_context(NonRecordingSpan(context), Context())

    def __bool__(self) -> bool:
        """Whether there is anything that a score could be about."""
        return bool(self.trace_id or self.response_id)
