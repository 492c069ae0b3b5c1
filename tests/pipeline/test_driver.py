"""The driver: order, error boundary, counters, and processing once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.pipeline import Pipeline, boundary
from spanwise.record import Event, SpanRecord


CANARY = "jane.doe@example.com"


@pytest.fixture(autouse=True)
def _forget_logged() -> Iterator[None]:
    boundary._logged.clear()
    yield
    boundary._logged.clear()


def span(**attributes: object) -> SpanRecord:
    """A finished chat span that costs money and holds an address."""
    found = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 1240,
        "gen_ai.usage.cache_read.input_tokens": 1024,
        "gen_ai.usage.output_tokens": 310,
        "gen_ai.input.messages": f'[{{"role":"user","parts":[{{"type":"text","content":"mail {CANARY}"}}]}}]',
        **attributes,
    }
    return SpanRecord(
        name="chat gpt-4o-mini",
        trace_id=1,
        span_id=2,
        kind=SpanKind.CLIENT,
        start_unix_nano=1_760_000_000_000_000_000,
        end_unix_nano=1_760_000_001_000_000_000,
        attributes=found,  # type: ignore[arg-type]
        events=[Event("exception", 1, {"exception.message": f"bad {CANARY}"})],
        status=StatusCode.ERROR,
        status_description=CANARY,
    )


def raising(record: SpanRecord) -> SpanRecord:
    """A step with a defect, whose message quotes what it saw."""
    raise ValueError(record.attributes["gen_ai.input.messages"])


def test_a_span_comes_out_priced_and_redacted() -> None:
    """One pass prices, marks and redacts, in every carrier."""
    done = Pipeline().process(span())
    assert done is not None
    assert done.attributes["gen_ai.usage.cost.amount"] == 0.0002952
    assert done.attributes["spanwise.cost.status"] == "exact"
    assert done.attributes["spanwise.redaction.count"] == 3
    assert done.attributes["spanwise.redaction.kinds"] == ["email"]
    assert done.attributes["spanwise.processed"]
    assert CANARY not in repr(done)


def test_processing_twice_changes_nothing() -> None:
    """What one host has processed, the next leaves as it is."""
    pipeline = Pipeline()
    once = pipeline.process(span())
    assert once is not None
    before = repr(once)
    twice = Pipeline(measure=raising).process(once)
    assert repr(twice) == before


def test_a_claim_of_being_processed_is_still_cleaned() -> None:
    """A mark that came over the network does not carry content past redaction."""
    done = Pipeline().process(span(**{"spanwise.processed": "9.9"}))
    assert CANARY not in repr(done)


def test_failing_redaction_drops_the_content() -> None:
    """A redaction that raises leaves no content, and says why."""
    done = Pipeline(redact=raising).process(span())
    assert done is not None
    assert CANARY not in repr(done)
    assert done.attributes["spanwise.content.dropped"] == "redaction failed"
    assert done.attributes["gen_ai.usage.input_tokens"] == 1240


def test_failing_cost_marks_the_call_unpriced() -> None:
    """A pricing that raises is an unknown price, not a lost span and not 0."""
    done = Pipeline(cost=raising).process(span())
    assert done is not None
    assert done.attributes["spanwise.cost.status"] == "unpriced"
    assert "gen_ai.usage.cost.amount" not in done.attributes


@pytest.mark.parametrize("step", ["measure", "cap"])
def test_other_failing_steps_keep_the_span(step: str) -> None:
    """Whatever else raises, the span goes on, clean."""
    broken = Pipeline(measure=raising) if step == "measure" else Pipeline(cap=raising)
    done = broken.process(span())
    assert done is not None
    assert done.attributes["gen_ai.operation.name"] == "chat"
    assert CANARY not in repr(done)


def test_a_failure_is_logged_once_and_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    """The log names step and class of error, once; what the step saw is not in it."""
    pipeline = Pipeline(redact=raising)
    pipeline.process(span())
    pipeline.process(span())
    assert [record.getMessage() for record in caplog.records if "redact" in record.getMessage()] == [
        "spanwise: redact failed with ValueError; telemetry is degraded, the application is not"
    ]
    assert CANARY not in caplog.text


def test_raise_switch_lets_tests_see_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """With SPANWISE_RAISE=1 a defect fails the test instead of degrading the span."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with pytest.raises(ValueError, match="mail"):
        Pipeline(redact=raising).process(span())


def test_spans_of_others_are_redacted_and_not_priced() -> None:
    """A span that is no GenAI operation is cleaned and otherwise left alone."""
    http = SpanRecord("GET", 1, 2, attributes={"url.full": f"https://x.test/?q={CANARY}"})
    done = Pipeline().process(http)
    assert done is not None
    assert CANARY not in repr(done)
    assert "spanwise.cost.status" not in done.attributes


def test_a_secret_for_a_model_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The warning about an unknown model shows its name as it would leave the process."""
    key = "A3-AB12CD-EF34GH-IJ56K-LM78N-OP90Q-RS12T"
    span = SpanRecord("chat", 1, 2, attributes={
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": key,
        "gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 5,
    })  # fmt: skip
    Pipeline().account(span)
    (record,) = (each for each in caplog.records if each.name == "spanwise.cost")
    assert "No price for model" in record.getMessage()
    assert key not in record.getMessage()
