"""An application with both instrumentors on, and the emulator it talks to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from spanwise.instrument import AnthropicInstrumentor, OpenAIInstrumentor
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture(scope="session")
def emulator_server() -> Iterator[Emulator]:
    """One emulator for the session."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(emulator_server: Emulator) -> Emulator:
    """The emulator, with nothing received so far."""
    emulator_server.requests.clear()
    return emulator_server


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """Both instrumentors on a provider of their own; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(OpenAIInstrumentor(), AnthropicInstrumentor()) as running:
        yield running
