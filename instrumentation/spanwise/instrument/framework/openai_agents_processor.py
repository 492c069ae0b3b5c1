"""The tracing processor that the OpenAI Agents SDK tells its traces and spans to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.framework.openai_agents_span import Spans
from spanwise.instrument.framework.runs import Runs
from spanwise.pipeline.boundary import shield


Thing: TypeAlias = Any
"""A trace or a span of the SDK."""


class Processor:
    """Makes spans of the SDK's own. It has the methods of the SDK's `TracingProcessor`, which need not be installed.

    Args:
        tracer: makes the spans.
    """

    def __init__(self, tracer: Tracer) -> None:
        self.active = True
        self._runs = Runs(tracer)
        self._spans = Spans(self._runs)

    def _do(self, event: Callable[[Thing], None], thing: Thing) -> None:
        if self.active:
            shield("instrument", event, thing)

    def on_trace_start(self, trace: Thing) -> None:
        """A workflow begins."""
        self._do(self._spans.trace_start, trace)

    def on_trace_end(self, trace: Thing) -> None:
        """It is over."""
        self._do(self._spans.trace_end, trace)

    def on_span_start(self, span: Thing) -> None:
        """A step begins."""
        self._do(self._spans.start, span)

    def on_span_end(self, span: Thing) -> None:
        """It is over, with whatever it says now."""
        self._do(self._spans.end, span)

    def shutdown(self) -> None:
        """The SDK stops. Runs in progress end."""
        self._runs.close_all()

    def force_flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """Nothing more is told. Runs in progress end."""
        self.active = False
        self._runs.close_all()
