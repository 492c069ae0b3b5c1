"""What we leave follows the convention, and a program that uses Bedrock sees nothing of us, not even our faults."""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

import pytest

from spanwise.instrument.bedrock import BedrockInstrumentor
from spanwise.pipeline import Pipeline
from spanwise.record.sdk import from_readable
from spanwise.semconv import check
from spanwise.semconv.checker import Severity
from tests.emulator import Emulator
from tests.instrument.bedrock import program
from tests.instrument.telemetry import Telemetry, instrumented


CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
HOOKS = [
    "spanwise.instrument.tap.bedrock.BedrockTap._start",
    "spanwise.instrument.tap.bedrock.BedrockTap._call",
    "spanwise.instrument.tap.bedrock._count_attempts",
    "spanwise.instrument.core.started.Started.leave",
    "spanwise.instrument.core.call.Call.say",
    "spanwise.instrument.core.call.Call.end",
    "spanwise.instrument.core.call.Call.reduce",
    "spanwise.instrument.codec.bedrock_converse.BedrockConverse.request",
    "spanwise.instrument.codec.bedrock_converse.BedrockConverse.request_content",
    "spanwise.instrument.codec.bedrock_converse.BedrockConverse.response",
    "spanwise.instrument.codec.bedrock_converse.ConverseReducer.add",
    "spanwise.instrument.codec.bedrock_converse.ConverseReducer.body",
    "spanwise.instrument.body.event_stream.MessageFeed.take",
    "spanwise.instrument.body.event_stream.MessageFeed.settle",
    "spanwise.instrument.body.event_stream.observe",
    "spanwise.instrument.body.streaming_body.observe",
    "spanwise.instrument.body.streaming_body.Watch.took",
    "spanwise.instrument.body.streaming_body.Watch.reach",
]


NOT_TOLD = {
    # The convention wants a guardrail of every call to Bedrock. A call without one has none to name.
    ("required_attribute_not_present", "aws.bedrock.guardrail.id"),
    ("genai_expected_attribute_missing", "aws.bedrock.guardrail.id"),
    # Converse has no id, and names no model. InvokeModel is priced by the name that was asked for.
    ("genai_expected_attribute_missing", "gen_ai.response.id"),
    ("genai_expected_attribute_missing", "gen_ai.response.model"),
    # A body that was closed unread, and a run of an agent without traces.
    ("genai_expected_attribute_missing", "gen_ai.response.finish_reasons"),
    ("genai_expected_attribute_missing", "gen_ai.usage.input_tokens"),
    ("genai_expected_attribute_missing", "gen_ai.usage.output_tokens"),
    # The program leaves the number of results to the knowledge base.
    ("genai_expected_attribute_missing", "gen_ai.retrieval.top_k"),
}


@pytest.mark.parametrize("content", ["NO_CONTENT", "SPAN_ONLY"])
def test_no_violation(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    """The checker misses only what Bedrock does not tell, before and after the pipeline."""
    monkeypatch.setenv(CONTENT, content)
    program.run(emulator)
    raw = telemetry.spans()
    assert len(raw) == 12
    pipeline = Pipeline()
    for spans in (raw, [pipeline.process(from_readable(span)) for span in raw]):
        report = check(spans)
        assert report.judged == len(raw)
        violations = [finding for finding in report.findings if finding.severity is Severity.VIOLATION]
        assert {(finding.id, finding.attribute) for finding in violations} - NOT_TOLD == set()


@pytest.fixture(scope="module")
def bare(emulator_server: Emulator) -> list[Any]:
    """What the program gets without us."""
    return program.run(emulator_server)


@pytest.mark.parametrize("content", ["NO_CONTENT", "SPAN_ONLY"])
def test_a_program_sees_nothing_of_us(
    emulator: Emulator, bare: list[Any], monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    """Values, types and errors are the same with us and without."""
    monkeypatch.setenv(CONTENT, content)
    with instrumented(BedrockInstrumentor()):
        assert program.run(emulator) == bare


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.rpartition("instrument.")[2])
def test_a_fault_of_ours_stays_with_us(
    emulator: Emulator, bare: list[Any], monkeypatch: pytest.MonkeyPatch, hook: str
) -> None:
    """Whichever of our hooks fails, the program gets what it gets without us."""

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with instrumented(BedrockInstrumentor()):
        program.run(emulator)
        monkeypatch.setattr(hook, fail)
        # A hook that cannot leave its context must not leave it to other tests.
        assert copy_context().run(program.run, emulator) == bare
