"""The `writer-sdk`."""

from __future__ import annotations

from tests.torture.sdk.family.stainless import StainlessSdk


class Tried(StainlessSdk):
    """`writerai`, sync and async; it takes an error event for one more chunk."""

    name = "writer"
    distribution = "writer-sdk"
    module = "writerai"
    instrumentors = ("spanwise.instrument.writer:WriterInstrumentor",)
    sync_client, root, model = "Writer", "/writer", "palmyra-x5"
    resource, method = "chat", "chat"
    asks_for_usage = True
    raises_in_stream = False
