"""The `cerebras-cloud-sdk`."""

from __future__ import annotations

from typing import ClassVar

from tests.torture.sdk.family.stainless import StainlessSdk
from tests.torture.sdk.tried import Anything


class Tried(StainlessSdk):
    """`cerebras.cloud.sdk`, sync and async; a stream has its usage though nobody asked for it."""

    name = "cerebras"
    distribution = "cerebras-cloud-sdk"
    module = "cerebras.cloud.sdk"
    instrumentors = ("spanwise.instrument.cerebras:CerebrasInstrumentor",)
    sync_client, root, model = "Cerebras", "/cerebras", "gpt-oss-120b"
    options: ClassVar[dict[str, Anything]] = {"warm_tcp_connection": False}
