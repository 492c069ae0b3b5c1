"""An application with the instrumentors of the family on."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.instrument.stainless.sdk import PROVIDERS, Provider
from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture
def frozen() -> Iterator[None]:
    """The models of the SDKs, tens of thousands of objects, out of sight of the collections that a test asks for."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch, frozen: None) -> Iterator[Telemetry]:
    """All of them on a provider of their own; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(*(provider.instrumentor() for provider in PROVIDERS)) as running:
        yield running


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.module)
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each SDK in turn."""
    found: Provider = request.param
    return found
