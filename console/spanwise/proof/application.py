"""`Application`: what a program with telemetry does, as far as text gets into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

from opentelemetry._logs import SeverityNumber
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.util.types import AnyValue, Attributes, AttributeValue

from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Scope: TypeAlias = tuple[str, Mapping[str, AttributeValue]]
"""Name and attributes of an instrumentation scope."""

_SCOPE: Final[Scope] = ("spanwise.proof", {})
_CALL: Final[Mapping[str, AttributeValue]] = {
    attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT,
    attr.GEN_AI_PROVIDER_NAME: values.GEN_AI_PROVIDER_NAME_OPENAI,
    attr.GEN_AI_REQUEST_MODEL: "gpt-4.1",
    attr.GEN_AI_USAGE_INPUT_TOKENS: 12,
    attr.GEN_AI_USAGE_OUTPUT_TOKENS: 3,
}


class Application:
    """Records spans, log records and measurements with the SDK's own interfaces.

    Args:
        traces, logs, metrics: The providers it records with; without logs and metrics it may only record spans.
    """

    def __init__(
        self,
        traces: TracerProvider,
        logs: LoggerProvider | None = None,
        metrics: MeterProvider | None = None,
    ) -> None:
        self.traces = traces
        self.logs = logs
        self.metrics = metrics
        self._instruments: dict[str, tuple[Counter, Histogram]] = {}

    def providers(self) -> list[TracerProvider | LoggerProvider | MeterProvider]:
        """Its providers."""
        return [provider for provider in (self.traces, self.logs, self.metrics) if provider is not None]

    def call(
        self,
        attributes: Mapping[str, AttributeValue],
        *,
        name: str = "chat",
        scope: Scope = _SCOPE,
        links: Sequence[Link] = (),
    ) -> None:
        """A span of a model call with `attributes`, ended."""
        with self.started(attributes, name=name, scope=scope, links=links):
            pass

    def started(
        self,
        attributes: Mapping[str, AttributeValue],
        *,
        name: str = "chat",
        scope: Scope = _SCOPE,
        links: Sequence[Link] = (),
    ) -> AbstractContextManager[Span]:
        """The same span, not ended yet."""
        tracer = self.traces.get_tracer(scope[0], attributes=dict(scope[1]))
        both = {**_CALL, **attributes}
        return tracer.start_as_current_span(name, attributes=both, kind=SpanKind.CLIENT, links=links)

    def log(  # noqa: PLR0913 - what a log record has
        self,
        body: AnyValue,
        attributes: Mapping[str, AttributeValue],
        *,
        event: str = "",
        severity: str = "INFO",
        scope: Scope = _SCOPE,
        exception: BaseException | None = None,
    ) -> None:
        """A log record."""
        assert self.logs is not None
        self.logs.get_logger(scope[0], attributes=dict(scope[1])).emit(
            body=body,
            attributes=dict(attributes),
            event_name=event or None,
            severity_number=SeverityNumber.INFO,
            severity_text=severity,
            exception=exception,
        )

    def count(self, attributes: Attributes, *, scope: Scope = _SCOPE) -> None:
        """A measurement of a counter."""
        self._meter(scope)[0].add(1, attributes)

    def measure(self, attributes: Attributes, *, scope: Scope = _SCOPE) -> None:
        """A measurement of a histogram, inside a span, so that it may become an exemplar."""
        with self.started({}):
            self._meter(scope)[1].record(0.5, attributes)

    def _meter(self, scope: Scope) -> tuple[Counter, Histogram]:
        found = self._instruments.get(scope[0])
        if found is None:
            assert self.metrics is not None
            meter = self.metrics.get_meter(scope[0], attributes=dict(scope[1]))
            found = meter.create_counter("proof.count"), meter.create_histogram("proof.size")
            self._instruments[scope[0]] = found
        return found
