"""The `together` SDK."""

from __future__ import annotations

from importlib.metadata import version

from tests.torture.sdk.family.stainless import StainlessSdk


class Tried(StainlessSdk):
    """`together`, sync and async; its wire says nothing of what a cache or reasoning had of the tokens."""

    name = distribution = module = "together"
    instrumentors = ("spanwise.instrument.together:TogetherInstrumentor",)
    # The version went from the base URL into the paths with 3.0.
    root = "/together" if version("together") >= "3" else "/together/v1"
    sync_client, model = "Together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"
    figures = ("input", "output")
