"""`httpx` and `httpx2`, which are alike."""

from __future__ import annotations

from importlib import import_module

from tests.torture.sdk.family.http import PATH, AsyncLines, HttpSdk, Lines
from tests.torture.sdk.tried import Anything


class HttpxSdk(HttpSdk):
    """The sync and the async client of one of the two."""

    has_retries = False

    def _options(self, scenario: str, timeout_s: float, url: str) -> Anything:
        return {"base_url": url or self.url, "headers": self.headers(scenario), "timeout": timeout_s}

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """A `Client`."""
        del retries
        return import_module(self.module).Client(**self._options(scenario, timeout_s, url))

    def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `AsyncClient`."""
        del retries
        return import_module(self.module).AsyncClient(**self._options(scenario, timeout_s, url))

    def _is_async(self, client: Anything) -> bool:
        return hasattr(client, "aclose")

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A POST whose answer has to be a good one."""
        return (
            self._plain_async(client, prompt)
            if self._is_async(client)
            else _good(client.post(PATH, json=self.asked(prompt)))
        )

    async def _plain_async(self, client: Anything, prompt: str) -> Anything:
        return _good(await client.post(PATH, json=self.asked(prompt)))

    def seen(self, client: Anything) -> Anything:
        """Type, status and text."""
        return self._seen_async(client) if self._is_async(client) else _shown(self.plain(client))

    async def _seen_async(self, client: Anything) -> Anything:
        return _shown(await self.plain(client))

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A POST whose answer is read line by line."""
        request = client.build_request("POST", PATH, json=self.asked_to_stream(prompt, usage=usage))
        if self._is_async(client):
            return self._stream_async(client, request)
        response = client.send(request, stream=True)
        if response.is_error:
            response.read()
        return Lines(_good(response), response.iter_lines())

    async def _stream_async(self, client: Anything, request: Anything) -> Anything:
        response = await client.send(request, stream=True)
        if response.is_error:
            await response.aread()
        return AsyncLines(_good(response), response.aiter_lines())


def _good(response: Anything) -> Anything:
    return response.raise_for_status()


def _shown(response: Anything) -> Anything:
    return [response, response.status_code, response.text, response.is_closed, response.http_version]
