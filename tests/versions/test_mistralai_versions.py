"""The oldest supported release, and the newest of each older major, of the `mistralai` SDK pass its tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


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
    assert suite(folder, "-k", "not codec", "tests/instrument/mistralai").passed >= at_least
