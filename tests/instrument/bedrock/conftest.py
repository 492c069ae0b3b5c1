"""Clients of Amazon Bedrock that talk to the emulator.

botocore needs an older python-dateutil than the rest of the environment may have: where it is not installed its tests
are left to `tests/versions`, which runs this folder with each supported release.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from spanwise.instrument.bedrock import BedrockInstrumentor
from tests.instrument.bedrock.client import CLIENTS
from tests.instrument.telemetry import Telemetry, instrumented


collect_ignore_glob = [
    tests
    for tests, needed in (("test_bedrock_*.py", "boto3"), ("test_async_bedrock.py", "aiobotocore"))
    if not find_spec(needed)
]


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
