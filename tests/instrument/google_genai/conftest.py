"""An application with the instrumentor of the `google-genai` SDK on."""

from __future__ import annotations

import functools
import gc
import ssl
from collections.abc import Iterator

import pytest

from spanwise.instrument import GoogleGenAIInstrumentor
from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture(scope="package", autouse=True)
def frozen() -> Iterator[None]:
    """What the SDK has made by now is not looked at by every collection: its types alone take most of the time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@functools.cache
def trust() -> ssl.SSLContext:
    """One context for all clients: each of them makes three, and reads every certificate of the system for it."""
    return ssl.create_default_context()


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """The instrumentor on a provider of its own; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    shared = trust()
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: shared)
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"):
        monkeypatch.delenv(name, raising=False)
    with instrumented(GoogleGenAIInstrumentor()) as running:
        yield running
