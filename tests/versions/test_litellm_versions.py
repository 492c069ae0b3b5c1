"""The oldest supported and the newest release of `litellm` pass the tests of the one that is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


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
    # The oldest has models in the style of pydantic 1.
    quiet = ("-W", "ignore::DeprecationWarning")
    assert suite(folder, *quiet, "tests/instrument/litellm").passed >= 40
