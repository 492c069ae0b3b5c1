"""Instrumentation of the `together` SDK, 2 to 3."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class TogetherInstrumentor(SdkInstrumentor):
    """Spans for what models are asked by the `together` SDK. Releases before 2.0 are another code base."""

    requirement = "together >= 2, < 4"
    modules = ("together._base_client",)
    tap = "spanwise.instrument.tap.together"
    scope = "spanwise.instrument.together"
