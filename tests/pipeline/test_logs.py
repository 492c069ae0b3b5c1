"""Log records go through redaction as spans do."""

from __future__ import annotations

from typing import Any

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from spanwise.pipeline import Pipeline, logs
from spanwise.record import SpanRecord


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


def test_failing_redaction_drops_the_log_content() -> None:
    """When redaction fails only what is known to be safe is left."""

    class Broken(Pipeline):
        def _value(self, value: object) -> None:
            raise ValueError(value)

    seen = emit(Broken())
    assert CANARY not in seen
    assert "redaction failed" in seen
    assert '"chat"' in seen


def test_spans_of_this_module_are_untouched() -> None:
    """Redacting logs leaves span processing alone."""
    assert Pipeline().process(SpanRecord("a", 1, 2)) is not None
