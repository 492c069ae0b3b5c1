"""How calls ended, how often they were sent again, what a cache saved, and counters that begin with 0."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from spanwise.measure import Measure
from spanwise.measure.finish_reason import REASONS, finish_reason
from spanwise.semconv import values
from tests.measure.metering import by, points, span


REASON = "spanwise.finish_reason"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"gen_ai.response.finish_reasons": ["stop"]}, "stop"),
        ({"gen_ai.response.finish_reasons": ("end_turn",)}, "stop"),
        ({"gen_ai.response.finish_reasons": ["MAX_TOKENS"]}, "length"),
        ({"gen_ai.response.finish_reasons": ["content-filter"]}, "content_filter"),
        ({"gen_ai.response.finish_reasons": ["tool_calls"]}, "tool_call"),
        ({"gen_ai.response.finish_reasons": ["refusal"]}, "refusal"),
        ({"gen_ai.response.finish_reasons": ["stop", "length"]}, "length"),
        ({"gen_ai.response.finish_reasons": ["length", "content_filter", "stop"]}, "content_filter"),
        ({"gen_ai.response.finish_reasons": ["compaction"]}, "other"),
        ({"gen_ai.response.finish_reasons": ["my own reason"]}, "other"),
        ({"gen_ai.response.finish_reasons": ["x" * 10_000]}, "other"),
        ({"gen_ai.response.finish_reasons": "stop"}, "other"),
        ({"gen_ai.response.finish_reasons": [7, None]}, "other"),
        ({"gen_ai.response.finish_reasons": []}, "other"),
        ({}, "other"),
        ({"gen_ai.response.finish_reasons": ["content_filter"], "spanwise.response.refused": True}, "refusal"),
        ({"gen_ai.response.finish_reasons": ["stop"], "error.type": "timeout"}, "error"),
        ({"error.type": "RateLimitError"}, "error"),
    ],
)
def test_every_end_is_one_of_seven_words(attributes: dict[str, Any], expected: str) -> None:
    """What a provider or another suite says becomes a word of a bounded set; what nobody knows is `other`."""
    assert finish_reason(span(**attributes)) == expected


def test_the_words_are_those_of_the_registry() -> None:
    """The order of badness names each word of the registry once."""
    assert sorted(REASONS) == sorted(values.SPANWISE_FINISH_REASON)


def test_responses_are_counted_by_their_end(reader: InMemoryMetricReader) -> None:
    """Each inference counts once, a failed one too, and the words nobody met stand at 0."""
    measure = Measure()
    for reasons in (["stop"], ["stop"], ["length"]):
        measure(span(**{"gen_ai.response.finish_reasons": reasons}))
    measure(span(**{"error.type": "APITimeoutError"}))
    assert by(reader, "spanwise.responses", REASON) == {
        "stop": 2, "length": 1, "error": 1, "content_filter": 0, "refusal": 0, "tool_call": 0, "other": 0,
    }  # fmt: skip
    assert all("error.type" not in labels for labels, _ in points(reader)["spanwise.responses"])


def test_embeddings_have_no_end(reader: InMemoryMetricReader) -> None:
    """What is no inference has no finish reason and no series of it."""
    Measure()(span(**{"gen_ai.operation.name": "embeddings"}))
    assert "spanwise.responses" not in points(reader)


def test_retries_are_added_up(reader: InMemoryMetricReader) -> None:
    """Requests sent again count under the labels of the call; a call without any leaves its series at 0."""
    measure = Measure()
    measure(span(**{"gen_ai.request.model": "calm"}))
    measure(span(**{"http.request.resend_count": 2}))
    measure(span(**{"http.request.resend_count": 1, "error.type": "RateLimitError"}))
    assert by(reader, "spanwise.retries", "gen_ai.request.model") == {"calm": 0, "gpt-4.1": 3}


def test_counters_begin_with_zero(reader: InMemoryMetricReader) -> None:
    """A call that is priced begins the series of unpriced calls of its kind, so that the first one is an increase."""
    measure = Measure()
    measure(span())
    assert by(reader, "spanwise.cost.unpriced", "gen_ai.request.model") == {"gpt-4.1": 0}
    measure(span(**{"gen_ai.usage.cost.amount": None, "spanwise.cost.status": "unpriced"}))
    assert by(reader, "spanwise.cost.unpriced", "gen_ai.request.model") == {"gpt-4.1": 1}


def test_only_so_many_kinds_of_call_begin_with_zero(reader: InMemoryMetricReader) -> None:
    """Strangers who make up models do not use up the series that the SDK keeps of a metric."""
    measure = Measure()
    for number in range(250):
        measure(span(**{"gen_ai.request.model": f"m{number}", "gen_ai.response.finish_reasons": ["stop"]}))
    found = points(reader)["spanwise.responses"]
    assert len(found) == 200 * len(REASONS) + 50
    assert sum(value for _, value in found) == 250


def test_what_a_cache_saved(reader: InMemoryMetricReader) -> None:
    """Savings are counted where the cost step knew them, and nothing is recorded where it did not."""
    measure = Measure()
    measure(span())
    assert "spanwise.cost.cache_savings" not in points(reader)
    for saved in (0.25, 0.5, True, "1"):
        measure(span(**{"spanwise.cost.cache_savings": saved}))
    assert by(reader, "spanwise.cost.cache_savings", "gen_ai.request.model") == {"gpt-4.1": 0.75}


def test_a_duplicate_has_no_end_and_no_retries(reader: InMemoryMetricReader) -> None:
    """A repeated call counts nothing; one that brings the tokens counts them, and neither its end nor its retries."""
    measure = Measure()
    measure(span(**{"spanwise.duplicate_of": "00f067aa0ba902b7", "http.request.resend_count": 3}))
    assert points(reader) == {}
    measure(span(**{"spanwise.duplicate.reason": "nested", "http.request.resend_count": 3}))
    assert sum(by(reader, "spanwise.responses", REASON).values()) == 0
    assert sum(by(reader, "spanwise.retries", "gen_ai.request.model").values()) == 0
    assert by(reader, "gen_ai.client.inference.usage.input_tokens", "gen_ai.request.model") == {"gpt-4.1": 100}
