"""Instrumentation of the `cerebras-cloud-sdk`, 1."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class CerebrasInstrumentor(SdkInstrumentor):
    """Spans for chat and completions of the `cerebras-cloud-sdk`."""

    requirement = "cerebras-cloud-sdk >= 1, < 2"
    modules = ("cerebras.cloud.sdk._base_client",)
    tap = "spanwise.instrument.tap.cerebras"
    scope = "spanwise.instrument.cerebras"
