"""What the tests of the instrumentors look at."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanwise.pipeline import pending


class Telemetry:
    """Finished spans of one test."""

    def __init__(self, provider: TracerProvider, exporter: InMemorySpanExporter) -> None:
        self.provider = provider
        self.exporter = exporter

    def spans(self) -> list[ReadableSpan]:
        """Every finished span, those whose end the garbage collector noticed included."""
        gc.collect()
        assert pending.settle(5.0)
        return list(self.exporter.get_finished_spans())

    def one(self) -> ReadableSpan:
        """The only finished span."""
        (span,) = self.spans()
        return span

    def attributes(self) -> Mapping[str, Any]:
        """The attributes of the only finished span."""
        return dict(self.one().attributes or {})


@cache
def _freeze() -> None:
    """What the SDKs' modules left in memory stays: a collection looks at what tests made, not at a million objects."""
    gc.collect()
    gc.freeze()


@contextmanager
def instrumented(*instrumentors: BaseInstrumentor) -> Iterator[Telemetry]:
    """An application with these instrumentors on, on a provider of its own.

    Set `SPANWISE_RAISE=1` around it, so that a failure inside the error boundary fails the test.
    """
    _freeze()
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)
    try:
        yield Telemetry(provider, exporter)
    finally:
        for instrumentor in instrumentors:
            instrumentor.uninstrument()
        provider.shutdown()
