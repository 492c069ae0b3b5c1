"""Instrumentation of `httpx`: plain requests to model APIs."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class HttpxInstrumentor(SdkInstrumentor):
    """Spans for requests to known endpoints of model APIs that are part of no call of an SDK."""

    requirement = "httpx >= 0.24, < 1"
    modules = ("httpx",)
    tap = "spanwise.instrument.tap.httpx"
    scope = "spanwise.instrument.httpx"
