"""`spanwise deploy up --local`: which engines are started, what is said, and that nothing is left running.

The engines here are small servers that answer as ready; tests/stack has the real ones.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spanwise.deploy.stack import ENGINES, Ports
from tests.cli.command import SPANWISE, environment, spanwise


OFFSET = next(
    offset
    for offset in range(2_000 + os.getpid() % 50 * 100, 9_000)
    if not Ports.shifted(offset).taken([engine.name for engine in ENGINES])
)
TIMEOUT_S = 60

SERVER = """\
#!{python}
import http.server, os, re, sys, time
arguments = " ".join(sys.argv[1:])
open({record!r}, "a").write(repr((os.getpid(), arguments, dict(os.environ))) + "\\n")
port = int(os.environ.get("SPANWISE_HEALTH_PORT") or os.environ.get("SPANWISE_JAEGER_QUERY_PORT")
           or re.search(r"listen-address=127.0.0.1:(\\d+)", arguments)[1])
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", port), Ready)
print("listening", flush=True)
server.serve_forever()
"""


def engine(directory: Path, name: str, text: str = "") -> Path:
    """A program called `name` in the engines' directory; what it is told is in `record`."""
    folder = directory / "engines" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text or SERVER.format(python=sys.executable, record=str(directory / f"{name}.record")))
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def variables(directory: Path) -> dict[str, str]:
    """Only these engines are found."""
    return {"SPANWISE_ENGINES": str(directory / "engines"), "PATH": "/nowhere"}


def told(directory: Path, name: str) -> tuple[int, str, dict[str, str]]:
    """Its process id, arguments and environment."""
    pid, arguments, inherited = eval((directory / f"{name}.record").read_text().splitlines()[-1])
    return pid, arguments, inherited


