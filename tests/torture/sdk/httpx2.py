"""The `httpx2` library."""

from __future__ import annotations

from tests.torture.sdk.family.httpx import HttpxSdk


class Tried(HttpxSdk):
    """`httpx2`, sync and async."""

    name = distribution = module = "httpx2"
    instrumentors = ("spanwise.instrument.httpx2:Httpx2Instrumentor",)
