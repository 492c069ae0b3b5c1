"""SDKs of one generator with OpenAI's wire: groq, cerebras, together, writer. One description, four modules of data."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from tests.torture.sdk.tried import Anything, Operation, TriedSdk, get, operations_of


class StainlessSdk(TriedSdk):
    """An SDK that has `chat.completions.create` and its variants on clients with the options of `openai`'s."""

    sync_client: ClassVar[str]
    """The class; the async one has `Async` in front."""
    root: ClassVar[str]
    """What the base URL is, below the emulator's."""
    model: ClassVar[str]
    resource: ClassVar[str] = "chat.completions"
    """Where the method to chat is."""
    method: ClassVar[str] = "create"
    options: ClassVar[dict[str, Anything]] = {}
    """What else a client is made with."""

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Chats, whole and streamed, raw and as responses that are read later."""
        return operations_of(
            self,
            ("chat", self.plain, False, ""),
            ("chat stream", self.stream, True, ""),
            ("chat raw", self._raw, False, "chat"),
        )

    def _made(self, prefix: str, scenario: str, retries: int, timeout_s: float, url: str) -> Anything:
        return getattr(import_module(self.module), prefix + self.sync_client)(
            base_url=f"{url or self.url}{self.root}",
            api_key=self.key,
            default_headers={"x-emulator": scenario},
            max_retries=retries,
            timeout=timeout_s,
            **self.options,
        )

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """The sync client."""
        return self._made("", scenario, retries, timeout_s, url)

    def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """The async client."""
        return self._made("Async", scenario, retries, timeout_s, url)

    def _chat(self, client: Anything, *, raw: bool = False) -> Anything:
        resource = get(client, self.resource)
        return getattr(resource.with_raw_response if raw else resource, self.method)

    def _asked(self, prompt: str) -> Anything:
        return {"model": self.model, "messages": [{"role": "user", "content": prompt}]}

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A chat."""
        return self._chat(client)(**self._asked(prompt))

    def _raw(self, client: Anything) -> Anything:
        return self._chat(client, raw=True)(**self._asked("hello"))

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed chat."""
        asked = {"stream_options": {"include_usage": True}} if usage and self.asks_for_usage else {}
        return self._chat(client)(**self._asked(prompt), stream=True, **asked)

    def text(self, chunk: Anything) -> str:
        """The delta's content."""
        return (chunk.choices[0].delta.content or "") if chunk.choices else ""

    def answer(self, response: Anything) -> str:
        """The first choice's content."""
        return response.choices[0].message.content or ""
