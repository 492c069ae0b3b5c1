"""The `cohere` SDK, version 2 of its API."""

from __future__ import annotations

from tests.torture.sdk.tried import Anything, Operation, TriedSdk, operations_of


MODEL = "command-a-03-2025"


class Tried(TriedSdk):
    """`cohere.ClientV2`, sync and async. Its streams are generators, and nothing is raised for an end in error."""

    name = distribution = module = "cohere"
    instrumentors = ("spanwise.instrument.cohere:CohereInstrumentor",)
    streams_are_blocks = False
    streams_are_lazy = True
    raises_in_stream = False
    retries_streams = False
    figures = ("input", "output", "cached")

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Chats, embeddings, ranks."""
        return operations_of(
            self,
            ("chat", self.plain, False, ""),
            ("chat stream", self.stream, True, ""),
            ("embed", self._embed, False, ""),
            ("rerank", self._rerank, False, ""),
        )

    def _options(self, retries: int, timeout_s: float, url: str) -> Anything:
        return {
            "api_key": self.key,
            "base_url": f"{url or self.url}/cohere",
            "timeout": timeout_s,
            "max_retries": retries,
        }

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """A `ClientV2`."""
        import cohere
        import httpx

        http = httpx.Client(headers={"x-emulator": scenario}, timeout=timeout_s)
        return cohere.ClientV2(httpx_client=http, **self._options(retries, timeout_s, url))

    def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `AsyncClientV2`."""
        import cohere
        import httpx

        http = httpx.AsyncClient(headers={"x-emulator": scenario}, timeout=timeout_s)
        return cohere.AsyncClientV2(httpx_client=http, **self._options(retries, timeout_s, url))

    def _embed(self, client: Anything) -> Anything:
        return client.embed(model="embed-v4.0", input_type="search_query", texts=["hello"], embedding_types=["float"])

    def _rerank(self, client: Anything) -> Anything:
        return client.rerank(model="rerank-v3.5", query="hello", documents=["hello there", "good bye"])

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A chat."""
        return client.chat(model=MODEL, messages=[{"role": "user", "content": prompt}])

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed chat, whose usage always comes."""
        del usage
        found = client.chat_stream(model=MODEL, messages=[{"role": "user", "content": prompt}])
        return _given(found) if hasattr(found, "__anext__") else found

    def close(self, stream: Anything) -> Anything:
        """Close a generator."""
        return stream.aclose() if hasattr(stream, "aclose") else stream.close()

    def text(self, chunk: Anything) -> str:
        """The delta's text."""
        return chunk.delta.message.content.text or "" if chunk.type == "content-delta" else ""

    def answer(self, response: Anything) -> str:
        """The text of the first block."""
        return response.message.content[0].text or ""


async def _given(stream: Anything) -> Anything:
    """An async generator to those that await one."""
    return stream
