"""Instrumentation of the `anthropic` SDK, 0.40 to 2."""

from __future__ import annotations

from spanwise.instrument.instrumentor import SdkInstrumentor


class AnthropicInstrumentor(SdkInstrumentor):
    """Spans for messages and beta messages of the `anthropic` SDK, in place of those it makes itself since 2.0."""

    requirement = "anthropic >= 0.40, < 3"
    module = "anthropic._base_client"
    dialect = "spanwise.instrument.anthropic_dialect"
    scope = "spanwise.instrument.anthropic"
