"""Instrumentation of LlamaIndex: `llama-index-core`, 0.12 to 0."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class LlamaIndexInstrumentor(SdkInstrumentor):
    """Spans for workflows, agents, tools, retrievers and rerankers, and for models whose SDK nobody instruments."""

    requirement = "llama-index-core >= 0.12, < 1"
    modules = ("llama_index.core.instrumentation",)
    tap = "spanwise.instrument.tap.llama_index"
    scope = "spanwise.instrument.llama_index"
