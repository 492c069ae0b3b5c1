"""The `cohere` SDK pointed at the emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from typing import Any, TypeAlias

import cohere
import httpx
from cohere.core.api_error import ApiError

from tests.emulator import Emulator


Sdk: TypeAlias = Any
"""Clients and streams of an SDK: its overloads want literal arguments, tests have parameters."""

RELEASE = tuple(int(part) for part in version("cohere").split(".")[:2])
HTTP = httpx
ERROR = ApiError
WAIT_MS = 20 if RELEASE >= (6, 0) else 0
"""What a provider has to ask for so that the SDK tries again at once: 5 does not read milliseconds, 7 no zero."""

MODEL = "command-a-03-2025"
MESSAGES: Any = [{"role": "user", "content": "Where is my parcel?"}]
TOOL: Any = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {"id": {"type": "string"}}}},
}
TOOL_V1: Any = {"name": "f", "description": "d", "parameter_definitions": {"id": {"type": "str", "required": True}}}


@contextmanager
def client(emulator: Emulator, scenario: str = "default", *, api: int = 2, **options: Sdk) -> Iterator[Sdk]:
    """A client of a version of the API whose every call meets `scenario`."""
    kind = cohere.ClientV2 if api == 2 else cohere.Client
    with httpx.Client(headers={"x-emulator": scenario}, verify=False, timeout=10) as http:
        yield kind(**{"api_key": "k", "base_url": f"{emulator.url}/cohere", "httpx_client": http, **options})


@asynccontextmanager
async def aclient(emulator: Emulator, scenario: str = "default", *, api: int = 2, **options: Sdk) -> AsyncIterator[Sdk]:
    """An async client of a version of the API whose every call meets `scenario`."""
    kind = cohere.AsyncClientV2 if api == 2 else cohere.AsyncClient
    async with httpx.AsyncClient(headers={"x-emulator": scenario}, verify=False, timeout=10) as http:
        yield kind(**{"api_key": "k", "base_url": f"{emulator.url}/cohere", "httpx_client": http, **options})


def attempts(count: int) -> Sdk:
    """Options of a request that is tried again so often."""
    return {"max_retries": count}
