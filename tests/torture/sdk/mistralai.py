"""The `mistralai` SDK: chats and embeddings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from tests.torture.sdk.tried import Anything, Operation, TriedSdk


MODEL: Final = "mistral-small-latest"
_MS: Final = 1000


class _AsyncSide:
    """A client whose async methods are called: the SDK has both on one class."""

    def __init__(self, client: Anything) -> None:
        self.client = client


def _asked(prompt: str = "hello") -> Anything:
    return {"model": MODEL, "messages": [{"role": "user", "content": prompt}]}


def _embed(client: Anything) -> Anything:
    return client.embeddings.create(model="mistral-embed", inputs=["hello"])


async def _embed_async(side: Anything) -> Anything:
    return await side.client.embeddings.create_async(model="mistral-embed", inputs=["hello"])


class Tried(TriedSdk):
    """`Mistral`, sync and async."""

    name = distribution = "mistralai"
    module = "mistralai.client"
    instrumentors = ("spanwise.instrument.mistralai:MistralAIInstrumentor",)
    native_scopes = ("mistralai_sdk_tracer",)
    figures = ("input", "output", "cached")

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Chats and embeddings."""

        async def plain(side: Anything) -> Anything:
            return await self.plain(side)

        async def streamed(side: Anything) -> Anything:
            return [event async for event in await self.stream(side)]

        return (
            Operation("chat", self.plain, plain),
            Operation("chat stream", lambda client: list(self.stream(client)), streamed),
            Operation("embeddings", _embed, _embed_async),
        )

    def _made(self, retries: int, timeout_s: float, url: str, clients: Anything) -> Anything:
        from mistralai.client import Mistral
        from mistralai.client.utils import BackoffStrategy, RetryConfig

        again: Anything = {"retry_config": RetryConfig("backoff", BackoffStrategy(1, 1, 1.0, 300), False)}
        return Mistral(
            api_key=self.key,
            server_url=f"{url or self.url}/mistral",
            timeout_ms=int(timeout_s * _MS),
            **(again if retries else {}),
            **clients,
        )

    @contextmanager
    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Iterator[Anything]:
        """A `Mistral`."""
        import httpx

        with httpx.Client(headers={"x-emulator": scenario}) as http:
            yield self._made(retries, timeout_s, url, {"client": http})

    @asynccontextmanager
    async def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> AsyncIterator[Anything]:
        """The async side of one."""
        import httpx

        async with httpx.AsyncClient(headers={"x-emulator": scenario}) as http:
            yield _AsyncSide(self._made(retries, timeout_s, url, {"async_client": http}))

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A chat."""
        if isinstance(client, _AsyncSide):
            return client.client.chat.complete_async(**_asked(prompt))
        return client.chat.complete(**_asked(prompt))

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed chat, whose usage always comes."""
        del usage
        if isinstance(client, _AsyncSide):
            return client.client.chat.stream_async(**_asked(prompt))
        return client.chat.stream(**_asked(prompt))

    def close(self, stream: Anything) -> Anything:
        """Leave the block that a stream is."""
        if hasattr(stream, "__aexit__"):
            return stream.__aexit__(None, None, None)
        return stream.__exit__(None, None, None)

    def text(self, chunk: Anything) -> str:
        """The delta's content."""
        return chunk.data.choices[0].delta.content or "" if chunk.data.choices else ""

    def answer(self, response: Anything) -> str:
        """The first choice's content."""
        return response.choices[0].message.content or ""
