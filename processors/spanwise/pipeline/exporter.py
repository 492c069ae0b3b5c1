"""`SpanwiseExporter`: the pipeline as an exporter plug-in, where nothing can be put around the processor."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.util._importlib_metadata import entry_points

from spanwise.pipeline import counters
from spanwise.pipeline.boundary import shield
from spanwise.pipeline.config import ConfigError, PipelineConfig
from spanwise.pipeline.driver import Pipeline
from spanwise.pipeline.processed import ProcessedSpan
from spanwise.pipeline.settings import settings
from spanwise.record.sdk import from_readable, to_readable
from spanwise.semconv import values


Options: TypeAlias = Mapping[str, Any]
"""Nested options of a declarative configuration file: the JSON border of this module."""

FORWARDS = {"otlp_http": "otlp_proto_http", "otlp_grpc": "otlp_proto_grpc", "console": "console"}
"""Accepted keys of `forward`, as declarative configuration spells exporters, and their entry points."""


class SpanwiseExporter(SpanExporter):
    """Processes spans, then hands them to the exporter it wraps.

    `OTEL_TRACES_EXPORTER=spanwise` forwards to OTLP by the standard variables. A declarative configuration file gives
    options: sections as in a policy file (`cost`, `redact`, ...) and `forward: {otlp_http: {endpoint: ...}}`. Sections
    that the options leave out are those of the policy file, when there is one; with mistakes in it content is withheld.
    Spans already processed in this process pass through. Exporters beside this one still see raw spans, which is why
    `opentelemetry-instrument` puts the pipeline around the processor instead.

    Raises:
        ConfigError: when an option is not known or a value is not accepted.
    """

    def __init__(self, *, forward: Options | SpanExporter | None = None, **options: Any) -> None:
        self._pipeline = Pipeline(PipelineConfig.from_options(options, settings(os.environ)))
        self._next = forward if isinstance(forward, SpanExporter) else _exporter(forward or {})

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """The wrapped exporter's verdict on the processed spans; `spanwise.export.spans` counts it."""
        processed = [done for span in spans if (done := shield("exporter", self._process, span)) is not None]
        counters.exported(values.SPANWISE_OUTCOME_DROPPED, len(spans) - len(processed))
        outcome = values.SPANWISE_OUTCOME_FAILURE
        try:
            verdict = self._next.export(processed)
            if verdict is SpanExportResult.SUCCESS:
                outcome = values.SPANWISE_OUTCOME_SUCCESS
        finally:
            counters.exported(outcome, len(processed))
        return verdict

    def shutdown(self) -> None:
        """Shut the wrapped exporter down."""
        self._next.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Whether the wrapped exporter flushed in time."""
        return self._next.force_flush(timeout_millis)

    def _process(self, span: ReadableSpan) -> ReadableSpan | None:
        if isinstance(span, ProcessedSpan):
            return span
        record = self._pipeline.process(from_readable(span))
        return None if record is None else to_readable(record)


def _exporter(forward: Options) -> SpanExporter:
    if not forward:
        protocol = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
        forward = {"otlp_grpc" if protocol == "grpc" else "otlp_http": None}
    if len(forward) != 1 or (name := next(iter(forward))) not in FORWARDS:
        raise ConfigError(f"forward: found {', '.join(map(str, forward))}; accepted is one of {', '.join(FORWARDS)}")
    (entry_point,) = entry_points(group="opentelemetry_traces_exporter", name=FORWARDS[name])
    exporter: SpanExporter = entry_point.load()(**_arguments(name, forward[name] or {}))
    return exporter


def _arguments(name: str, options: Options) -> dict[str, Any]:
    """Constructor arguments for declarative options; the file gives timeouts in milliseconds."""
    arguments: dict[str, Any] = {}
    accepted = {"endpoint", "headers", "timeout"} if name != "console" else set[str]()
    for key, value in options.items():
        if key not in accepted:
            raise ConfigError(f"forward.{name}.{key}: not an option. Accepted: {', '.join(sorted(accepted)) or 'none'}")
        if key == "headers" and isinstance(value, list):
            arguments[key] = {item["name"]: item["value"] for item in value}
        else:
            arguments[key] = value / 1000 if key == "timeout" else value
    return arguments
