"""Instrumentation of the `google-genai` SDK, 1.20 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class GoogleGenAIInstrumentor(SdkInstrumentor):
    """Spans for contents, chats, interactions, live sessions, embeddings and images of the `google-genai` SDK."""

    requirement = "google-genai >= 1.20, < 4"
    modules = (
        "google.genai._api_client",
        "google.genai.live",
        "google.genai._gaos.basesdk",
        "google.genai._gaos._hooks.sdkhooks",
        "google.genai._gaos._hooks.asyncsdkhooks",
        "google.genai._interactions._base_client",
    )
    tap = "spanwise.instrument.tap.google_genai"
    scope = "spanwise.instrument.google_genai"
