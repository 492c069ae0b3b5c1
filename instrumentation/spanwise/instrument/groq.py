"""Instrumentation of the `groq` SDK, 0.4 to 1."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class GroqInstrumentor(SdkInstrumentor):
    """Spans for chat and embeddings of the `groq` SDK."""

    requirement = "groq >= 0.4, < 2"
    modules = ("groq._base_client",)
    tap = "spanwise.instrument.tap.groq"
    scope = "spanwise.instrument.groq"
