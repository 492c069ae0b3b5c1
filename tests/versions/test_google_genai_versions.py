"""The oldest supported release of the `google-genai` SDK passes the same tests as the newest."""

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
