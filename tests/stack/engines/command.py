"""Commands that builds are made of."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.stack.engines.failure import EngineError


TIMEOUT_S = 3600
_TOLD_LINES = 30


def run(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What the command printed; `env` is put over the environment.

    Raises:
        EngineError: it failed or did not end within an hour; the message has its last lines.
    """
    shown = " ".join(map(str, command))
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError:
        raise EngineError(f"There is no `{command[0]}` on PATH; it was to run `{shown}`.") from None
    except subprocess.TimeoutExpired:
        raise EngineError(f"`{shown}` did not end within {TIMEOUT_S} s.") from None
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).splitlines()[-_TOLD_LINES:])
        raise EngineError(f"`{shown}` failed with code {done.returncode}:\n{last}")
    return done.stdout
