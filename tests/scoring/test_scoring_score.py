"""`spanwise.score`: what leaves a process, and what is refused to its author."""

from __future__ import annotations

import contextvars
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import _logs
from opentelemetry.sdk._logs import LoggerProvider, ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span

from spanwise import score
from spanwise.pipeline import Pipeline, PipelineConfig, logs
from spanwise.record.score import said


TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


class Provided:
    """The events that leave through the global logger provider."""

    def __init__(self, pipeline: Pipeline | None) -> None:
        self.provider = LoggerProvider(shutdown_on_exit=False)
        self._exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        self.provider.add_log_record_processor(SimpleLogRecordProcessor(self._exporter))
        if pipeline is not None:
            logs.install(self.provider, pipeline)

    def records(self) -> list[ReadableLogRecord]:
        """What has left."""
        assert self.provider.force_flush()
        return list(self._exporter.get_finished_logs())

    def one(self) -> tuple[int, int, dict[str, Any]]:
        """Trace id, span id and attributes of the only one."""
        (record,) = self.records()
        log = record.log_record
        assert log.event_name == "gen_ai.evaluation.result" and log.timestamp
        return log.trace_id or 0, log.span_id or 0, dict(log.attributes or {})


@pytest.fixture
def provided(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provided]:
    """A global logger provider without a pipeline."""
    made = Provided(None)
    monkeypatch.setattr(_logs._internal, "_LOGGER_PROVIDER", made.provider)
    yield made
    made.provider.shutdown()


def started() -> Span:
    """A span of a call."""
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("t")
    return tracer.start_span("chat", attributes={"gen_ai.response.id": "r-1"})


@pytest.mark.parametrize(
    ("value", "number", "label"),
    [(0.25, 0.25, None), (-3, -3.0, None), (True, 1.0, "true"), (False, 0.0, "false"), ("formal", None, "formal")],
)
def test_values(provided: Provided, value: Any, number: float | None, label: str | None) -> None:
    """A number is a value, a bool both, text a label alone."""
    score("tone", value, trace=TRACE)
    _, _, said_ = provided.one()
    assert said_.get("gen_ai.evaluation.score.value") == number
    assert said_.get("gen_ai.evaluation.score.label") == label
    assert said_["gen_ai.evaluation.name"] == "tone" and said_["spanwise.score.source"] == "code"


def test_the_current_span(provided: Provided) -> None:
    """Without a target it is the current span, with the response that it knows."""
    from opentelemetry import trace

    span = started()
    with trace.use_span(span):
        score("helpful", 1, comment="good", user="u-7", source="human")
    context = span.get_span_context()
    trace_id, span_id, said_ = provided.one()
    assert (trace_id, span_id) == (context.trace_id, context.span_id)
    assert said_["gen_ai.response.id"] == "r-1" and said_["user.id"] == "u-7"
    assert said_["gen_ai.evaluation.explanation"] == "good" and said_["spanwise.score.source"] == "human"


@pytest.mark.parametrize(
    ("target", "trace_id", "span_id", "response"),
    [
        ({"trace": TRACE}, int(TRACE, 16), 0, None),
        ({"trace": TRACE, "span": SPAN}, int(TRACE, 16), int(SPAN, 16), None),
        ({"response_id": "r-9"}, 0, 0, "r-9"),
        ({"trace": TRACE, "response_id": "r-9"}, int(TRACE, 16), 0, "r-9"),
    ],
)
def test_what_is_named_is_not_the_current_span(
    provided: Provided, target: dict[str, str], trace_id: int, span_id: int, response: str | None
) -> None:
    """What is named is meant, and nothing of the span that happens to be current."""
    from opentelemetry import trace

    with trace.use_span(started()):
        score("helpful", 1, **target)  # type: ignore[arg-type]
    found = provided.one()
    assert found[:2] == (trace_id, span_id) and found[2].get("gen_ai.response.id") == response


def test_a_span_or_its_context(provided: Provided) -> None:
    """A span that has ended, and its context alone, can be named."""
    span = started()
    span.end()
    score("helpful", 1, span=span)
    score("helpful", 1, span=span.get_span_context())
    ids = {(it.log_record.trace_id, it.log_record.span_id) for it in provided.records()}
    assert ids == {(span.get_span_context().trace_id, span.get_span_context().span_id)}


