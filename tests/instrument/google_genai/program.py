"""Clients of the `google-genai` SDK that talk to the emulator."""

from __future__ import annotations

import importlib
from typing import Any, TypeAlias

from google import genai
from google.auth import credentials
from google.genai import _api_client, types


Sdk: TypeAlias = Any
"""Clients and streams of an SDK whose methods differ between its releases."""

MODEL = "gemini-3.5-flash"
PROMPT = "Where is my parcel?"
RELEASE = tuple(int(part) for part in genai.__version__.split(".")[:2])


class Anyone(credentials.Credentials):
    """Credentials that the emulator does not look at."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.token = "emulated"

    def refresh(self, request: object) -> None:
        """Nothing: they never expire."""


def client(url: str, scenario: str = "default", *, vertex: bool = False, **options: Sdk) -> Sdk:
    """A client whose every call meets `scenario`, of AI Studio or of Vertex AI."""
    http_options: Any = {"base_url": url, "headers": {"x-emulator": scenario}, **options}
    if not vertex:
        return genai.Client(api_key="k", http_options=http_options)
    return genai.Client(
        vertexai=True, project="shop", location="europe-west4", credentials=Anyone(), http_options=http_options
    )


def retries(attempts: int) -> Sdk:
    """Options of a client that tries again without waiting."""
    return types.HttpRetryOptions(attempts=attempts, initial_delay=0.001, max_delay=0.002, jitter=0.0)


async def generate(sdk: Sdk, *, asynchronous: bool, streamed: bool, contents: Sdk = PROMPT, **config: Sdk) -> Sdk:
    """What the SDK returns: a response, or the list of a stream's chunks."""
    arguments: dict[str, Any] = {"model": MODEL, "contents": contents, "config": config or None}
    if not asynchronous:
        if streamed:
            return list(sdk.models.generate_content_stream(**arguments))
        return sdk.models.generate_content(**arguments)
    if streamed:
        return [chunk async for chunk in await sdk.aio.models.generate_content_stream(**arguments)]
    return await sdk.aio.models.generate_content(**arguments)


LIBRARIES = ["aiohttp", "httpx2", "httpx"] if hasattr(_api_client, "SyncHttpx2Client") else ["default"]
"""What the SDK can be told to send requests with; aiohttp is for its async methods only."""


def sending_with(library: str) -> dict[str, Any]:
    """Options of a client that sends with `library`."""
    if library in ("aiohttp", "default"):
        return {}
    transports = importlib.import_module(library)
    return {
        "client_args": {"transport": transports.HTTPTransport()},
        "async_client_args": {"transport": transports.AsyncHTTPTransport()},
    }
