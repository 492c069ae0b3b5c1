"""The `spanwise` command as a user types it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


SPANWISE = Path(sys.executable).parent / "spanwise"
TIMEOUT_S = 60

MODEL_CALL = """
from opentelemetry import trace
attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4.1-mini",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"mail jane@doe.org"}]}]',
}
with trace.get_tracer("t").start_as_current_span("chat gpt-4.1-mini", attributes=attributes):
    pass
"""
"""A program that makes one span of a priced model call with an e-mail address in it."""


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without its telemetry settings, plus `variables`."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_"))}
    return {**inherited, **variables}


def spanwise(directory: Path, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`spanwise` with `arguments` in `directory`, finished."""
    return subprocess.run(
        [SPANWISE, *arguments],
        cwd=directory,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


@contextmanager
def interruptible() -> Iterator[None]:
    """What is started here ends by Ctrl-C, even where a shell started this process in the background, without that.

    A child inherits a signal that is ignored, and Python leaves it so.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
