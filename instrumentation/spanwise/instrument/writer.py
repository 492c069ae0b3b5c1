"""Instrumentation of the `writer-sdk`, 2 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class WriterInstrumentor(SdkInstrumentor):
    """Spans for chat and completions of the `writer-sdk`. Releases before 2.0 cannot read a stream's end of today."""

    requirement = "writer-sdk >= 2, < 4"
    modules = ("writerai._base_client",)
    tap = "spanwise.instrument.tap.writer"
    scope = "spanwise.instrument.writer"
