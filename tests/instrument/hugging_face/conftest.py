"""An application with the Hugging Face instrumentor on."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from spanwise.instrument import HuggingFaceInstrumentor
from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture
def frozen() -> Iterator[None]:
    """The models of the SDK, tens of thousands of objects, out of sight of the collections that a test asks for."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch, frozen: None) -> Iterator[Telemetry]:
    """The instrumentor on a provider of their own; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(HuggingFaceInstrumentor()) as running:
        yield running
