"""Instrumentation of the `ollama` SDK, 0.4 to 0."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class OllamaInstrumentor(SdkInstrumentor):
    """Spans for chat, generate and embed of the `ollama` SDK."""

    requirement = "ollama >= 0.4, < 1"
    modules = ("ollama._client",)
    tap = "spanwise.instrument.tap.ollama"
    scope = "spanwise.instrument.ollama"
