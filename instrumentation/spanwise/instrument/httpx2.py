"""Instrumentation of `httpx2`: plain requests to model APIs."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class Httpx2Instrumentor(SdkInstrumentor):
    """Spans for requests to known endpoints of model APIs that are part of no call of an SDK."""

    requirement = "httpx2 >= 2, < 3"
    modules = ("httpx2",)
    tap = "spanwise.instrument.tap.httpx"
    scope = "spanwise.instrument.httpx2"
