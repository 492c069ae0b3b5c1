"""Measurements that wait for a collection: the same numbers, later."""

from __future__ import annotations

import threading

import pytest
from opentelemetry import metrics as metrics_api
from opentelemetry.sdk.metrics import MeterProvider, TraceBasedExemplarFilter
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from spanwise.measure import Measure
from spanwise.measure.held import HELD
from spanwise.pipeline import Pipeline
from spanwise.pipeline import metrics as pipeline_metrics
from spanwise.record import Scope
from tests.measure.everything import metered
from tests.measure.metering import by, points, span


def test_what_is_held_is_there_after_a_flush(reader: InMemoryMetricReader) -> None:
    """Until somebody asks, counters and histograms wait; then they have every number."""
    measure = Measure()
    measure.hold(held=True)
    for _ in range(3):
        measure(span(**{"gen_ai.response.finish_reasons": ["stop"]}))
    found = points(reader)
    assert "spanwise.cost" not in found
    assert "gen_ai.client.inference.duration" not in found
    measure.flush()
    assert points(reader)["gen_ai.client.inference.duration"][0][1][0] == 6.0
    assert by(reader, "spanwise.cost", "gen_ai.request.model") == {"gpt-4.1": 1.5}
    assert by(reader, "spanwise.responses", "spanwise.finish_reason")["stop"] == 3
    measure(span())
    measure.hold(held=False)
    assert by(reader, "spanwise.cost", "gen_ai.request.model") == {"gpt-4.1": 2.0}


def test_what_is_held_is_bounded(reader: InMemoryMetricReader) -> None:
    """Nobody collects, and still no more than some thousand additions wait; none is lost."""
    measure = Measure()
    measure.hold(held=True)
    for _ in range(5_000):
        measure(span())
    assert len(HELD) <= 4096
    measure.flush()
    assert by(reader, "spanwise.cost", "gen_ai.request.model") == {"gpt-4.1": 2_500.0}


def test_threads_lose_nothing(reader: InMemoryMetricReader) -> None:
    """Calls that end on many threads while somebody collects are all counted once."""
    measure = Measure()
    measure.hold(held=True)

    def work() -> None:
        for _ in range(1_000):
            measure(span())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        measure.flush()
    measure.flush()
    assert by(reader, "spanwise.cost", "gen_ai.request.model") == {"gpt-4.1": 2_000.0}


def test_every_collection_of_a_clean_provider_flushes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where metrics are cleaned before readers get them, counters wait, and each collection has all of them."""
    found = InMemoryMetricReader()
    provider = MeterProvider([found], shutdown_on_exit=False)
    monkeypatch.setattr("opentelemetry.metrics.get_meter", _meters(provider))
    pipeline = Pipeline(measure=Measure())
    assert pipeline_metrics.install(provider, pipeline)
    pipeline.account(
        span(**{"spanwise.cost.status": "unpriced", "gen_ai.usage.cost.amount": None, "gen_ai.request.model": "nobody"})
    )
    assert by(found, "spanwise.cost.unpriced", "gen_ai.request.model") == {"nobody": 1}
    pipeline.account(
        span(**{"spanwise.cost.status": "unpriced", "gen_ai.usage.cost.amount": None, "gen_ai.request.model": "nobody"})
    )
    pipeline_metrics.uninstall(provider)
    assert by(found, "spanwise.cost.unpriced", "gen_ai.request.model") == {"nobody": 2}
    provider.shutdown()


def test_a_shutdown_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last collection, of a provider that makes no instruments any more, has what was held."""
    seen: list[str] = []

    class LastReader(InMemoryMetricReader):
        def shutdown(self, timeout_millis: float = 30_000, **kwargs: object) -> None:
            seen.extend(by(self, "spanwise.cost.unpriced", "gen_ai.request.model"))

    provider = MeterProvider([LastReader()], shutdown_on_exit=False)
    monkeypatch.setattr("opentelemetry.metrics.get_meter", _meters(provider))
    pipeline = Pipeline(measure=Measure())
    assert pipeline_metrics.install(provider, pipeline)
    pipeline.account(
        span(**{"spanwise.cost.status": "unpriced", "gen_ai.usage.cost.amount": None, "gen_ai.request.model": "nobody"})
    )
    provider.shutdown()
    assert seen == ["nobody"]


