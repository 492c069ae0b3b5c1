"""Old releases of the `google-genai` SDK pass the same tests as the newest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions.overlay import ROOT, environment, overlay


@pytest.mark.slow
def test_oldest_google_genai(tmp_path: Path) -> None:
    """google-genai 1.20 passes the instrumentation tests, live sessions included."""
    folder = overlay(tmp_path / "oldest", "google-genai==1.20.0", dependencies=False)
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/instrument/google_genai"),
            # The codecs do not know the SDK.
            "--ignore=tests/instrument/google_genai/test_codec_gemini.py",
            "--ignore=tests/instrument/google_genai/test_codec_interactions.py",
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
    assert int(passed[1]) > 100


@pytest.mark.slow
def test_first_interactions_in_steps(tmp_path: Path) -> None:
    """google-genai 2.0, whose client of interactions another generator made, passes the tests of interactions."""
    folder = overlay(tmp_path / "steps", "google-genai==2.0.0", dependencies=False)
    tests = "tests/instrument/google_genai/test_google_interactions.py"
    # What differs between the two clients: how they are held, how they fail, what they try again.
    chosen = "studio or agent or background or 400 or 429 or raw or inside_a_stream"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests, "-k", chosen],
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
    assert int(passed[1]) > 20
    assert "skipped" not in ran.stdout
