"""A model without a price, through the whole pipeline: counted, named once, never a zero."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import metrics as metrics_api
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.trace import SpanKind

from spanwise.pipeline import Pipeline
from spanwise.record import SpanRecord


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    """A reader of a meter provider that is the global one for this test only."""
    found = InMemoryMetricReader()
    provider = MeterProvider([found])

    def get_meter(name: str, schema_url: str | None = None) -> metrics_api.Meter:
        return provider.get_meter(name, schema_url=schema_url)

    monkeypatch.setattr("opentelemetry.metrics.get_meter", get_meter)
    yield found
    provider.shutdown()


def sums(reader: InMemoryMetricReader, name: str) -> dict[str, Any]:
    """The sum of the counter `name` by model."""
    data = reader.get_metrics_data()
    points = [
        point
        for resource in (data.resource_metrics if data else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == name
        for point in metric.data.data_points
    ]
    return {str((point.attributes or {})["gen_ai.request.model"]): getattr(point, "value", None) for point in points}


def call(number: int, model: str) -> SpanRecord:
    """One call of `model`, in a trace of its own."""
    return SpanRecord(
        "chat", number, number, kind=SpanKind.CLIENT, start_unix_nano=10**18 + number * 10**10,
        end_unix_nano=10**18 + number * 10**10 + 10**9,
        attributes={
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": model,
            "gen_ai.response.id": f"r{number}", "gen_ai.usage.input_tokens": 10 + number,
            "gen_ai.usage.output_tokens": 5,
        },
    )  # fmt: skip


def test_unpriced_calls_are_counted(reader: InMemoryMetricReader, caplog: pytest.LogCaptureFixture) -> None:
    """Each call adds one to `spanwise.cost.unpriced` under its model, which begins with 0; one warning per model."""
    pipeline = Pipeline()
    with caplog.at_level(logging.WARNING, "spanwise.cost"):
        spans = [pipeline.account(call(number, f"nobody-{number % 2}")) for number in range(1, 6)]
        pipeline.account(call(9, "gpt-4o"))
    assert sums(reader, "spanwise.cost.unpriced") == {"nobody-0": 2, "nobody-1": 3, "gpt-4o": 0}
    assert set(sums(reader, "spanwise.cost")) == {"gpt-4o"}
    assert [record.getMessage() for record in caplog.records] == [
        f"No price for model nobody-{number} of provider openai: its calls are unpriced, not free." for number in (1, 0)
    ]
    for span in spans:
        assert span is not None
        assert "gen_ai.usage.cost.amount" not in span.attributes
        assert span.attributes["spanwise.cost.status"] == "unpriced"
