"""An application on LiteLLM, with the instrumentors of what it may call beneath."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest


# Its prices come with it; without this it fetches newer ones when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

from spanwise.instrument import (
    AiohttpInstrumentor,
    AnthropicInstrumentor,
    Httpx2Instrumentor,
    HttpxInstrumentor,
    LiteLLMInstrumentor,
    OpenAIInstrumentor,
)
from tests.instrument.telemetry import Telemetry, instrumented


@pytest.fixture(scope="package", autouse=True)
def _frozen() -> Iterator[None]:
    """What was imported is left out of collections, which are many in these tests."""
    import litellm

    assert litellm.completion
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def routed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """All instrumentors on; failures inside the error boundary fail the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(
        OpenAIInstrumentor(),
        AnthropicInstrumentor(),
        HttpxInstrumentor(),
        Httpx2Instrumentor(),
        AiohttpInstrumentor(),
        LiteLLMInstrumentor(),
    ) as running:
        yield running
