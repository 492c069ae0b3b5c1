"""The providers and exporters of the applications that a self-test runs."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpanExporter
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, ConsoleLogRecordExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

from spanwise.pipeline import SpanwiseExporter
from spanwise.proof.application import Application


_QUEUE: Final = 1 << 16
"""Room for everything that is planted: a full queue would lose what is looked for."""

_BATCH: Final = 128
"""Spans of one request: the collector cleans them before it answers."""

_NEVER_MS: Final = 3_600_000.0
"""Metrics are exported when they are asked for."""

_TIMEOUT_S: Final = 30.0


class Consoles:
    """What the console exporters print."""

    def __init__(self) -> None:
        self.spans = io.StringIO()
        self.logs = io.StringIO()
        self.metrics = io.StringIO()


def application(texts: Mapping[str, str], http_url: str, grpc_target: str, consoles: Consoles) -> Application:
    """An application with every signal: to OTLP/HTTP and the console, its spans to OTLP/gRPC as well."""
    resource = Resource.create(dict(texts))
    traces = TracerProvider(resource=resource, shutdown_on_exit=False)
    for exporter in (
        OTLPSpanExporter(f"{http_url}/v1/traces"),
        GrpcSpanExporter(grpc_target, insecure=True, timeout=_TIMEOUT_S),
        ConsoleSpanExporter(out=consoles.spans),
    ):
        _export(traces, exporter)
    logs = LoggerProvider(resource=resource, shutdown_on_exit=False)
    for log_exporter in (OTLPLogExporter(f"{http_url}/v1/logs"), ConsoleLogRecordExporter(out=consoles.logs)):
        logs.add_log_record_processor(BatchLogRecordProcessor(log_exporter, max_queue_size=_QUEUE))
    readers = [
        PeriodicExportingMetricReader(exporter, export_interval_millis=_NEVER_MS)
        for exporter in (OTLPMetricExporter(f"{http_url}/v1/metrics"), ConsoleMetricExporter(out=consoles.metrics))
    ]
    metrics = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
    return Application(traces, logs, metrics)


def plugged(texts: Mapping[str, str], http_url: str) -> Application:
    """An application whose spans go through `OTEL_TRACES_EXPORTER=spanwise` to OTLP/HTTP."""
    traces = TracerProvider(resource=Resource.create(dict(texts)), shutdown_on_exit=False)
    _export(traces, SpanwiseExporter(forward=OTLPSpanExporter(f"{http_url}/plug-in/v1/traces")))
    return Application(traces)


def bare(texts: Mapping[str, str], grpc_target: str) -> Application:
    """An application that knows nothing of us and sends its spans to our collector, over OTLP/gRPC."""
    traces = TracerProvider(resource=Resource.create(dict(texts)), shutdown_on_exit=False)
    _export(traces, GrpcSpanExporter(grpc_target, insecure=True, timeout=_TIMEOUT_S))
    return Application(traces)


@contextmanager
def our_log() -> Iterator[io.StringIO]:
    """What our own loggers write, all levels."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logger = logging.getLogger("spanwise")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _export(traces: TracerProvider, exporter: SpanExporter) -> None:
    traces.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=_QUEUE, max_export_batch_size=_BATCH))
