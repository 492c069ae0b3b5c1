"""The ends of the supported ranges of groq, cerebras-cloud-sdk, together and writer-sdk pass the same tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions.overlay import ROOT, environment, overlay


OLDEST = ("groq==0.6.0", "cerebras-cloud-sdk==1.0.0", "together==2.0.0", "writer-sdk==2.0.0", "httpx<0.28")
"""Two of them pass `proxies` to httpx, which 0.28 no longer takes."""

NEWEST_TOGETHER = ("together==3.1.1",)
"""It wants an older `rich` than the tools of the development environment, so that has the last 2."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("requirements", "chosen", "at_least"),
    [(OLDEST, "not newest", 140), (NEWEST_TOGETHER, "together", 35)],
    ids=["oldest", "together 3"],
)
def test_ends_of_the_ranges(tmp_path: Path, requirements: tuple[str, ...], chosen: str, at_least: int) -> None:
    """Every test of the family passes with these releases."""
    folder = overlay(tmp_path / "versions", *requirements)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        chosen,
        "tests/instrument/stainless",
    ]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed is not None
    assert int(passed[1]) >= at_least
