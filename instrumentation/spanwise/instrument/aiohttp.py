"""Instrumentation of `aiohttp`: plain requests to model APIs."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class AiohttpInstrumentor(SdkInstrumentor):
    """Spans for requests to known endpoints of model APIs that are part of no call of an SDK."""

    requirement = "aiohttp >= 3.9, < 4"
    modules = ("aiohttp.client",)
    tap = "spanwise.instrument.tap.aiohttp"
    scope = "spanwise.instrument.aiohttp"
