"""The oldest supported release, and the newest of each older major, of the `cohere` SDK pass its tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


@pytest.mark.slow
@pytest.mark.parametrize(
    ("release", "requirements", "at_least"),
    [
        ("5.9.0", ("httpx-sse==0.4.0", "boto3"), 75),
        ("5.21.1", (), 80),
        ("6.1.0", (), 80),
    ],
)
def test_majors_of_cohere(tmp_path: Path, release: str, requirements: tuple[str, ...], at_least: int) -> None:
    """Every test with the SDK passes with this release; those of the codecs alone are for the other run."""
    folder = overlay(tmp_path / "cohere", f"cohere=={release}", dependencies=False)
    if requirements:
        overlay(folder, *requirements)
    # The oldest has models in the style of pydantic 1.
    quiet = ("-W", "ignore::pydantic.warnings.PydanticDeprecatedSince20", "-W", "ignore:Valid config keys")
    assert suite(folder, *quiet, "-k", "not codec", "tests/instrument/cohere").passed >= at_least
