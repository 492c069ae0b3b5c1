"""Instrumentation of the `cohere` SDK, 5.9 to 7."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class CohereInstrumentor(SdkInstrumentor):
    """Spans for chat, generation, embeddings and reranking of the `cohere` SDK, both versions of the API."""

    # 5.9 is the first with version 2 of the API.
    requirement = "cohere >= 5.9, < 8"
    modules = ("cohere.core.http_client",)
    tap = "spanwise.instrument.tap.cohere"
    scope = "spanwise.instrument.cohere"
