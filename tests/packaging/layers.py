"""Holds the source against the import contracts: `python -m tests.packaging.layers`.

import-linter reads a package in one folder. The source tree has slices of it in several rooms, as the wheel has not, so
the slices are laid together first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory


ROOT = Path(__file__).parents[2]
ROOMS = ("conventions", "processors", "instrumentation", "collector", "deploy", "console")


def check() -> subprocess.CompletedProcess[str]:
    """What `lint-imports` says of the package as the wheel has it."""
    with TemporaryDirectory(prefix="spanwise-layers-") as folder:
        for room in ROOMS:
            shutil.copytree(ROOT / room / "spanwise", Path(folder, "spanwise"), ignore=_no_source, dirs_exist_ok=True)
        return subprocess.run(
            [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", ROOT / "pyproject.toml"],
            capture_output=True,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder},
            check=False,
        )


def _no_source(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not Path(folder, name).is_dir()]


if __name__ == "__main__":
    checked = check()
    sys.stdout.write(checked.stdout[-1500:] + checked.stderr[-1500:])
    sys.exit(checked.returncode)
