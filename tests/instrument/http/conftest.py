"""Applications without instrumentors, and with those of the HTTP libraries."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]

from spanwise.instrument import AiohttpInstrumentor, Httpx2Instrumentor, HttpxInstrumentor, RequestsInstrumentor
from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture(scope="package", autouse=True)
def _frozen() -> Iterator[None]:
    """What was imported is left out of collections, which are many in these tests."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """No instrumentor; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented() as running:
        yield running


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """The instrumentors of the HTTP libraries; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(*http_instrumentors()) as running:
        yield running


def http_instrumentors() -> tuple[BaseInstrumentor, ...]:
    """One for each library."""
    return AiohttpInstrumentor(), HttpxInstrumentor(), Httpx2Instrumentor(), RequestsInstrumentor()
