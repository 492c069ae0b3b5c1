"""The `cerebras-cloud-sdk`."""

from __future__ import annotations

from tests.torture.sdk.family.stainless import StainlessSdk


class Tried(StainlessSdk):
    """`cerebras.cloud.sdk`, sync and async; a stream has its usage though nobody asked for it."""

    name = "cerebras"
    distribution = "cerebras-cloud-sdk"
    module = "cerebras.cloud.sdk"
    instrumentors = ("spanwise.instrument.cerebras:CerebrasInstrumentor",)
    sync_client, root, model = "Cerebras", "/cerebras", "gpt-oss-120b"
    options = {"warm_tcp_connection": False}
