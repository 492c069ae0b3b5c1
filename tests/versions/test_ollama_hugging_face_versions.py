"""The oldest supported releases of ollama and huggingface_hub pass the same tests as the newest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions.overlay import ROOT, environment, overlay


@pytest.mark.slow
def test_oldest_ollama_and_hugging_face(tmp_path: Path) -> None:
    """ollama 0.4 and huggingface_hub 1.0, both on httpx, pass their tests."""
    folder = overlay(tmp_path / "oldest", "ollama==0.4.0", "huggingface_hub==1.0.1")
    tests = ("tests/instrument/ollama", "tests/instrument/hugging_face")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed is not None
    assert int(passed[1]) >= 140
