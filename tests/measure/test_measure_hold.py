"""Measurements that wait for a collection: the same numbers, later."""

from __future__ import annotations

import threading

import pytest
from opentelemetry import metrics as metrics_api
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from spanwise.measure import Measure
from spanwise.measure.held import HELD
from spanwise.pipeline import Pipeline
from spanwise.pipeline import metrics as pipeline_metrics
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


def _meters(provider: MeterProvider) -> object:
    def get_meter(name: str, schema_url: str | None = None) -> metrics_api.Meter:
        return provider.get_meter(name, schema_url=schema_url)

    return get_meter
