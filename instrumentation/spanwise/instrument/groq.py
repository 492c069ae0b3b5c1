"""Instrumentation of the `groq` SDK, 0.6 to 1."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class GroqInstrumentor(SdkInstrumentor):
    """Spans for chat, embeddings and audio of the `groq` SDK."""

    requirement = "groq >= 0.6, < 2"
    modules = ("groq._base_client",)
    tap = "spanwise.instrument.tap.groq"
    scope = "spanwise.instrument.groq"
