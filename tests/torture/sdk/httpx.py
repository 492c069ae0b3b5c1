"""The `httpx` library."""

from __future__ import annotations

from tests.torture.sdk.family.httpx import HttpxSdk


class Tried(HttpxSdk):
    """`httpx`, sync and async."""

    name = distribution = module = "httpx"
    instrumentors = ("spanwise.instrument.httpx:HttpxInstrumentor",)
