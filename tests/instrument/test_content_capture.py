"""Where message content goes, by the conventions' switch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from opentelemetry._logs import SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider, ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from spanwise.instrument.core import event
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry


SWITCH = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
QUESTION = "Where is my parcel?"


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryLogRecordExporter]:
    """The log records that the instrumentation emits."""
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    monkeypatch.setattr(event, "get_logger", provider.get_logger)
    yield exporter
    provider.shutdown()


def ask(emulator: Emulator, *, stream: bool) -> None:
    """One question to the emulator."""
    messages: Any = [{"role": "user", "content": QUESTION}]
    with openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk:
        answer: Any = sdk.chat.completions.create(model="gpt-4.1-mini", messages=messages, stream=stream)
        if stream:
            list(answer)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("mode", "on_span", "on_event"),
    [
        (None, False, False),
        ("NO_CONTENT", False, False),
        ("SPAN_ONLY", True, False),
        ("event_only", False, True),
        ("SPAN_AND_EVENT", True, True),
        ("yes please", False, False),
    ],
)
def test_switch(
    telemetry: Telemetry,
    emulator: Emulator,
    logs: InMemoryLogRecordExporter,
    monkeypatch: pytest.MonkeyPatch,
    *,
    mode: str | None,
    on_span: bool,
    on_event: bool,
    stream: bool,
) -> None:
    """Content is on the span, on the event, on both or nowhere; an unknown value means nowhere."""
    monkeypatch.delenv(SWITCH, raising=False)
    if mode is not None:
        monkeypatch.setenv(SWITCH, mode)
    ask(emulator, stream=stream)
    found = telemetry.attributes()
    assert (QUESTION in json.dumps(found)) is on_span
    assert ("gen_ai.output.messages" in found) is on_span
    records: list[ReadableLogRecord] = list(logs.get_finished_logs())
    assert len(records) == on_event
    for record in records:
        check_event(record, telemetry)


def check_event(record: ReadableLogRecord, telemetry: Telemetry) -> None:
    """The event stands in its span's context, carries its attributes, and content as structure, not as text."""
    log, span = record.log_record, telemetry.one()
    assert log.event_name == "gen_ai.client.inference.operation.details"
    assert log.severity_number is SeverityNumber.DEBUG
    assert (log.trace_id, log.span_id) == (span.context.trace_id, span.context.span_id)
    attributes: Any = dict(log.attributes or {})
    (message,) = attributes["gen_ai.input.messages"]
    assert message["role"] == "user"
    assert message["parts"][0]["content"] == QUESTION
    assert attributes["gen_ai.usage.input_tokens"] == (span.attributes or {})["gen_ai.usage.input_tokens"]
