"""`content.mode` in a process: the policy decides, unless the environment has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spanwise.semconv import environment


PROGRAM = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
trace.set_tracer_provider(TracerProvider())
from spanwise.pipeline.activation import activate
activate()
from spanwise.instrument.core.capture import capture
print(capture().name)
"""
VARIABLE = environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT


@pytest.mark.parametrize(
    ("policy", "variable", "captured"),
    [
        ("content: {mode: span}\n", None, "SPAN"),
        ("content: {mode: event}\n", None, "EVENT"),
        ("content: {mode: none}\n", None, "NOWHERE"),
        ("content: {mode: span}\n", "NO_CONTENT", "NOWHERE"),
        ("content: {mode: none}\n", "SPAN_ONLY", "SPAN"),
        ("cap: {max_events: 3}\n", None, "NOWHERE"),
        ("content: {mode: span}\ncap: {max_evnts: 3}\n", None, "NOWHERE"),
    ],
)
def test_what_instrumentations_capture(tmp_path: Path, policy: str, variable: str | None, captured: str) -> None:
    """The variable comes before the policy, and a policy with mistakes captures nothing."""
    file = tmp_path / "p.yaml"
    file.write_text(policy)
    environ = {key: value for key, value in os.environ.items() if key != VARIABLE}
    environ[environment.SPANWISE_POLICY] = str(file)
    if variable is not None:
        environ[VARIABLE] = variable
    ran = subprocess.run([sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, check=True)
    assert ran.stdout == f"{captured}\n", ran.stderr
