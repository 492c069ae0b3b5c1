"""Other versions of a package in front of the ones installed, for one child process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path


ROOT = Path(__file__).parents[2]


def overlay(folder: Path, *requirements: str, dependencies: bool = True) -> Path:
    """`folder`, with `requirements` installed in it; put it on PYTHONPATH to have them first."""
    command = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", sys.executable]
    command += ["--target", str(folder), *requirements]
    subprocess.run([*command, *([] if dependencies else ["--no-deps"])], check=True)
    return folder


def kept_overlay(*requirements: str) -> Path:
    """The same in a folder of its own outside the checkout, which a second run finds: a few seconds the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spanwise-overlays"
    home = cache / hashlib.sha256("\n".join([sys.version, *requirements]).encode()).hexdigest()[:16]
    if not home.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as making:
            made = overlay(Path(making) / "made", *requirements)
            try:
                # In one step, so that nobody sees half of it.
                made.rename(home)
            except OSError:
                # Another process was first.
                if not home.exists():
                    raise
    return home


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """The environment of a child process that sees `folder` first and no telemetry settings of this one."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_", "COV"))}
    return {**inherited, "PYTHONPATH": str(folder), **variables}
