"""The `google-genai` SDK on AI Studio: contents, chats, interactions, embeddings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from tests.torture.sdk.tried import Anything, Operation, TriedSdk


MODEL = "gemini-3.5-flash"


def _generate(client: Anything) -> Anything:
    return client.models.generate_content(model=MODEL, contents="hello")


def _stream(client: Anything) -> Anything:
    return list(client.models.generate_content_stream(model=MODEL, contents="hello"))


async def _stream_async(client: Anything) -> Anything:
    return [chunk async for chunk in await client.models.generate_content_stream(model=MODEL, contents="hello")]


def _chat(client: Anything) -> Anything:
    return client.chats.create(model=MODEL).send_message("hello")


def _chat_stream(client: Anything) -> Anything:
    return list(client.chats.create(model=MODEL).send_message_stream("hello"))


async def _chat_stream_async(client: Anything) -> Anything:
    return [chunk async for chunk in await client.chats.create(model=MODEL).send_message_stream("hello")]


def _embed(client: Anything) -> Anything:
    return client.models.embed_content(model="gemini-embedding-001", contents="hello")


def _interact(client: Anything) -> Anything:
    return client.interactions.create(model=MODEL, input="hello")


def _interact_stream(client: Anything) -> Anything:
    return list(client.interactions.create(model=MODEL, input="hello", stream=True))


async def _interact_stream_async(client: Anything) -> Anything:
    return [event async for event in await client.interactions.create(model=MODEL, input="hello", stream=True)]


OPERATIONS = (
    Operation("generate content", _generate, _generate),
    Operation("generate content stream", _stream, _stream_async),
    Operation("chat message", _chat, _chat, "generate content", variant=True),
    Operation("chat message stream", _chat_stream, _chat_stream_async, "generate content stream", variant=True),
    Operation("interaction", _interact, _interact),
    Operation("interaction stream", _interact_stream, _interact_stream_async),
    Operation("embed content", _embed, _embed),
)


class Tried(TriedSdk):
    """`google-genai`, sync and async."""

    name = "google_genai"
    distribution = "google-genai"
    module = "google.genai"
    instrumentors = ("spanwise.instrument.google_genai:GoogleGenAIInstrumentor",)
    streams_are_blocks = False
    streams_are_lazy = True

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Contents, directly and in chats, interactions and embeddings."""
        return OPERATIONS

    def _made(self, scenario: str, retries: int, timeout_s: float, url: str) -> Anything:
        from google import genai
        from google.genai import types

        again = types.HttpRetryOptions(attempts=retries + 1, initial_delay=0.001, max_delay=0.002, jitter=0.0)
        options = types.HttpOptions(
            base_url=url or self.url,
            headers={"x-emulator": scenario},
            timeout=int(timeout_s * 1000),
            retry_options=again,
        )
        return genai.Client(api_key=self.key, http_options=options)

    @contextmanager
    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Iterator[Anything]:
        """A `Client`."""
        made = self._made(scenario, retries, timeout_s, url)
        try:
            yield made
        finally:
            made.close()

    @asynccontextmanager
    async def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> AsyncIterator[Anything]:
        """The async side of a `Client`."""
        made = self._made(scenario, retries, timeout_s, url)
        try:
            yield made.aio
        finally:
            await made.aio.aclose()

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """Content."""
        return client.models.generate_content(model=MODEL, contents=prompt)

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """Streamed content, whose usage always comes."""
        del usage
        return client.models.generate_content_stream(model=MODEL, contents=prompt)

    def close(self, stream: Anything) -> Anything:
        """Close a generator."""
        return stream.aclose() if hasattr(stream, "aclose") else stream.close()

    def text(self, chunk: Anything) -> str:
        """The chunk's text."""
        return chunk.text or ""

    def answer(self, response: Anything) -> str:
        """The response's text."""
        return response.text or ""
