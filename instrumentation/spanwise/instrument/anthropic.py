"""Instrumentation of the `anthropic` SDK, 0.40 to 2."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class AnthropicInstrumentor(SdkInstrumentor):
    """Spans for messages and beta messages of the `anthropic` SDK, in place of those it makes itself since 2.0."""

    requirement = "anthropic >= 0.40, < 3"
    modules = ("anthropic._base_client",)
    tap = "spanwise.instrument.tap.anthropic"
    scope = "spanwise.instrument.anthropic"
