"""The `groq` SDK."""

from __future__ import annotations

from tests.torture.sdk.family.stainless import StainlessSdk


class Tried(StainlessSdk):
    """`groq`, sync and async; a stream has its usage though nobody asked for it."""

    name = distribution = module = "groq"
    instrumentors = ("spanwise.instrument.groq:GroqInstrumentor",)
    sync_client, root, model = "Groq", "/groq", "llama-3.1-8b-instant"
