"""Metrics and events that we emit follow the conventions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry import metrics as metrics_api
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from spanwise.instrument.core import event
from spanwise.pipeline import Pipeline
from spanwise.record.sdk import from_readable
from spanwise.semconv.checker import Severity, check
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    """A reader of a meter provider that is the global one for this test only."""
    found = InMemoryMetricReader()
    provider = MeterProvider([found])

    def get_meter(name: str, schema_url: str | None = None) -> metrics_api.Meter:
        return provider.get_meter(name, schema_url=schema_url)

    monkeypatch.setattr("opentelemetry.metrics.get_meter", get_meter)
    yield found
    provider.shutdown()


def calls(emulator: Emulator) -> None:
    """A call, a stream, an embedding and a call that fails."""
    messages: Any = [{"role": "user", "content": "hello"}]
    sdk: Any
    with openai.OpenAI(base_url=emulator.openai_url, api_key="k", max_retries=0) as sdk:
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=messages)
        list(sdk.chat.completions.create(model="gpt-4.1-mini", messages=messages, stream=True))
        sdk.embeddings.create(model="text-embedding-3-small", input="hello")
        failing = sdk.with_options(default_headers={"x-emulator": "error_500"})
        with pytest.raises(openai.InternalServerError):
            failing.chat.completions.create(model="gpt-4.1-mini", messages=messages)


def violations(document: Any) -> list[str]:
    """What the checker takes for wrong, in words."""
    return [str(found) for found in check(document).findings if found.severity is Severity.VIOLATION]


def test_metrics(telemetry: Telemetry, emulator: Emulator, reader: InMemoryMetricReader) -> None:
    """Every metric recorded from these calls is known, with its instrument, unit and attributes."""
    calls(emulator)
    pipeline = Pipeline()
    for span in telemetry.spans():
        pipeline.process(from_readable(span))
    data = reader.get_metrics_data()
    assert data is not None
    document = MessageToDict(encode_metrics(data))
    assert check(document).metrics >= 8
    assert violations(document) == []


def test_events(
    telemetry: Telemetry, emulator: Emulator, reader: InMemoryMetricReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The details event has the attributes of its span, and content as structure."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "EVENT_ONLY")
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    monkeypatch.setattr(event, "get_logger", provider.get_logger)
    calls(emulator)
    telemetry.spans()
    document = MessageToDict(encode_logs(exporter.get_finished_logs()))
    provider.shutdown()
    assert check(document).events == 3, "an embedding is no inference"
    assert violations(document) == []
