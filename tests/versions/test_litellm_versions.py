"""The oldest supported and the newest release of `litellm` pass the tests of the one that is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions.overlay import ROOT, environment, overlay


# Its cache in memory needs packages that only its proxy declares.
@pytest.mark.slow
@pytest.mark.parametrize(
    "requirements",
    [("litellm==1.75.8", "openai<2"), ("litellm==1.110.2", "fastapi", "soundfile")],
    ids=["oldest", "newest"],
)
def test_ends_of_litellm(tmp_path: Path, requirements: tuple[str, ...]) -> None:
    """Every test of the SDK passes with this release, but for what it does not have."""
    folder = overlay(tmp_path / "litellm", *requirements)
    quiet = ("-p", "no:cacheprovider")
    ran = subprocess.run(
        # The oldest has models in the style of pydantic 1.
        [sys.executable, "-m", "pytest", "-q", "-W", "ignore::DeprecationWarning", *quiet, "tests/instrument/litellm"],
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
    assert int(passed[1]) >= 40
