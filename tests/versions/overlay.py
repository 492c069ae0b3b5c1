"""Other versions of a package in front of the ones installed, for one child process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


ROOT = Path(__file__).parents[2]


def overlay(folder: Path, *requirements: str, dependencies: bool = True) -> Path:
    """`folder`, with `requirements` installed in it; put it on PYTHONPATH to have them first."""
    command = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", sys.executable]
    command += ["--target", str(folder), *requirements]
    subprocess.run([*command, *([] if dependencies else ["--no-deps"])], check=True)
    return folder


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """The environment of a child process that sees `folder` first and no telemetry settings of this one."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_", "COV"))}
    return {**inherited, "PYTHONPATH": str(folder), **variables}
