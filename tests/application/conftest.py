"""A tracer provider of the test's own, as the global one would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanwise.application import stamp
from spanwise.pipeline import pending


class Spans:
    """Finished spans by name."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def all(self) -> list[ReadableSpan]:
        """In the order in which they ended."""
        assert pending.settle(5.0)
        return list(self._exporter.get_finished_spans())

    def named(self, name: str) -> ReadableSpan:
        """The only span of this name."""
        (found,) = [span for span in self.all() if span.name == name]
        return found

    def said(self, name: str) -> Mapping[str, Any]:
        """The attributes of the only span of this name."""
        return dict(self.named(name).attributes or {})


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    """Spans of a provider that stands in for the global one; failures of ours fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    stamp.ensure()
    yield Spans(exporter)
    provider.shutdown()
