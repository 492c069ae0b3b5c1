"""Instrumentation of the `google-genai` SDK, 1.20 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class GoogleGenAIInstrumentor(SdkInstrumentor):
    """Spans for contents, chats, live sessions, embeddings and images of the `google-genai` SDK."""

    requirement = "google-genai >= 1.20, < 4"
    modules = ("google.genai._api_client", "google.genai.live")
    tap = "spanwise.instrument.tap.google_genai"
    scope = "spanwise.instrument.google_genai"
