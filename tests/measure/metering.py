"""What tests of metrics share: a span, a meter provider that is read in memory, and what was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import metrics as metrics_api
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.trace import SpanKind

from spanwise.record import SpanRecord


Point = tuple[dict[str, Any], Any]


def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    """A reader of a meter provider that is the global one for one test only."""
    found = InMemoryMetricReader()
    provider = MeterProvider([found])

    def get_meter(name: str, schema_url: str | None = None) -> metrics_api.Meter:
        return provider.get_meter(name, schema_url=schema_url)

    monkeypatch.setattr("opentelemetry.metrics.get_meter", get_meter)
    yield found
    provider.shutdown()


def span(**changes: Any) -> SpanRecord:
    """A chat span of two seconds."""
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4.1",
        "gen_ai.response.model": "gpt-4.1-2025-04-14",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 10,
        "gen_ai.usage.cache_read.input_tokens": 40,
        "gen_ai.response.time_to_first_chunk": 0.25,
        "gen_ai.usage.cost.amount": 0.5,
        "gen_ai.usage.cost.currency": "USD",
        "spanwise.cost.status": "exact",
        "server.address": "api.openai.com",
        "server.port": 443,
        **changes,
    }
    present = {key: value for key, value in attributes.items() if value is not None}
    return SpanRecord("chat", 1, 2, kind=SpanKind.CLIENT, end_unix_nano=2_000_000_000, attributes=present)


def points(reader: InMemoryMetricReader) -> dict[str, list[Point]]:
    """Attributes and value (or sum and bounds) of every data point by metric name."""
    data = reader.get_metrics_data()
    found: dict[str, list[Point]] = {}
    for resource in data.resource_metrics if data else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.data.data_points:
                    value = getattr(point, "value", None)
                    shown = value if value is not None else (point.sum, tuple(point.explicit_bounds))  # type: ignore[union-attr]
                    found.setdefault(metric.name, []).append((dict(point.attributes or {}), shown))
    return found


def by(reader: InMemoryMetricReader, metric: str, label: str) -> dict[str, Any]:
    """The values of `metric` by one of its labels; histograms as the sum of what was recorded."""
    found: dict[str, Any] = {}
    for labels, value in points(reader).get(metric, []):
        shown = value[0] if isinstance(value, tuple) else value
        key = str(labels.get(label, ""))
        found[key] = found.get(key, 0) + shown
    return found
