"""The oldest supported HTTP libraries pass the tests of the newest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions.overlay import ROOT, environment, overlay


@pytest.mark.slow
def test_oldest_http_libraries(tmp_path: Path) -> None:
    """requests 2.28 on urllib3 1.26, aiohttp 3.9 and httpx 0.24 are followed as their successors are."""
    folder = overlay(tmp_path / "http", "requests==2.28.2", "urllib3<2", "aiohttp==3.9.5", "httpx==0.24.1")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/instrument/http"],
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
    assert int(passed[1]) >= 330