OWN = Scope("spanwise.openai")


def test_a_call_of_our_own_waits_as_a_whole(reader: InMemoryMetricReader) -> None:
    """What is measured of it later is what would be measured now; its content is not held for that."""
    measure = Measure()
    measure.hold(held=True)
    call = span(**{"gen_ai.input.messages": "secret"})
    call.scope = OWN
    measure(call)
    assert len(HELD) == 1
    assert "secret" not in repr(HELD._calls)
    call.attributes.clear()
    measure.flush()
    found = points(reader)
    assert found["gen_ai.client.inference.duration"][0][1][0] == 2.0
    assert by(reader, "spanwise.cost", "gen_ai.request.model") == {"gpt-4.1": 0.5}


def test_calls_that_nobody_collects_are_bounded(reader: InMemoryMetricReader) -> None:
    """The threads that end spans hand on the oldest, a few at a time; whoever cleans spans hands on all of them."""
    measure = Measure()
    measure.hold(held=True)
    call = span()
    call.scope = OWN
    for _ in range(1_500):
        measure(call)
    assert len(HELD._calls) <= 1024
    measure.relieve()
    assert len(HELD) == 0
    assert by(reader, "spanwise.cost", "gen_ai.request.model") == {"gpt-4.1": 750.0}


def test_a_call_that_cannot_be_measured_holds_up_no_other(
    reader: InMemoryMetricReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails is taken out, and the rest is handed on after it."""
    monkeypatch.delenv("SPANWISE_RAISE", raising=False)
    pipeline = Pipeline(measure=Measure())
    pipeline.hold_counts(held=True)

    def fail() -> None:
        raise ZeroDivisionError

    HELD.later(fail)
    pipeline.account(span())
    pipeline.flush_counts()
    assert len(HELD) == 0
    assert by(reader, "spanwise.responses", "spanwise.finish_reason")["other"] == 1


def test_every_collection_flushes_where_metrics_are_not_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host alone, without anything around the meter provider, has its numbers in each collection."""
    found = InMemoryMetricReader()
    provider = MeterProvider([found], shutdown_on_exit=False)
    with metered(provider):
        pipeline = Pipeline()
        pipeline.hold_counts(held=True)
        pipeline.account(span())
        assert by(found, "gen_ai.client.inference.duration", "gen_ai.request.model")
    provider.shutdown()


def test_an_exemplar_names_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows a point in a diagram comes to the span of the call, not to what ran when it was collected."""
    found = InMemoryMetricReader()
    provider = MeterProvider([found], exemplar_filter=TraceBasedExemplarFilter(), shutdown_on_exit=False)
    monkeypatch.setattr("opentelemetry.metrics.get_meter", _meters(provider))
    measure = Measure()
    measure.hold(held=True)
    call = span()
    call.scope, call.flags = OWN, 1
    measure(call)
    measure.flush()
    data = found.get_metrics_data()
    assert data is not None
    metrics = {metric.name: metric for metric in data.resource_metrics[0].scope_metrics[0].metrics}
    (exemplar,) = metrics["gen_ai.client.inference.duration"].data.data_points[0].exemplars
    assert (exemplar.trace_id, exemplar.span_id) == (call.trace_id, call.span_id)
    provider.shutdown()


def test_streams_are_paced(reader: InMemoryMetricReader) -> None:
    """The time between the chunks of a stream is a metric."""
    Measure()(span(**{"spanwise.response.time_per_output_chunk": 0.02}))
    assert points(reader)["gen_ai.client.inference.time_per_output_chunk"][0][1][0] == 0.02


def test_estimated_tokens_are_a_series_of_their_own(reader: InMemoryMetricReader) -> None:
    """Counts and estimates of one model are never added up."""
    measure = Measure()
    measure(span())
    measure(span(**{"spanwise.usage.estimated": True}))
    found = points(reader)["gen_ai.client.inference.usage.input_tokens"]
    assert sorted(labels.get("spanwise.usage.estimated", False) for labels, _ in found) == [False, True]


def _meters(provider: MeterProvider) -> object:
    def get_meter(name: str, schema_url: str | None = None) -> metrics_api.Meter:
        return provider.get_meter(name, schema_url=schema_url)

    return get_meter
