"""The oldest supported release, and the newest of each older major, of the `mistralai` SDK pass its tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions.overlay import ROOT, environment, overlay


HTTPX: tuple[str, ...] = ("httpx==0.28.1",)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("release", "requirements", "at_least"),
    [
        # Its models use what pydantic warns of since 2.11.
        ("1.2.0", ("httpx<0.28", "pydantic<2.11", "typing-inspect", "jsonpath-python"), 45),
        ("1.12.4", (*HTTPX, "invoke"), 60),
        ("2.10.1", HTTPX, 60),
    ],
)
def test_majors_of_mistralai(tmp_path: Path, release: str, requirements: tuple[str, ...], at_least: int) -> None:
    """Every test with the SDK passes with this release; those of the codecs alone are for the other run."""
    folder = overlay(tmp_path / "mistralai", f"mistralai=={release}", dependencies=False)
    if requirements:
        overlay(folder, *requirements)
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            "not codec",
            "tests/instrument/mistralai",
        ],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed is not None
    assert int(passed[1]) >= at_least
