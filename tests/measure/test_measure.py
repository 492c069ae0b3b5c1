"""Metrics from spans: the convention's instruments, exact, with bounded and clean labels."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from spanwise.measure import Measure, MeasureConfig
from tests.measure.metering import points, span


def test_inference_metrics(reader: InMemoryMetricReader) -> None:
    """An inference records duration, first chunk, counters, histograms, cost and end, with the advised buckets."""
    Measure()(span())
    found = points(reader)
    assert set(found) == {
        "gen_ai.client.inference.duration",
        "gen_ai.client.inference.time_to_first_chunk",
        "gen_ai.client.inference.usage.input_tokens",
        "gen_ai.client.inference.usage.output_tokens",
        "gen_ai.client.inference.usage.cache_read.input_tokens",
        "gen_ai.client.inference.operation.input_tokens",
        "gen_ai.client.inference.operation.output_tokens",
        "spanwise.cost",
        "spanwise.cost.unpriced",
        "spanwise.responses",
        "spanwise.retries",
    }
    ((labels, (duration, bounds)),) = found["gen_ai.client.inference.duration"]
    assert duration == 2.0
    assert bounds[0] == 0.01
    assert bounds[-1] == 81.92
    assert labels == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4.1",
        "gen_ai.response.model": "gpt-4.1-2025-04-14",
        "server.address": "api.openai.com",
        "server.port": 443,
    }
    assert found["spanwise.cost"][0][1] == 0.5


def test_modality_is_unknown_unless_the_provider_splits(reader: InMemoryMetricReader) -> None:
    """Tokens nobody split are of unknown modality; where audio is known, the rest is text."""
    Measure()(span())
    Measure()(span(**{"gen_ai.usage.audio.input_tokens": 30}))
    inputs = points(reader)["gen_ai.client.inference.usage.input_tokens"]
    assert {labels["gen_ai.token.modality"]: value for labels, value in inputs} == {
        "unknown": 100,
        "audio": 30,
        "text": 70,
    }


def test_a_failed_call_counts_zero_tokens_of_unknown_modality(reader: InMemoryMetricReader) -> None:
    """Without usage the counters get 0 and the histograms nothing, as the convention says."""
    absent = {"gen_ai.usage.input_tokens": None, "gen_ai.usage.output_tokens": None}
    Measure()(span(**absent, **{"error.type": "RateLimitError"}))
    found = points(reader)
    ((labels, value),) = found["gen_ai.client.inference.usage.input_tokens"]
    assert (labels["gen_ai.token.modality"], value) == ("unknown", 0)
    assert "error.type" not in labels
    assert "gen_ai.client.inference.operation.input_tokens" not in found
    assert found["gen_ai.client.inference.duration"][0][0]["error.type"] == "RateLimitError"


def test_unpriced_calls_are_counted_apart(reader: InMemoryMetricReader) -> None:
    """A call without a price adds nothing to the cost and one to the unpriced."""
    Measure()(span(**{"gen_ai.usage.cost.amount": None, "spanwise.cost.status": "unpriced"}))
    found = points(reader)
    assert "spanwise.cost" not in found
    assert found["spanwise.cost.unpriced"][0][1] == 1


def test_embeddings_record_the_operation_duration(reader: InMemoryMetricReader) -> None:
    """What is no inference records `gen_ai.client.operation.duration`."""
    Measure()(span(**{"gen_ai.operation.name": "embeddings"}))
    assert "gen_ai.client.operation.duration" in points(reader)


def test_duplicates_and_the_switch(reader: InMemoryMetricReader) -> None:
    """A span marked as a duplicate counts for nothing, and neither does any with measuring off."""
    Measure()(span(**{"spanwise.duplicate_of": "00f067aa0ba902b7"}))
    Measure(MeasureConfig(enabled=False))(span())
    assert points(reader) == {}


def test_labels_are_cleaned(reader: InMemoryMetricReader) -> None:
    """Text of a label goes through the cleaner, because it leaves the process as it is."""
    Measure(label=lambda text: text.replace("secret", "[X]"))(span(**{"gen_ai.request.model": "secret"}))
    assert points(reader)["spanwise.cost"][0][0]["gen_ai.request.model"] == "[X]"


def test_measuring_changes_nothing(reader: InMemoryMetricReader) -> None:
    """The span comes out as it went in."""
    before = span()
    assert repr(Measure()(before)) == repr(span())


def test_past_metrics_beside_the_current(reader: InMemoryMetricReader) -> None:
    """Dual emission records the old token histogram and duration beside the current metrics, each once."""
    Measure(MeasureConfig(flavours=("current", "legacy", "released")))(span(**{"gen_ai.provider.name": "x_ai"}))
    found = points(reader)
    assert "gen_ai.client.inference.duration" in found
    usage = found["gen_ai.client.token.usage"]
    assert sorted(labels["gen_ai.token.type"] for labels, _ in usage) == ["input", "output"]
    assert len(found["gen_ai.client.operation.duration"]) == 1
    assert len(found["gen_ai.client.operation.time_to_first_chunk"]) == 1
    for name in ("gen_ai.client.token.usage", "gen_ai.client.operation.duration"):
        for labels, _ in found[name]:
            assert (labels["gen_ai.system"], labels["gen_ai.provider.name"]) == ("xai", "x_ai")


def test_past_metrics_alone(reader: InMemoryMetricReader) -> None:
    """Without the current flavour only the old names are recorded, and our own, which are of all flavours."""
    Measure(MeasureConfig(flavours=("legacy",)))(span())
    found = points(reader)
    own = {name for name in found if name.startswith("spanwise.")}
    assert own == {"spanwise.cost", "spanwise.cost.unpriced", "spanwise.responses", "spanwise.retries"}
    assert found.keys() - own == {"gen_ai.client.token.usage", "gen_ai.client.operation.duration"}
    for labels, _ in found["gen_ai.client.operation.duration"]:
        assert "gen_ai.provider.name" not in labels


def test_embeddings_are_not_counted_twice(reader: InMemoryMetricReader) -> None:
    """The duration of an embedding has one name in all flavours and is recorded under it once."""
    Measure(MeasureConfig(flavours=("current", "legacy")))(
        span(**{"gen_ai.operation.name": "embeddings", "gen_ai.usage.output_tokens": None})
    )
    assert len(points(reader)["gen_ai.client.operation.duration"]) == 1
    assert [labels["gen_ai.token.type"] for labels, _ in points(reader)["gen_ai.client.token.usage"]] == ["input"]


def test_the_cost_of_an_agent_is_not_counted(reader: InMemoryMetricReader) -> None:
    """A sum on an agent's run adds nothing: the calls inside it are counted."""
    Measure()(span(**{"gen_ai.operation.name": "invoke_agent", "spanwise.cost.status": None}))
    assert "spanwise.cost" not in points(reader)


@pytest.mark.parametrize("operation", ["fetch_response", "retrieval"])
def test_the_cost_of_a_fetch_and_of_a_ranking_is_counted(reader: InMemoryMetricReader, operation: str) -> None:
    """What a batch took, seen first by a fetch, and what a model that ranked is billed for; once each."""
    spent = span(**{"gen_ai.operation.name": operation})
    Measure()(spent)
    assert [value for _, value in points(reader)["spanwise.cost"]] == [spent.attributes["gen_ai.usage.cost.amount"]]