def url(port: int) -> str:
    """Where what usually listens on `port` does here."""
    return f"http://127.0.0.1:{port + OFFSET}"


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def up(directory: Path, *arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """A running stack and what it printed as JSON; it is stopped at the end, should it still run."""
    command = [str(SPANWISE), "deploy", "up", "--local", "--json", "--offset", str(OFFSET), *arguments]
    child = subprocess.Popen(
        command,
        cwd=directory,
        env=environment(**variables(directory), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        document = ""
        while not document.endswith("}\n") or document.count("{") != document.count("}"):
            line = child.stdout.readline()
            assert line, child.stderr.read() if child.stderr else ""
            document += line
        yield child, json.loads(document)
    finally:
        child.terminate()
        child.communicate(timeout=TIMEOUT_S)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_that_was_started_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """By Ctrl-C, by SIGTERM and by a closed terminal; the exit code is 0, because it was asked to."""
    engine(tmp_path, "prometheus")
    engine(tmp_path, "otelcol")
    with up(tmp_path) as (child, said):
        pids = [told(tmp_path, name)[0] for name in ("prometheus", "otelcol")]
        assert all(map(is_alive, pids))
        child.send_signal(number)
        _, errors = child.communicate(timeout=TIMEOUT_S)
        assert child.returncode == 0, errors
        assert not any(map(is_alive, pids))
    assert said["engines"] == {
        "prometheus": {"metrics": url(9090)},
        "collector": {"OTLP/HTTP": url(4318), "OTLP/gRPC": url(4317)},
    }
    assert said["missing"] == ["alertmanager", "jaeger"]
    assert "alertmanager was not found: " in errors
    assert f"OTEL_EXPORTER_OTLP_ENDPOINT={url(4318)} " in errors


def test_nothing_leads_out_of_the_machine(tmp_path: Path) -> None:
    """Not the sinks and receivers of the policy, and not what the environment says to engines."""
    policy = tmp_path / "spanwise.yaml"
    policy.write_text(
        "sinks: {traces: {otlp: {endpoint: 'https://traces.example.com'}}, metrics: {prometheus: "
        "{endpoint: 'https://metrics.example.com/otlp'}}}\n"
        "alerts: {receivers: {hook: {webhook: {url: 'https://hook.example.com/x'}}}, routes: {page: hook}}\n"
    )
    for name in ("prometheus", "otelcol", "alertmanager", "jaeger"):
        engine(tmp_path, name)
    with up(
        tmp_path, SPANWISE_JAEGER_ENDPOINT="evil.example.com:4317", OTEL_EXPORTER_OTLP_ENDPOINT="https://e.example.com"
    ):
        pass
    texts = [path.read_text() for path in (tmp_path / ".spanwise/stack/config").rglob("*") if path.is_file()]
    assert texts
    assert all("example.com" not in text for text in texts)
    for name in ("prometheus", "otelcol", "alertmanager", "jaeger"):
        _, arguments, inherited = told(tmp_path, name)
        assert "example.com" not in arguments + repr(inherited)
        hosts = [
            value for key, value in inherited.items() if key.endswith("HOST") and key.startswith(("SPANWISE", "JAEGER"))
        ]
        assert set(hosts) <= {"127.0.0.1"}


def test_files_point_at_each_other_on_loopback(tmp_path: Path) -> None:
    """Prometheus finds Alertmanager and the Collector where this stack has them."""
    engine(tmp_path, "prometheus")
    with up(tmp_path):
        text = (tmp_path / ".spanwise/stack/config/prometheus/prometheus.yaml").read_text()
    assert {url(port).removeprefix("http://") for port in (9090, 8888, 9093)} <= set(
        re.findall(r"127\.0\.0\.1:[0-9]+", text)
    )
    assert not re.search(r"(?:alertmanager|collector|localhost):[0-9]", text)


def test_data_and_logs_are_for_the_owner_alone(tmp_path: Path) -> None:
    """Traces and prompts lie there."""
    engine(tmp_path, "prometheus")
    with up(tmp_path):
        pass
    for name in ("stack", "stack/data/prometheus", "stack/log"):
        assert stat.S_IMODE((tmp_path / ".spanwise" / name).stat().st_mode) == 0o700


def test_an_engine_that_ends_by_itself_ends_the_stack(tmp_path: Path) -> None:
    """With exit code 1, its last words, and the others stopped."""
    engine(tmp_path, "prometheus")
    engine(tmp_path, "otelcol")
    with up(tmp_path) as (child, _):
        other = told(tmp_path, "otelcol")[0]
        os.kill(told(tmp_path, "prometheus")[0], signal.SIGKILL)
        _, errors = child.communicate(timeout=TIMEOUT_S)
        assert child.returncode == 1
        assert "spanwise: prometheus ended with -9; its log:\nlistening\n" in errors
        assert not is_alive(other)


def test_engines_do_not_outlive_a_stack_that_is_killed(tmp_path: Path) -> None:
    """The kernel ends them, where it can (Linux)."""
    engine(tmp_path, "prometheus")
    with up(tmp_path) as (child, _):
        pid = told(tmp_path, "prometheus")[0]
        child.kill()
        child.wait(TIMEOUT_S)
        deadline = time.monotonic() + TIMEOUT_S
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_alive(pid)


def test_an_engine_that_does_not_start_says_why(tmp_path: Path) -> None:
    """Its own words, and exit code 1."""
    engine(tmp_path, "prometheus", "#!/bin/sh\necho 'unknown flag --web.enable-otlp-receiver' >&2\nexit 3\n")
    ran = spanwise(tmp_path, "deploy", "up", "--local", "--offset", str(OFFSET), **variables(tmp_path))
    assert ran.returncode == 1
    assert "ended with 3; its log:\nunknown flag --web.enable-otlp-receiver\n" in ran.stderr
    assert ran.stdout == ""


def test_a_port_in_use_is_named_before_anything_starts(tmp_path: Path) -> None:
    """With how to get round it; exit code 2."""
    engine(tmp_path, "prometheus")
    with socket.create_server(("127.0.0.1", 9090 + OFFSET)):
        ran = spanwise(tmp_path, "deploy", "up", "--local", "--offset", str(OFFSET), **variables(tmp_path))
    assert ran.returncode == 2
    assert ran.stderr == (
        f"spanwise: ports in use: {9090 + OFFSET} (prometheus); "
        "stop what listens there, or move all ports with --offset\n"
    )
    assert not (tmp_path / "prometheus.record").exists()


def test_one_folder_has_one_stack(tmp_path: Path) -> None:
    """Two would write to the same data."""
    engine(tmp_path, "prometheus")
    with up(tmp_path):
        ran = spanwise(tmp_path, "deploy", "up", "--local", "--offset", str(OFFSET + 1), **variables(tmp_path))
    assert ran.returncode == 2
    assert "a stack runs already in" in ran.stderr


def test_without_an_engine_it_says_how_to_get_them(tmp_path: Path) -> None:
    """A line for each; exit code 2."""
    ran = spanwise(tmp_path, "deploy", "up", "--local", **variables(tmp_path))
    assert ran.returncode == 2
    first, *lines = ran.stderr.splitlines()
    assert first == "spanwise: no engine is here"
    assert [line.partition(":")[0] for line in lines] == ["alertmanager", "prometheus", "jaeger", "collector"]


def test_without_local_it_says_what_there_is(tmp_path: Path) -> None:
    """Containers are started by Compose, not by us."""
    ran = spanwise(tmp_path, "deploy", "up", **variables(tmp_path))
    assert ran.returncode == 2
    assert "docker compose -f deploy/compose/compose.yaml up" in ran.stderr


def test_a_wrong_policy_starts_nothing(tmp_path: Path) -> None:
    """Every mistake with its line, exit code 2."""
    engine(tmp_path, "prometheus")
    (tmp_path / "spanwise.yaml").write_text("retention: {metrics: soon}\n")
    ran = spanwise(tmp_path, "deploy", "up", "--local", **variables(tmp_path))
    assert ran.returncode == 2
    assert ran.stderr.startswith("spanwise.yaml:1: retention.metrics")
    assert not (tmp_path / "prometheus.record").exists()


def test_a_stack_that_is_stopped_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    """An engine that is never ready is not waited for once the user has had enough."""
    record = tmp_path / "prometheus.record"
    engine(
        tmp_path,
        "prometheus",
        f"#!{sys.executable}\nimport os, time\n"
        f"open({str(record)!r}, 'w').write(repr((os.getpid(), '', {{}})) + '\\n')\ntime.sleep(600)\n",
    )
    command = [str(SPANWISE), "deploy", "up", "--local", "--offset", str(OFFSET)]
    child = subprocess.Popen(
        command, cwd=tmp_path, env=environment(**variables(tmp_path)), stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + TIMEOUT_S
    while not (record.exists() and record.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=TIMEOUT_S)
    assert child.returncode == 0
    assert not is_alive(told(tmp_path, "prometheus")[0])
