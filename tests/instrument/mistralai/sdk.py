"""The `mistralai` SDK as its majors have it: where its classes are, and which `httpx` it speaks through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import reduce
from importlib import import_module
from importlib.metadata import version
from typing import Any, TypeAlias

from tests.emulator import Emulator


Sdk: TypeAlias = Any
"""Clients, streams and modules of an SDK whose home depends on its version."""

RELEASE = tuple(int(part) for part in version("mistralai").split(".")[:2])
HOME = "mistralai" if RELEASE < (2, 0) else "mistralai.client"
SDK: Sdk = import_module(HOME)
BASE: Sdk = import_module(f"{HOME}.basesdk")
HTTP: Sdk = BASE.httpx
UTILS: Sdk = import_module(f"{HOME}.utils")
ERRORS: Sdk = import_module(f"{HOME}.models" if RELEASE < (2, 0) else f"{HOME}.errors")
UNREADABLE: Sdk = (ValueError, getattr(ERRORS, "ResponseValidationError", ValueError))
"""What the SDK raises for a body that its models do not fit."""

MESSAGES: Any = [{"role": "user", "content": "Where is my parcel?"}]
MODEL = "mistral-small-latest"
TOOL: Any = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {"id": {"type": "string"}}}},
}


@contextmanager
def client(emulator: Emulator, scenario: str = "default", **options: Sdk) -> Iterator[Sdk]:
    """A client whose every call meets `scenario`."""
    with HTTP.Client(headers={"x-emulator": scenario}, verify=False) as http:
        yield _mistral(emulator, http, HTTP.AsyncClient(verify=False), options)


@asynccontextmanager
async def aclient(emulator: Emulator, scenario: str = "default", **options: Sdk) -> AsyncIterator[Sdk]:
    """A client whose every async call meets `scenario`."""
    async with HTTP.AsyncClient(headers={"x-emulator": scenario}, verify=False) as http:
        # Releases before 1.1 build the requests of both with the sync one.
        yield _mistral(emulator, HTTP.Client(headers={"x-emulator": scenario}, verify=False), http, options)


def _mistral(emulator: Emulator, http: Sdk, async_http: Sdk, options: dict[str, Sdk]) -> Sdk:
    # Both HTTP clients are given, without TLS: the SDK would read all certificates for each.
    url = f"{emulator.url}/mistral"
    return SDK.Mistral(**{"api_key": "k", "server_url": url, "client": http, "async_client": async_http, **options})


def method(sdk: Sdk, path: str) -> Sdk:
    """The method at a dotted path."""
    return reduce(getattr, path.split("."), sdk)


def retries() -> Sdk:
    """A configuration that tries again at once."""
    return UTILS.RetryConfig("backoff", UTILS.BackoffStrategy(1, 1, 1.0, 5_000), False)
