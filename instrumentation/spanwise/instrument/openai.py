"""Instrumentation of the `openai` SDK, 1.40 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class OpenAIInstrumentor(SdkInstrumentor):
    """Spans for what the `openai` SDK asks models for: chat, responses, completions, embeddings, images, audio.

    Moderations, batches, stored responses and realtime connections have theirs as well.
    """

    requirement = "openai >= 1.40, < 4"
    modules = (
        "openai._base_client",
        "openai.resources.realtime.realtime",
        "openai.resources.beta.realtime.realtime",
        "openai.resources.responses.responses",
    )
    tap = "spanwise.instrument.tap.openai"
    scope = "spanwise.instrument.openai"
