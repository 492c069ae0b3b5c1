"""LiteLLM: its functions, with OpenAI's SDK beneath."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from tests.torture.sdk.tried import Anything, Operation, TriedSdk, operations_of


# Its prices come with it; without this it fetches newer ones when it is imported.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

MODEL = "openai/gpt-4.1-mini"


@dataclass
class Functions:
    """What stands for a client: the arguments that lead to the emulator, and which functions are called."""

    options: dict[str, Anything]
    is_async: bool = False

    def __call__(self, name: str, **asked: Anything) -> Anything:
        """Call `name`, or its async twin."""
        import litellm

        return getattr(litellm, f"a{name}" if self.is_async else name)(**self.options, **asked)


class Tried(TriedSdk):
    """`litellm.completion` and `litellm.acompletion`."""

    name = distribution = module = "litellm"
    instrumentors = (
        "spanwise.instrument.litellm:LiteLLMInstrumentor",
        "spanwise.instrument.openai:OpenAIInstrumentor",
    )
    streams_are_blocks = False
    asks_for_usage = True
    is_left_as_sent = True
    hides_lost_connections = ("async",)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Completions, texts, vectors."""
        return operations_of(
            self,
            ("completion", self.plain, False, ""),
            ("completion stream", self.stream, True, ""),
            ("embedding", self._embedding, False, ""),
            ("responses", self._responses, False, ""),
        )

    def _options(self, scenario: str, retries: int, timeout_s: float, url: str) -> dict[str, Anything]:
        return {
            "api_base": f"{url or self.url}/v1",
            "api_key": self.key,
            "extra_headers": {"x-emulator": scenario},
            "max_retries": retries,
            "timeout": timeout_s,
        }

    @contextmanager
    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Iterator[Anything]:
        """The functions that block."""
        try:
            yield Functions(self._options(scenario, retries, timeout_s, url))
        finally:
            _let_go()

    @asynccontextmanager
    async def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> AsyncIterator[Anything]:
        """The functions that do not."""
        try:
            yield Functions(self._options(scenario, retries, timeout_s, url), is_async=True)
        finally:
            _let_go()

    def _embedding(self, client: Anything) -> Anything:
        return client("embedding", model="openai/text-embedding-3-small", input=["hello"], dimensions=4)

    def _responses(self, client: Anything) -> Anything:
        return client("responses", model=MODEL, input="hello")

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A completion."""
        return client("completion", model=MODEL, messages=[{"role": "user", "content": prompt}])

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed completion."""
        options = {"stream_options": {"include_usage": True}} if usage else {}
        asked = [{"role": "user", "content": prompt}]
        return client("completion", model=MODEL, messages=asked, stream=True, **options)

    def close(self, stream: Anything) -> Anything:
        """Close an async stream; a sync one has nothing to close it with and is left."""
        return stream.aclose() if hasattr(stream, "__anext__") else None

    def text(self, chunk: Anything) -> str:
        """The delta's content."""
        return (chunk.choices[0].delta.content or "") if chunk.choices else ""

    def answer(self, response: Anything) -> str:
        """The first choice's content."""
        return response.choices[0].message.content or ""


def _let_go() -> None:
    """LiteLLM keeps arguments and result of its last call for reports of errors, and so a stream that was left."""
    import litellm

    litellm.error_logs.clear()
