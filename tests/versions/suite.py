"""Our own tests, run with other releases of what they test."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.versions.overlay import ROOT, environment


class Outcome(NamedTuple):
    """What became of a run in which no test failed.

    Attributes:
        passed: how many tests passed.
        skipped: how many were skipped.
    """

    passed: int
    skipped: int


def suite(folder: Path, *arguments: str | Path, timeout_s: float = 300) -> Outcome:
    """What becomes of pytest with `arguments`, in a process that sees `folder` first.

    Raises:
        AssertionError: a test failed; the end of what pytest wrote is in the message.
    """
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    found = {what: int(number) for number, what in re.findall(r"(\d+) (passed|skipped)", ran.stdout)}
    return Outcome(found.get("passed", 0), found.get("skipped", 0))
