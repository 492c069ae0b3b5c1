"""The `together` SDK."""

from __future__ import annotations

from tests.torture.sdk.family.stainless import StainlessSdk


class Tried(StainlessSdk):
    """`together`, sync and async; its wire says nothing of what a cache or reasoning had of the tokens."""

    name = distribution = module = "together"
    instrumentors = ("spanwise.instrument.together:TogetherInstrumentor",)
    sync_client, root, model = "Together", "/together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"
    figures = ("input", "output")
