"""Instrumentation of `huggingface_hub`, 1 to 2."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class HuggingFaceInstrumentor(SdkInstrumentor):
    """Spans for chat, text generation and feature extraction by the inference clients of `huggingface_hub`."""

    requirement = "huggingface_hub >= 1, < 3"
    modules = ("huggingface_hub.inference._client", "huggingface_hub.inference._generated._async_client")
    tap = "spanwise.instrument.tap.hugging_face"
    scope = "spanwise.instrument.hugging_face"
