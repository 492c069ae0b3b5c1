"""Old releases of the `google-genai` SDK pass the same tests as the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


FOLDER = "tests/instrument/google_genai"


@pytest.mark.slow
def test_oldest_google_genai(tmp_path: Path) -> None:
    """google-genai 1.20 passes the instrumentation tests, live sessions included."""
    folder = overlay(tmp_path / "oldest", "google-genai==1.20.0", dependencies=False)
    # The codecs do not know the SDK.
    ignored = [f"--ignore={FOLDER}/test_codec_{name}.py" for name in ("gemini", "interactions")]
    assert suite(folder, FOLDER, *ignored).passed > 100


@pytest.mark.slow
def test_first_interactions_in_steps(tmp_path: Path) -> None:
    """google-genai 2.0, whose client of interactions another generator made, passes the tests of interactions."""
    folder = overlay(tmp_path / "steps", "google-genai==2.0.0", dependencies=False)
    tests = f"{FOLDER}/test_google_interactions.py"
    # What differs between the two clients: how they are held, how they fail, what they try again.
    chosen = "studio or agent or background or 400 or 429 or raw or inside_a_stream"
    found = suite(folder, tests, "-k", chosen)
    assert found.passed > 15
    assert found.skipped == 0
