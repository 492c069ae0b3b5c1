"""The `aiohttp` library, which has no sync side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.torture.sdk.family.http import PATH, AsyncLines, HttpSdk
from tests.torture.sdk.tried import Anything


class Tried(HttpSdk):
    """`aiohttp`: client sessions."""

    name = distribution = module = "aiohttp"
    instrumentors = ("spanwise.instrument.aiohttp:AiohttpInstrumentor",)
    has_sync = False
    has_retries = False

    @asynccontextmanager
    async def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> AsyncIterator[Anything]:
        """A `ClientSession`."""
        del retries
        import aiohttp

        timeout = aiohttp.ClientTimeout(total=timeout_s)
        async with aiohttp.ClientSession(url or self.url, headers=self.headers(scenario), timeout=timeout) as session:
            yield session

    async def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A POST whose answer has to be a good one, and is read."""
        response = await client.post(PATH, json=self.asked(prompt), raise_for_status=True)
        await response.json()
        return response

    async def seen(self, client: Anything) -> Anything:
        """Type, status and text."""
        response = await self.plain(client)
        return [response, response.status, await response.text(), response.closed]

    async def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A POST whose answer is read line by line."""
        asked = self.asked_to_stream(prompt, usage=usage)
        response = await client.post(PATH, json=asked, raise_for_status=True)
        return _Lines(response, aiter(response.content))


class _Lines(AsyncLines):
    async def aclose(self) -> None:
        self._response.close()
