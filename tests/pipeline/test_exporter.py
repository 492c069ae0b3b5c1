"""The exporter plug-in, by environment, by hand and from a declarative configuration file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanwise.pipeline import ConfigError, Pipeline, PipelineHost, SpanwiseExporter


CANARY = "jane.doe@example.com"
PROGRAM = f"""
from opentelemetry import trace
with trace.get_tracer("t").start_as_current_span("chat") as span:
    span.set_attribute("gen_ai.operation.name", "chat")
    span.set_attribute("note", "{CANARY} 192.0.2.77")
"""
DECLARATIVE = """
file_format: "1.0"
tracer_provider:
  processors:
    - simple:
        exporter:
          spanwise:
            redact:
              kinds: [email]
            forward:
              console: {}
"""


def chat(provider: TracerProvider) -> None:
    """End one chat span with an address in it."""
    with provider.get_tracer("t").start_as_current_span("chat") as span:
        span.set_attribute("gen_ai.operation.name", "chat")
        span.set_attribute("note", CANARY)


def test_it_processes_what_it_forwards() -> None:
    """Spans reach the wrapped exporter priced and redacted."""
    inner = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(SpanwiseExporter(forward=inner)))
    chat(provider)
    (span,) = inner.get_finished_spans()
    assert CANARY not in span.to_json()
    assert (span.attributes or {})["spanwise.cost.status"] == "unpriced"
    assert provider.force_flush()
    provider.shutdown()


def test_behind_the_host_it_passes_spans_through() -> None:
    """With the pipeline around the processor as well, a span is processed once."""
    inner = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    PipelineHost(Pipeline()).install(provider)
    provider.add_span_processor(SimpleSpanProcessor(SpanwiseExporter(forward=inner)))
    chat(provider)
    (span,) = inner.get_finished_spans()
    assert (span.attributes or {})["spanwise.redaction.count"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"redcat": {}}, "redcat: not a key. Did you mean redact?"),
        ({"cap": {"max_attribute_byte": 1}}, "cap.max_attribute_byte: not a key. Did you mean max_attribute_bytes?"),
        ({"redact": {"kinds": ["emial"]}}, "emial"),
        ({"forward": {"zipkin": {}}}, "accepted is one of otlp_http, otlp_grpc, console"),
        ({"forward": {"otlp_http": {"endpont": "x"}}}, "Accepted: endpoint, headers, timeout"),
        ({"cost": 3}, "accepted is a mapping"),
    ],
)
def test_wrong_options_are_one_clear_error(options: dict[str, object], message: str) -> None:
    """A wrong key is answered with what is accepted."""
    with pytest.raises(ConfigError) as error:
        SpanwiseExporter(**options)  # type: ignore[arg-type]
    assert message in str(error.value)


def run(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The program under `opentelemetry-instrument`."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OTEL_", "SPANWISE_"))}
    environment.update(OTEL_METRICS_EXPORTER="none", OTEL_LOGS_EXPORTER="none", **variables)
    command = [str(Path(sys.executable).parent / "opentelemetry-instrument"), sys.executable, "-c", PROGRAM]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=60, check=False
    )


def test_from_a_declarative_configuration_file(tmp_path: Path) -> None:
    """Nested options arrive, and the span is processed once even with the pipeline switched on as well."""
    file = tmp_path / "otel.yaml"
    file.write_text(DECLARATIVE)
    ran = run(tmp_path, OTEL_CONFIG_FILE=str(file), SPANWISE_PIPELINE="off")
    assert ran.returncode == 0, ran.stderr
    assert "[EMAIL] 192.0.2.77" in ran.stdout, ran.stderr
    whole = run(tmp_path, OTEL_CONFIG_FILE=str(file))
    assert '"spanwise.redaction.count": 2' in whole.stdout, whole.stderr


def test_by_environment(tmp_path: Path) -> None:
    """`OTEL_TRACES_EXPORTER=spanwise` is accepted; with no backend the program still ends soon and well."""
    ran = run(
        tmp_path,
        OTEL_TRACES_EXPORTER="spanwise",
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9",
        SPANWISE_EXIT_TIMEOUT_S="0.5",
    )
    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr
    assert CANARY not in ran.stdout + ran.stderr
