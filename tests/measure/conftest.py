"""The reader that tests of metrics ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from tests.measure.metering import reading


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    """A reader of a meter provider that is the global one for this test only."""
    yield from reading(monkeypatch)
