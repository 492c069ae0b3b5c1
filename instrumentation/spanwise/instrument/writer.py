"""Instrumentation of the `writer-sdk`, 1 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class WriterInstrumentor(SdkInstrumentor):
    """Spans for chat and completions of the `writer-sdk`."""

    requirement = "writer-sdk >= 1, < 4"
    modules = ("writerai._base_client",)
    tap = "spanwise.instrument.tap.writer"
    scope = "spanwise.instrument.writer"
