"""Whole programs under `opentelemetry-instrument` and `spanwise run`: what they end with, and how soon."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest


BIN = Path(sys.executable).parent
SPAN = """
from opentelemetry import trace
with trace.get_tracer("t").start_as_current_span("chat") as span:
    span.set_attribute("gen_ai.operation.name", "chat")
    span.set_attribute("note", "jane.doe@example.com")
print("ready", flush=True)
"""


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without its telemetry settings."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_"))}
    return {**inherited, **variables}


def run(command: list[str], tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A finished program."""
    return subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment(**variables), timeout=60, check=False
    )


def traces(tmp_path: Path) -> list[dict[str, object]]:
    """What the store in `tmp_path` holds."""
    ran = run([str(BIN / "spanwise"), "traces", "--json"], tmp_path)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert isinstance(found, list)
    return found


WAITS = """
import threading
join = threading.Thread.join
def noted(self, timeout=None):
    if self.name == "spanwise-bounded":
        print("waits", timeout, flush=True)
    join(self, timeout)
threading.Thread.join = noted
"""
PATIENT = {"OTEL_EXPORTER_OTLP_TIMEOUT": "100000", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}
"""The exporter itself would try for a day: whoever waits for it does not come back."""


def test_no_backend_means_a_quick_and_quiet_exit(tmp_path: Path) -> None:
    """With nobody at the configured endpoint a program under `spanwise run` ends within a second more, and stores."""
    command = [str(BIN / "spanwise"), "run", sys.executable, "-c", WAITS + SPAN]
    ran = run(command, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", **PATIENT)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == "ready\nwaits 1.0\n"
    assert len(traces(tmp_path)) == 1


def test_a_hanging_backend_is_given_up(tmp_path: Path) -> None:
    """Under plain `opentelemetry-instrument` an endpoint that never answers costs the configured seconds, not 30."""
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        ran = run(
            [str(BIN / "opentelemetry-instrument"), sys.executable, "-c", WAITS + SPAN],
            tmp_path,
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{silent.getsockname()[1]}",
            OTEL_METRICS_EXPORTER="none",
            OTEL_LOGS_EXPORTER="none",
            SPANWISE_EXIT_TIMEOUT_S="0.5",
            **PATIENT,
        )
    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr
    assert ran.stdout == "ready\nwaits 0.5\n"


@pytest.mark.parametrize("receiver", ["parent", "child"])
def test_sigterm_loses_nothing(tmp_path: Path, receiver: str) -> None:
    """A program ended by SIGTERM, sent to it or to `spanwise run`, has its spans stored and the signal's exit code."""
    program = SPAN + "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(30)\n"
    with subprocess.Popen(
        [str(BIN / "spanwise"), "run", sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment(OTEL_BSP_SCHEDULE_DELAY="60000"),
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        child = int(running.stdout.readline())
        os.kill(running.pid if receiver == "parent" else child, signal.SIGTERM)
        _, complaint = running.communicate(timeout=20)
        assert running.returncode == 128 + signal.SIGTERM, complaint
    assert len(traces(tmp_path)) == 1


def test_the_stored_span_is_redacted(tmp_path: Path) -> None:
    """No byte of the address is in the store's files."""
    ran = run([str(BIN / "spanwise"), "run", sys.executable, "-c", SPAN], tmp_path)
    assert ran.returncode == 0
    files = [path for path in (tmp_path / ".spanwise").rglob("*") if path.is_file()]
    assert files
    assert not any(b"jane.doe" in path.read_bytes() for path in files)


def test_run_works_with_a_declarative_configuration_file(tmp_path: Path) -> None:
    """With OTEL_CONFIG_FILE the SDK ignores exporter variables; `spanwise run` stores all the same."""
    file = tmp_path / "otel.yaml"
    file.write_text('file_format: "1.0"\ntracer_provider:\n  processors:\n    - simple: {exporter: {console: {}}}\n')
    ran = run([str(BIN / "spanwise"), "run", sys.executable, "-c", SPAN], tmp_path, OTEL_CONFIG_FILE=str(file))
    assert ran.returncode == 0, ran.stderr
    assert len(traces(tmp_path)) == 1


def test_output_is_the_programs_own(tmp_path: Path) -> None:
    """Standard output is byte for byte the same with and without `spanwise run`, and so is the exit code."""
    program = "import sys; sys.stdout.buffer.write(bytes(range(256))); sys.stderr.write('e'); sys.exit(3)"
    outputs = []
    for command in ([sys.executable, "-c", program], [str(BIN / "spanwise"), "run", sys.executable, "-c", program]):
        ran = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment(), timeout=60, check=False)
        outputs.append((ran.returncode, ran.stdout, ran.stderr))
    assert outputs[0] == outputs[1]


def test_a_wrong_exit_timeout_is_named(tmp_path: Path) -> None:
    """A setting that is no number is one line, and the default holds."""
    ran = run(
        [str(BIN / "opentelemetry-instrument"), sys.executable, "-c", SPAN],
        tmp_path,
        OTEL_TRACES_EXPORTER="console",
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
        SPANWISE_EXIT_TIMEOUT_S="soon",
    )
    assert ran.returncode == 0
    assert ran.stderr.strip() == "spanwise: SPANWISE_EXIT_TIMEOUT_S is not a number of seconds"
    assert "[EMAIL]" in ran.stdout


POLICY = """
redact:
  actions: {default: drop, email: pseudonym}
  environments: {production: {actions: {email: drop}}}
  pseudonym: {key_file: keys}
"""
METERED = (
    SPAN
    + """
from opentelemetry import metrics
metrics.get_meter("t").create_counter("c").add(1, {"user.id": "Jane.Doe@example.com"})
"""
)


def console(tmp_path: Path, program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program under `opentelemetry-instrument` that prints its spans and metrics."""
    ran = run(
        [str(BIN / "opentelemetry-instrument"), sys.executable, "-c", program],
        tmp_path,
        OTEL_TRACES_EXPORTER="console",
        OTEL_METRICS_EXPORTER="console",
        OTEL_LOGS_EXPORTER="none",
        **variables,
    )
    assert ran.returncode == 0, ran.stderr
    assert "jane.doe" not in (ran.stdout + ran.stderr).lower()
    return ran


def test_the_policy_of_the_working_directory_holds(tmp_path: Path) -> None:
    """Span and metric of one person carry one token; another environment's rules hold there."""
    (tmp_path / "spanwise.yaml").write_text(POLICY)
    keys = tmp_path / "keys"
    keys.write_text("k1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    keys.chmod(0o400)
    ran = console(tmp_path, METERED)
    tokens = re.findall(r"\[EMAIL~k1~[b-t]{16}\]", ran.stdout)
    assert len(tokens) >= 2
    assert len(set(tokens)) == 1
    assert ran.stderr == ""
    production = console(tmp_path, METERED, OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=production")
    assert '"note": "[DROPPED]"' in production.stdout


def test_a_policy_with_mistakes_withholds_content(tmp_path: Path) -> None:
    """The program runs, one line says what is wrong, and no text of it gets out by any signal."""
    (tmp_path / "spanwise.yaml").write_text(POLICY.replace("drop, email", "dorp, email"))
    ran = console(tmp_path, METERED)
    (line,) = ran.stderr.splitlines()
    assert "spanwise.yaml:3: redact.actions.default: found 'dorp'; accepted: mask," in line
    assert '"spanwise.content.dropped": "the policy has mistakes"' in ran.stdout
    assert '"user.id": "[DROPPED]"' in ran.stdout
