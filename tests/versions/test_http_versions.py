"""The oldest supported HTTP libraries pass the tests of the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


@pytest.mark.slow
def test_oldest_http_libraries(tmp_path: Path) -> None:
    """requests 2.28 on urllib3 1.26, aiohttp 3.9 and httpx 0.24 are followed as their successors are."""
    folder = overlay(tmp_path / "http", "requests==2.28.2", "urllib3<2", "aiohttp==3.9.5", "httpx==0.24.1")
    assert suite(folder, "tests/instrument/http").passed >= 330
