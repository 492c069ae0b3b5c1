"""`Application`: a program under `opentelemetry-instrument` that sends its telemetry to a collector."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from spanwise.semconv import environment
from tests.emulator import Emulator
from tests.stack.leash import leashed


ROOT = Path(__file__).resolve().parents[2]
INSTRUMENT = Path(sys.executable).parent / "opentelemetry-instrument"
TIMEOUT_S = 60


def settings(service: str, *, emulator: Emulator, otlp_url: str, policy: Path) -> dict[str, str]:
    """The environment of an application named `service`: all that a user would set, and nothing inherited of it."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_"))}
    return {
        **inherited,
        "DEMO_EMULATOR": "1",
        "OPENAI_API_KEY": "no-key-needed",
        "OPENAI_BASE_URL": emulator.openai_url,
        "ANTHROPIC_API_KEY": "no-key-needed",
        "ANTHROPIC_BASE_URL": emulator.anthropic_url,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "OTEL_SERVICE_NAME": service,
        # An environment of its own: alerts of providers look at all services of one.
        "OTEL_RESOURCE_ATTRIBUTES": f"service.instance.id={service}-1,deployment.environment.name={service}-test",
        "OTEL_EXPORTER_OTLP_ENDPOINT": otlp_url,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        # A test does not wait a minute for metrics.
        "OTEL_METRIC_EXPORT_INTERVAL": "1000",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        environment.SPANWISE_POLICY: str(policy),
    }


def run_demo(env: Mapping[str, str]) -> str:
    """What the demo application prints when it answers one customer.

    Raises:
        AssertionError: it failed; the message has what it wrote to standard error.
    """
    ran = subprocess.run(
        [INSTRUMENT, sys.executable, "demo/app.py"],
        cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


class Application:
    """The demo's assistant as a service that runs until the context ends; see `tests.stack.traffic`."""

    def __init__(self, env: Mapping[str, str], *, log: Path) -> None:
        self.service = env["OTEL_SERVICE_NAME"]
        self._env = dict(env)
        self._log = log
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                leashed([INSTRUMENT, sys.executable, "-m", "tests.stack.traffic"]),
                cwd=ROOT, env=self._env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()
        assert self._child is not None
        try:
            self._child.wait(TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
        assert self._child.stdout is not None
        self._child.stdout.close()

    def finish(self) -> None:
        """Tell it that no more orders come, and do not wait; it flushes its telemetry and ends."""
        assert self._child is not None and self._child.stdin is not None
        # What is left in the buffer of a pipe that nobody reads cannot be written.
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.close()

    def kill(self) -> None:
        """End it without a last word: what a machine does that goes down."""
        assert self._child is not None
        self._child.kill()
        self._child.wait()

    def ask(self, calls: int, emulate: str = "default", *, at_once: int = 8, over_s: float = 0.0) -> list[str]:
        """Make so many model calls, each in a trace of its own; the ids of the traces.

        Args:
            calls: How many.
            emulate: What the emulator does with them.
            at_once: How many are under way at the same time.
            over_s: Seconds over which they are spread; 0 for as fast as it goes.

        Raises:
            AssertionError: the application ended; the message has the end of its log.
        """
        order = {"calls": calls, "emulate": emulate, "at_once": at_once, "over_s": over_s}
        assert self._child is not None and self._child.stdin is not None and self._child.stdout is not None
        try:
            self._child.stdin.write(json.dumps(order) + "\n")
            self._child.stdin.flush()
            line = self._child.stdout.readline()
        except BrokenPipeError:
            line = ""
        assert line, f"{self.service} ended. {self._log.read_text(encoding='utf-8')[-3000:]}"
        ids: list[str] = json.loads(line)["trace_ids"]
        return ids
