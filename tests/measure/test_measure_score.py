"""Scores of evaluations, from events of spans and from log records."""

from __future__ import annotations

import math
from typing import Any

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.util.types import AnyValue

from spanwise.measure import Measure, MeasureConfig
from spanwise.pipeline import Pipeline, PipelineConfig, logs
from spanwise.record import Event
from tests.measure.metering import by, points, span


NAME = "gen_ai.evaluation.name"
RESULT = "gen_ai.evaluation.result"


def result(name: str, value: Any, **more: Any) -> Event:
    """The event of one evaluation."""
    return Event(RESULT, 1, {NAME: name, "gen_ai.evaluation.score.value": value, **more})


def test_scores_of_a_span(reader: InMemoryMetricReader) -> None:
    """Each result on a span is one observation, in tenths, by what was evaluated and the labels of the policy."""
    scored = span(**{"gen_ai.prompt.name": "greet"})
    scored.events = [result("relevance", 0.5), result("relevance", 1), result("toxicity", 0.0), Event("other", 1)]
    Measure(MeasureConfig(labels=("gen_ai.prompt.name",)))(scored)
    assert by(reader, "spanwise.score", NAME) == {"relevance": 1.5, "toxicity": 0.0}
    for labels, (_, bounds) in points(reader)["spanwise.score"]:
        assert labels["gen_ai.prompt.name"] == "greet"
        assert bounds == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@pytest.mark.parametrize("value", [None, "0.5", True, math.nan, math.inf, -0.1, 10**400, [0.5]])
def test_what_is_no_score_is_not_recorded(reader: InMemoryMetricReader, value: Any) -> None:
    """Only a finite number of at least 0 is one; a failed evaluation or a verdict in words is not 0."""
    scored = span()
    scored.events = [result("relevance", value), result("", 0.5), Event(RESULT, 1, {NAME: "relevance"})]
    Measure()(scored)
    assert "spanwise.score" not in points(reader)


def test_scores_of_one_span_are_bounded(reader: InMemoryMetricReader) -> None:
    """A span with a million results costs no more than one with 128."""
    scored = span()
    scored.events = [result("relevance", 1.0) for _ in range(1000)]
    Measure()(scored)
    assert by(reader, "spanwise.score", NAME) == {"relevance": 128.0}


def test_scores_of_log_records(reader: InMemoryMetricReader) -> None:
    """A result that comes as a log record is measured as well, and its name is cleaned; other records are not."""
    provider = LoggerProvider(shutdown_on_exit=False)
    assert logs.install(provider, Pipeline(PipelineConfig.from_options({"measure": {"labels": ["app.team"]}})))
    logger = provider.get_logger("evaluator")
    attributes: dict[str, AnyValue] = {
        NAME: "jane.doe@example.com",
        "gen_ai.evaluation.score.value": 0.25,
        "app.team": "blue",
    }
    logger.emit(LogRecord(event_name=RESULT, attributes=attributes))
    logger.emit(LogRecord(event_name="another", attributes=attributes))
    logger.emit(LogRecord(attributes=attributes))
    ((labels, (total, _)),) = points(reader)["spanwise.score"]
    assert (labels, total) == ({NAME: "[EMAIL]", "app.team": "blue"}, 0.25)


def test_scores_of_a_duplicate_are_not_recorded(reader: InMemoryMetricReader) -> None:
    """A span that another stands for counts nothing, its scores included."""
    scored = span(**{"spanwise.duplicate_of": "00f067aa0ba902b7"})
    scored.events = [result("relevance", 0.5)]
    Measure()(scored)
    assert points(reader) == {}
