"""What the tests of the instrumentors look at."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
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
