"""Log records go through redaction as spans do."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import (
    LoggerProvider,
    LogRecordDroppedAttributesWarning,
    LogRecordLimits,
    ReadableLogRecord,
)
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource

from spanwise.pipeline import Pipeline, PipelineConfig, logs
from spanwise.record import SpanRecord
from spanwise.redact import RedactConfig


CANARY = "jane.doe@example.com"


def emit(pipeline: Pipeline) -> str:
    """What an exporter sees of a record with an address in its body and its structured content."""
    provider = LoggerProvider(shutdown_on_exit=False)
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    assert logs.install(provider, pipeline)
    assert not logs.install(provider, pipeline)
    content: Any = [{"role": "user", "parts": [{"type": "text", "content": CANARY}]}]
    provider.get_logger("t").emit(
        LogRecord(
            body=f"to {CANARY}",
            severity_number=SeverityNumber.INFO,
            attributes={"gen_ai.input.messages": content, "gen_ai.operation.name": "chat"},
        )
    )
    (exported,) = exporter.get_finished_logs()
    provider.shutdown()
    return exported.to_json()


def test_log_records_are_redacted() -> None:
    """Body and structured attributes are clean before any log processor sees them."""
    seen = emit(Pipeline())
    assert CANARY not in seen
    assert "[EMAIL]" in seen


def exported(pipeline: Pipeline, record: LogRecord, **resource: str) -> ReadableLogRecord:
    """`record` as an exporter sees it, written by a scope with an address in its name."""
    provider = LoggerProvider(Resource({"owner": CANARY, **resource}), shutdown_on_exit=False)
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    logs.install(provider, pipeline)
    provider.get_logger(f"scope {CANARY}", CANARY, attributes={"author": CANARY}).emit(record)
    (seen,) = exporter.get_finished_logs()
    provider.shutdown()
    return seen


def test_no_place_of_a_record_is_left_out() -> None:
    """Event name, severity text, body, attributes and their keys, exception, resource and scope are clean."""
    error = ValueError(f"no such user {CANARY}")
    record = LogRecord(
        event_name=CANARY,
        severity_text=CANARY,
        body={"to": [CANARY], CANARY: {"raw": CANARY.encode()}},
        attributes={"n": 3, CANARY: "x", "to": CANARY},
        exception=error,
    )
    seen = exported(Pipeline(), record)
    assert CANARY not in seen.to_json()
    assert CANARY not in repr(vars(seen.log_record)) + repr(vars(seen.resource)) + repr(seen.instrumentation_scope)
    assert (seen.log_record.attributes or {})["exception.message"] == "no such user [EMAIL]"
    assert (seen.log_record.event_name, seen.log_record.severity_text) == ("[EMAIL]", "[EMAIL]")
    assert (seen.log_record.attributes or {})["n"] == 3


def test_the_policy_of_the_environment_holds() -> None:
    """Body and attributes follow the settings of the environment that the resource names."""
    redact = RedactConfig(
        environments={"production": RedactConfig(actions={"email": "drop"}, attributes={"n": "drop"})}
    )
    pipeline = Pipeline(PipelineConfig(redact=redact))
    for environment, body, number in (("production", "[DROPPED]", "[DROPPED]"), ("test", "to [EMAIL]", 3)):
        record = LogRecord(body=f"to {CANARY}", attributes={"n": 3})
        seen = exported(pipeline, record, **{"deployment.environment.name": environment})
        assert seen.log_record.body == body
        assert (seen.log_record.attributes or {})["n"] == number


def test_withheld_content_is_withheld_here_too() -> None:
    """With a policy that cannot be used nothing anybody wrote gets out of a record, and it says why."""
    record = LogRecord(
        body="Jane", attributes={"note": "Jane", "n": 3}, event_name="Jane 4111 1111 1111", severity_text="INFO"
    )
    seen = exported(Pipeline(PipelineConfig(withheld="the policy has mistakes")), record)
    assert "Jane" not in seen.to_json()
    assert dict(seen.log_record.attributes or {}) == {"n": 3, "spanwise.content.dropped": "the policy has mistakes"}
    assert seen.log_record.severity_text == "INFO"


def test_a_clean_record_keeps_its_count_of_dropped_attributes() -> None:
    """What the SDK's limits took is still counted, whether something was redacted or not."""
    for text in ("x", CANARY):
        provider = LoggerProvider(
            shutdown_on_exit=False, log_record_limits=LogRecordLimits(max_log_record_attributes=1)
        )
        exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
        logs.install(provider, Pipeline())
        with pytest.warns(LogRecordDroppedAttributesWarning):
            provider.get_logger("t").emit(LogRecord(attributes={"a": text, "b": text}))
        (seen,) = exporter.get_finished_logs()
        assert seen.dropped_attributes == 1
        provider.shutdown()


def test_failing_redaction_drops_the_log_content() -> None:
    """When redaction fails only what is known to be safe is left."""

    class Broken(Pipeline):
        def _value(self, value: object, resource: object = None) -> None:
            raise ValueError(value)

    seen = emit(Broken())
    assert CANARY not in seen
    assert "redaction failed" in seen
    assert '"chat"' in seen


def test_spans_of_this_module_are_untouched() -> None:
    """Redacting logs leaves span processing alone."""
    assert Pipeline().process(SpanRecord("a", 1, 2)) is not None
