"""The oldest supported SDKs pass the same tests as the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import ROOT, overlay
from tests.versions.suite import suite


FOLDER = ROOT / "tests" / "instrument"
NAMES = (
    "openai_tap",
    "anthropic_tap",
    "endings",
    "content_capture",
    "conformance",
    "conformance_signals",
    "instrument_provider_cost",
)
OWN = [*(FOLDER / f"test_{name}.py" for name in NAMES), FOLDER / "anthropic", FOLDER / "openai"]
"""The tests that use these two SDKs; those of others are run with other releases of theirs."""


@pytest.mark.slow
def test_oldest_supported_sdks(tmp_path: Path) -> None:
    """openai 1.40 and anthropic 0.40, on httpx, pass the instrumentation tests."""
    # These two pass `proxies` to httpx, which 0.28 no longer takes.
    folder = overlay(tmp_path / "oldest", "openai==1.40.0", "anthropic==0.40.0", "httpx<0.28")
    assert suite(folder, *OWN, timeout_s=400).passed > 60
