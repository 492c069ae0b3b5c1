"""Instrumentation of the `openai` SDK, 1.40 to 3."""

from __future__ import annotations

from spanwise.instrument.instrumentor import SdkInstrumentor


class OpenAIInstrumentor(SdkInstrumentor):
    """Spans for chat completions, responses, legacy completions and embeddings of the `openai` SDK."""

    requirement = "openai >= 1.40, < 4"
    module = "openai._base_client"
    dialect = "spanwise.instrument.openai_dialect"
    scope = "spanwise.instrument.openai"
