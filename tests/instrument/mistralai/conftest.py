"""An application with the Mistral instrumentor on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from spanwise.instrument import MistralAIInstrumentor
from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """The instrumentor on a provider of its own; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(MistralAIInstrumentor()) as running:
        yield running
