"""Instruments are made as their descriptors say."""

from __future__ import annotations

import pytest
from opentelemetry.metrics import Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import Histogram, InMemoryMetricReader, Metric, Sum

from spanwise.semconv import instrument, metrics


def recorded(descriptor: metrics.Instrument) -> Metric:
    """The metric that one measurement of 1 leaves behind."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    meter = provider.get_meter("test")
    if descriptor.kind == "counter":
        instrument.counter(meter, descriptor).add(1)
    elif descriptor.kind == "gauge":
        instrument.gauge(meter, descriptor, lambda _: [Observation(1)])
    else:
        instrument.histogram(meter, descriptor).record(1)
    data = reader.get_metrics_data()
    assert data is not None
    provider.shutdown()
    return data.resource_metrics[0].scope_metrics[0].metrics[0]


@pytest.mark.parametrize("descriptor", metrics.ALL.values(), ids=list(metrics.ALL))
def test_every_metric_can_be_made(descriptor: metrics.Instrument) -> None:
    """The SDK takes name, unit and description of every metric of the registry."""
    metric = recorded(descriptor)
    assert (metric.name, metric.unit, metric.description) == (descriptor.name, descriptor.unit, descriptor.description)


def test_a_histogram_carries_its_bucket_advice() -> None:
    """Without a view, the convention's bounds are the histogram's."""
    data = recorded(metrics.GEN_AI_CLIENT_INFERENCE_DURATION).data
    assert isinstance(data, Histogram)
    assert tuple(data.data_points[0].explicit_bounds) == metrics.GEN_AI_CLIENT_INFERENCE_DURATION.buckets


def test_a_counter_only_rises() -> None:
    """A counter of the registry is a monotonic sum."""
    data = recorded(metrics.SPANWISE_COST).data
    assert isinstance(data, Sum)
    assert data.is_monotonic


def test_the_kind_decides_what_is_made() -> None:
    """`create` makes what the descriptor says, and refuses what it does not know."""
    meter = MeterProvider().get_meter("test")
    assert hasattr(instrument.create(meter, metrics.SPANWISE_COST), "add")
    assert hasattr(instrument.create(meter, metrics.GEN_AI_SERVER_REQUEST_DURATION), "record")
    with pytest.raises(ValueError, match="is a gauge, not a histogram"):
        instrument.create(meter, metrics.SPANWISE_COST._replace(kind="gauge"))
    with pytest.raises(ValueError, match="is a histogram, not a counter"):
        instrument.counter(meter, metrics.GEN_AI_SERVER_REQUEST_DURATION)
    with pytest.raises(ValueError, match="is a counter, not a gauge"):
        instrument.gauge(meter, metrics.SPANWISE_COST, lambda _: [])
