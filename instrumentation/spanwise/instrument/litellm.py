"""Instrumentation of `litellm`, 1.75 and later."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class LiteLLMInstrumentor(SdkInstrumentor):
    """Spans for completions, responses, embeddings, images and rerankings of `litellm`, whichever provider it asks."""

    requirement = "litellm >= 1.75, < 2"
    modules = (
        "litellm.main",
        "litellm.chat_completions.dispatch",
        "litellm.embeddings.dispatch",
        "litellm.responses.dispatch",
        "litellm.text_completions.streaming_iterator",
        "litellm.images.main",
        "litellm.rerank_api.main",
        "litellm.responses.main",
        "litellm.utils",
        "litellm.litellm_core_utils.streaming_handler",
        "litellm.responses.streaming_iterator",
        "litellm.responses.litellm_completion_transformation.streaming_iterator",
    )
    tap = "spanwise.instrument.tap.litellm"
    scope = "spanwise.instrument.litellm"