@pytest.mark.parametrize(
    ("name", "value", "more", "error", "message"),
    [
        ("", 1, {}, ValueError, "name:"),
        (" ", 1, {}, ValueError, "name:"),
        (None, 1, {}, TypeError, "name:"),
        ("n" * 129, 1, {}, ValueError, "name:"),
        ("n", math.nan, {}, ValueError, "finite number"),
        ("n", math.inf, {}, ValueError, "finite number"),
        ("n", 10**400, {}, ValueError, "finite number"),
        ("n", None, {}, TypeError, "value:"),
        ("n", "", {}, ValueError, "value:"),
        ("n", 1, {"comment": 5}, TypeError, "comment:"),
        ("n", 1, {"source": "robot"}, ValueError, "accepted: check, code, human, llm"),
        ("n", 1, {"trace": "7"}, ValueError, "32 hexadecimal"),
        ("n", 1, {"trace": "0" * 32}, ValueError, "not all 0"),
        ("n", 1, {"trace": 7}, TypeError, "trace:"),
        ("n", 1, {"trace": TRACE, "span": "x" * 16}, ValueError, "span:"),
        ("n", 1, {"span": SPAN}, ValueError, "trace= with it"),
        ("n", 1, {"span": 7}, TypeError, "span:"),
        ("n", 1, {"trace": TRACE, "span": SPAN, "response_id": "r"}, ValueError, "both name a call"),
        ("n", 1, {"response_id": ""}, ValueError, "response_id:"),
    ],
)
def test_wrong_use(
    provided: Provided, name: Any, value: Any, more: dict[str, Any], error: type[Exception], message: str
) -> None:
    """Wrong use is one clear error, and nothing is sent."""
    with pytest.raises(error, match=message):
        score(name, value, **{"trace": TRACE, **more} if "span" not in more and "response_id" not in more else {**more})
    assert provided.records() == []


def test_a_span_of_another_trace(provided: Provided) -> None:
    """A trace that contradicts the span is refused."""
    with pytest.raises(ValueError, match="contradict"):
        score("n", 1, trace=TRACE, span=started())
    assert provided.records() == []


def test_no_span_is_no_error(provided: Provided, caplog: pytest.LogCaptureFixture) -> None:
    """Where no span is or was current, as in a program without telemetry, the score is left out with a warning."""
    contextvars.Context().run(score, "helpful", 1)
    assert provided.records() == []
    assert "no current span" in caplog.text


def test_a_provider_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of telemetry stays there."""

    class Broken:
        def get_logger(self, *_: object, **__: object) -> object:
            raise RuntimeError("broken")

    monkeypatch.setattr(_logs._internal, "_LOGGER_PROVIDER", Broken())
    score("helpful", 1, trace=TRACE)


def test_the_comment_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in a comment is gone before any exporter sees it; a flush waits for scores that wait."""
    made = Provided(Pipeline())
    monkeypatch.setattr(_logs._internal, "_LOGGER_PROVIDER", made.provider)
    score("helpful", 1, trace=TRACE, comment="write to jane.doe@example.com")
    _, _, said_ = made.one()
    assert said_["gen_ai.evaluation.explanation"] == "write to [EMAIL]"
    assert "spanwise.processed" in said_
    made.provider.shutdown()


def test_without_redaction_the_score_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where content is withheld the comment is dropped and the score with its name goes on."""
    made = Provided(Pipeline(PipelineConfig(withheld="the policy has mistakes")))
    monkeypatch.setattr(_logs._internal, "_LOGGER_PROVIDER", made.provider)
    score("helpful", True, trace=TRACE, comment="write to jane.doe@example.com")
    _, _, said_ = made.one()
    assert "gen_ai.evaluation.explanation" not in said_
    assert (said_["gen_ai.evaluation.name"], said_["gen_ai.evaluation.score.value"]) == ("helpful", 1.0)
    assert said_["spanwise.content.dropped"] == "the policy has mistakes"
    made.provider.shutdown()


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.binary()), st.text())
def test_any_value(value: object, name: str) -> None:
    """Whatever is given is either attributes that OTLP can carry, or one of the two errors."""
    try:
        found = said(name, value)
    except (TypeError, ValueError):
        return
    number = found.get("gen_ai.evaluation.score.value")
    assert number is None or (isinstance(number, float) and math.isfinite(number))
    assert number is not None or found["gen_ai.evaluation.score.label"]
