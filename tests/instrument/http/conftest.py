"""An application without instrumentors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """No instrumentor; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented() as running:
        yield running
