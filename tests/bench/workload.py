"""The calls that are measured: real SDKs over in-process transports, watched in different ways."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry import metrics, trace
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import SpanKind

from spanwise.pipeline import Pipeline, PipelineHost
from tests.bench.provider import CHUNKS, Provider, Sdk


SHAPES = ("1 KB", "100 KB", f"{CHUNKS} chunks")
WATCHERS = ("bare", "floor", "spanwise, content off", "spanwise, content on")

_USAGE = {"prompt_tokens": 1240, "completion_tokens": 310, "total_tokens": 1550}


def call(provider: Provider, client: Sdk, shape: str) -> Callable[[], None]:
    """One call of `shape`, to be repeated."""
    text = "lorem ipsum " * ((100_000 if shape == "100 KB" else 1_000) // 12)
    stream = "chunks" in shape
    return lambda: provider.ask(client, text, stream)


def _floor(inner: Callable[[], None]) -> Callable[[], None]:
    """What somebody would write by hand: a span with the same attributes, and three histograms."""
    tracer = trace.get_tracer("floor")
    meter = metrics.get_meter("floor")
    histograms = [meter.create_histogram(name) for name in ("duration", "input", "output")]
    labels = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4.1-mini", "server.address": "a"}

    def run() -> None:
        with tracer.start_as_current_span("chat gpt-4.1-mini", kind=SpanKind.CLIENT) as span:
            span.set_attributes({f"gen_ai.attribute.{number}": "value" for number in range(14)})
            inner()
            for histogram in histograms:
                histogram.record(1.0, labels)

    return run


class Queue(SpanProcessor):
    """Takes finished spans as a batching processor does, without its thread."""

    def on_end(self, span: object) -> None:
        """Nothing: what happens later happens elsewhere."""


@contextmanager
def watched(
    watcher: str, run: Callable[[], None], provider: TracerProvider, instrumentor: BaseInstrumentor
) -> Iterator[Callable[[], None]]:
    """`run` as the application of `watcher` would have it."""
    if watcher in WATCHERS[:2]:
        yield _floor(run) if watcher == "floor" else run
        return
    host = PipelineHost(Pipeline())
    host.install(provider)
    switch = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
    os.environ[switch] = "SPAN_ONLY" if watcher.endswith("on") else "NO_CONTENT"
    instrumentor.instrument(tracer_provider=provider)
    try:
        yield run
    finally:
        instrumentor.uninstrument()
        host.uninstall()
        del os.environ[switch]


def providers() -> TracerProvider:
    """The SDK as an application sets it up."""
    metrics.set_meter_provider(MeterProvider([InMemoryMetricReader()]))
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(Queue())
    trace.set_tracer_provider(provider)
    return provider
