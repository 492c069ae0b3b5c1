"""The ends of the supported ranges of groq, cerebras-cloud-sdk, together and writer-sdk pass the same tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


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
    assert suite(folder, "-k", chosen, "tests/instrument/stainless").passed >= at_least
