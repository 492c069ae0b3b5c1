"""The oldest supported releases of ollama and huggingface_hub pass the same tests as the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


@pytest.mark.slow
def test_oldest_ollama_and_hugging_face(tmp_path: Path) -> None:
    """ollama 0.4 and huggingface_hub 1.0, both on httpx, pass their tests."""
    folder = overlay(tmp_path / "oldest", "ollama==0.4.0", "huggingface_hub==1.0.1")
    tests = ("tests/instrument/ollama", "tests/instrument/hugging_face")
    assert suite(folder, *tests).passed >= 140
