"""The pipeline around an application's own processor."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from spanwise.pipeline import Pipeline, PipelineHost
from spanwise.record import SpanRecord
from tests.pipeline.joins import noted_joins


CANARY = "jane.doe@example.com"


class Reading(InMemorySpanExporter):
    """An exporter that reads what it exports, as encoders do."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        for span in spans:
            span.to_json()
        return super().export(spans)


def provider_with_host(**options: float) -> tuple[TracerProvider, PipelineHost]:
    """A provider with the pipeline around its processor."""
    provider = TracerProvider(shutdown_on_exit=False)
    host = PipelineHost(Pipeline(), **options)
    assert host.install(provider)
    return provider, host


def chat(provider: TracerProvider) -> None:
    """End one chat span with an address in every carrier a span has."""
    tracer = provider.get_tracer("t")
    with tracer.start_as_current_span(f"chat {CANARY}") as span:
        span.set_attribute("gen_ai.operation.name", "chat")
        span.set_attribute("note", CANARY)
        span.add_event("e", {"note": CANARY})
        span.set_status(StatusCode.ERROR, CANARY)


def test_every_exporter_sees_the_processed_span() -> None:
    """Processors added before and after, and tracers made before, see processed spans only."""
    provider = TracerProvider(shutdown_on_exit=False)
    tracer = provider.get_tracer("early")
    first, second = InMemorySpanExporter(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(first))
    PipelineHost(Pipeline()).install(provider)
    provider.add_span_processor(BatchSpanProcessor(second))
    with tracer.start_as_current_span("chat") as span:
        span.set_attribute("gen_ai.operation.name", "chat")
        span.set_attribute("note", CANARY)
    chat(provider)
    assert provider.force_flush()
    for exporter in (first, second):
        spans = exporter.get_finished_spans()
        assert len(spans) == 2
        assert all(CANARY not in span.to_json() for span in spans)
        assert all((span.attributes or {})["spanwise.processed"] for span in spans)
    provider.shutdown()


def test_no_private_name_leads_to_the_raw_span() -> None:
    """After the first read nothing raw hangs on the object, and before it no SDK name shows it."""
    seen: list[ReadableSpan] = []

    class Keep(SpanProcessor):
        def on_end(self, span: ReadableSpan) -> None:
            seen.append(span)

    provider, _ = provider_with_host()
    provider.add_span_processor(Keep())
    chat(provider)
    (span,) = seen
    names = ("_name", "_attributes", "_events", "_status", "_resource", "_links", "_instrumentation_scope")
    assert CANARY not in repr([getattr(span, name) for name in names])
    assert CANARY not in json.dumps(repr(vars(span)))


def test_content_work_is_off_the_ending_thread() -> None:
    """Redaction runs on the thread of whoever reads the span first, not on the one that ends it."""
    threads: list[str] = []

    def note(span: SpanRecord) -> SpanRecord:
        threads.append(threading.current_thread().name)
        return span

    provider = TracerProvider(shutdown_on_exit=False)
    PipelineHost(Pipeline(redact=note)).install(provider)
    provider.add_span_processor(BatchSpanProcessor(Reading(), schedule_delay_millis=20))
    chat(provider)
    assert threads == []
    deadline_s = time.monotonic() + 5
    while not threads and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert threads
    assert threading.current_thread().name not in threads
    provider.shutdown()


def test_two_exporters_redact_once() -> None:
    """A span read by two exporters is cleaned once."""
    runs: list[SpanRecord] = []

    def note(span: SpanRecord) -> SpanRecord:
        runs.append(span)
        return span

    provider = TracerProvider(shutdown_on_exit=False)
    PipelineHost(Pipeline(redact=note)).install(provider)
    for _ in range(2):
        provider.add_span_processor(SimpleSpanProcessor(Reading()))
    chat(provider)
    assert len(runs) == 1


def test_install_twice_and_uninstall() -> None:
    """A second pipeline is refused, and uninstalling leaves the processor as it was."""
    provider, host = provider_with_host()
    assert not PipelineHost(Pipeline()).install(provider)
    host.uninstall()
    assert not {"on_end", "shutdown", "force_flush", "_spanwise_host"} & vars(provider._active_span_processor).keys()


class Hanging(InMemorySpanExporter):
    """An exporter whose backend never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()
        self.has_ended = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.released.wait(30)
        self.has_ended = True
        return SpanExportResult.FAILURE


@pytest.mark.parametrize("after", ["shutdown", "flush"])
def test_an_exporter_that_hangs_does_not_hold_up_the_exit(after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shutdown and flush wait for the time allowed and no longer, and the flush says that it failed."""
    waits = noted_joins(monkeypatch, "spanwise-bounded")
    provider, _ = provider_with_host(exit_timeout_s=0.2)
    exporter = Hanging()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    chat(provider)
    if after == "shutdown":
        provider.shutdown()
    else:
        assert provider.force_flush(200) is False
    assert not exporter.has_ended
    exporter.released.set()
    (wait_s,) = waits
    assert wait_s is not None
    assert 0 <= wait_s <= 0.2


def test_a_flush_that_works_says_so() -> None:
    """A flush that delivered everything returns True."""
    provider, _ = provider_with_host()
    exporter = InMemorySpanExporter()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    chat(provider)
    assert provider.force_flush(5000) is True
    assert len(exporter.get_finished_spans()) == 1
    provider.shutdown()
