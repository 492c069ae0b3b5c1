"""The pytest plugin: fixtures that record and check the spans of a test.

Imported at the start of every pytest run where Spanwise is installed, so everything else is imported by the fixtures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest


if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from spanwise.testing.recording import RecordedSpans


@pytest.fixture
def genai_tracer_provider() -> TracerProvider:
    """The tracer provider whose spans are recorded: the global one. Override it in a `conftest.py` to name another."""
    from spanwise.testing.provider import global_provider

    return global_provider()


@pytest.fixture
def genai_spans(genai_tracer_provider: TracerProvider) -> Iterator[RecordedSpans]:
    """Every span that ends during the test; `genai_spans.assert_conforms()` fails the test with what is wrong."""
    from spanwise.testing.tap import record_spans

    with record_spans(genai_tracer_provider) as recorded:
        yield recorded
