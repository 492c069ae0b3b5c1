"""Instrumentation of the `anthropic` SDK, 0.40 to 2."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class AnthropicInstrumentor(SdkInstrumentor):
    """Spans for messages, beta messages and their batches, in place of those the `anthropic` SDK makes since 2.0."""

    requirement = "anthropic >= 0.40, < 3"
    modules = ("anthropic._base_client",)
    tap = "spanwise.instrument.tap.anthropic"
    scope = "spanwise.instrument.anthropic"
