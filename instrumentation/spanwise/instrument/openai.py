"""Instrumentation of the `openai` SDK, 1.40 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class OpenAIInstrumentor(SdkInstrumentor):
    """Spans for chat completions, responses, legacy completions and embeddings of the `openai` SDK."""

    requirement = "openai >= 1.40, < 4"
    modules = ("openai._base_client",)
    tap = "spanwise.instrument.tap.openai"
    scope = "spanwise.instrument.openai"
