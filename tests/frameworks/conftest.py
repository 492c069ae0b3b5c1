"""The emulator, and the switch for content off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator import Emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """One emulator for the session."""
    with Emulator() as running:
        yield running


@pytest.fixture(autouse=True)
def boundary(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    """Failures inside the error boundary fail the test; the SDKs ask the emulator."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", emulator.openai_url)
    monkeypatch.setenv("OPENAI_API_BASE", emulator.openai_url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
