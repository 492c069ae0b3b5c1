"""The `ollama` SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from tests.torture.sdk.tried import Anything, Operation, TriedSdk, operations_of


MODEL = "llama3.2"


class Tried(TriedSdk):
    """`ollama`, sync and async. A stream is a generator."""

    name = distribution = module = "ollama"
    instrumentors = ("spanwise.instrument.ollama:OllamaInstrumentor",)
    has_retries = False
    streams_are_blocks = False
    streams_are_lazy = True
    figures = ("input", "output")

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Chats, texts, vectors."""
        return operations_of(
            self,
            ("chat", self.plain, False, ""),
            ("chat stream", self.stream, True, ""),
            ("generate", self._generate, False, ""),
            ("embed", self._embed, False, ""),
        )

    def _options(self, scenario: str, timeout_s: float, url: str) -> Anything:
        headers = {"x-emulator": scenario, "authorization": f"Bearer {self.key}"}
        return {"host": url or self.url, "headers": headers, "timeout": timeout_s}

    @contextmanager
    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Iterator[Anything]:
        """A `Client`."""
        del retries
        import ollama

        made: Anything = ollama.Client(**self._options(scenario, timeout_s, url))
        with made._client:
            yield made

    @asynccontextmanager
    async def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> AsyncIterator[Anything]:
        """An `AsyncClient`."""
        del retries
        import ollama

        made: Anything = ollama.AsyncClient(**self._options(scenario, timeout_s, url))
        async with made._client:
            yield made

    def _generate(self, client: Anything) -> Anything:
        return client.generate(model=MODEL, prompt="hello")

    def _embed(self, client: Anything) -> Anything:
        return client.embed(model=MODEL, input="hello")

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A chat."""
        return client.chat(model=MODEL, messages=[{"role": "user", "content": prompt}])

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed chat, whose counts always come."""
        del usage
        return client.chat(model=MODEL, messages=[{"role": "user", "content": prompt}], stream=True)

    def close(self, stream: Anything) -> Anything:
        """Close a generator."""
        return stream.aclose() if hasattr(stream, "aclose") else stream.close()

    def text(self, chunk: Anything) -> str:
        """The message's content."""
        return chunk.message.content or ""

    def answer(self, response: Anything) -> str:
        """The message's content."""
        return response.message.content or ""
