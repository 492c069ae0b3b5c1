"""Instrumentation of `requests`: plain requests to model APIs."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class RequestsInstrumentor(SdkInstrumentor):
    """Spans for requests to known endpoints of model APIs that are part of no call of an SDK."""

    requirement = "requests >= 2.28, < 3"
    modules = ("requests.sessions",)
    tap = "spanwise.instrument.tap.requests"
    scope = "spanwise.instrument.requests"
