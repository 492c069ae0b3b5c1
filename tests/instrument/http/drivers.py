"""One way to make a request with each library, sync and async, whole and streamed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Protocol, TypeAlias

import aiohttp
import httpx
import httpx2
import requests


Module: TypeAlias = Any
"""`httpx` or `httpx2`, which are alike."""


class Answer(NamedTuple):
    """What an application got."""

    status: int
    text: str
    kind: str
    """The type of the response."""


class Driver(Protocol):
    """Makes one POST, the way an application does."""

    def __call__(
        self, url: str, *, headers: Mapping[str, str], stream: bool = False, timeout_s: float = 5.0, **body: Any
    ) -> Awaitable[Answer]:
        """What came back; `stream` reads it line by line. `body` is `json`, or what the library calls `data`."""
        ...


async def by_requests(
    url: str, *, headers: Mapping[str, str], stream: bool = False, timeout_s: float = 5.0, **body: Any
) -> Answer:
    """With a session of `requests`."""
    with (
        requests.Session() as session,
        session.post(url, headers=dict(headers), stream=stream, timeout=timeout_s, **body) as answer,
    ):
        text = b"\n".join(answer.iter_lines()).decode() if stream else answer.text
        return Answer(answer.status_code, text, type(answer).__qualname__)


def sync_by(module: Module) -> Driver:
    """With a client of `module`."""

    async def post(
        url: str, *, headers: Mapping[str, str], stream: bool = False, timeout_s: float = 5.0, **body: Any
    ) -> Answer:
        with module.Client(timeout=timeout_s, verify=False) as client:
            if not stream:
                answer = client.post(url, headers=headers, **_content(body))
                return Answer(answer.status_code, answer.text, type(answer).__qualname__)
            with client.stream("POST", url, headers=headers, **_content(body)) as answer:
                return Answer(answer.status_code, "\n".join(answer.iter_lines()), type(answer).__qualname__)

    return post


def async_by(module: Module) -> Driver:
    """With an async client of `module`."""

    async def post(
        url: str, *, headers: Mapping[str, str], stream: bool = False, timeout_s: float = 5.0, **body: Any
    ) -> Answer:
        async with module.AsyncClient(timeout=timeout_s, verify=False) as client:
            if not stream:
                answer = await client.post(url, headers=headers, **_content(body))
                return Answer(answer.status_code, answer.text, type(answer).__qualname__)
            async with client.stream("POST", url, headers=headers, **_content(body)) as answer:
                lines = [line async for line in answer.aiter_lines()]
                return Answer(answer.status_code, "\n".join(lines), type(answer).__qualname__)

    return post


async def by_aiohttp(
    url: str, *, headers: Mapping[str, str], stream: bool = False, timeout_s: float = 5.0, **body: Any
) -> Answer:
    """With a session of `aiohttp`."""
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(url, headers=headers, **body) as answer,
    ):
        text = b"".join([line async for line in answer.content]).decode() if stream else await answer.text()
        return Answer(answer.status, text, type(answer).__qualname__)


def _content(body: dict[str, Any]) -> dict[str, Any]:
    return {"content" if name == "data" else name: value for name, value in body.items()}


DRIVERS: dict[str, Driver] = {
    "requests": by_requests,
    "httpx": sync_by(httpx),
    "httpx-async": async_by(httpx),
    "httpx2": sync_by(httpx2),
    "httpx2-async": async_by(httpx2),
    "aiohttp": by_aiohttp,
}


@asynccontextmanager
async def opened(name: str, url: str, headers: Mapping[str, str], json: object) -> AsyncIterator[Callable[[], Any]]:
    """A stream that is open; what is given reads a little of it. Leaving closes the response, as `with` does."""
    if name == "requests":
        with requests.post(url, headers=dict(headers), json=json, stream=True, timeout=5) as sync_answer:
            chunks = sync_answer.iter_content(64)
            yield lambda: next(chunks)
    elif name == "aiohttp":
        async with aiohttp.ClientSession() as session, session.post(url, headers=headers, json=json) as answer:
            yield answer.content.readany
    elif name.endswith("-async"):
        module: Module = httpx2 if "2" in name else httpx
        async with (
            module.AsyncClient(verify=False) as client,
            client.stream("POST", url, headers=headers, json=json) as answer,
        ):
            pieces = answer.aiter_bytes()
            yield pieces.__anext__
    else:
        module = httpx2 if "2" in name else httpx
        with module.Client(verify=False) as client, client.stream("POST", url, headers=headers, json=json) as answer:
            iterator = answer.iter_bytes()
            yield lambda: next(iterator)
