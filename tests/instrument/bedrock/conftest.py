"""Clients of Amazon Bedrock that talk to the emulator.

aiobotocore pins the botocore it works with, so it is in no environment with the newest: its tests are run by
`tests/versions`, which counts them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from spanwise.instrument.bedrock import BedrockInstrumentor
from tests.instrument.bedrock.client import CLIENTS
from tests.instrument.telemetry import Telemetry, instrumented


collect_ignore = [] if find_spec("aiobotocore") else ["test_async_bedrock.py"]


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """The instrumentor on a provider of its own; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    # botocore waits between attempts for a random part of a second.
    monkeypatch.setattr("random.random", lambda: 0.0)
    with instrumented(BedrockInstrumentor()) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def _clients() -> Iterator[None]:
    """Connections are closed in the end."""
    yield
    gc.unfreeze()
    if CLIENTS.cache_info().currsize:
        CLIENTS().close()
