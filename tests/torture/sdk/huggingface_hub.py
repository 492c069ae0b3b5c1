"""The inference clients of `huggingface_hub`, at an endpoint of text generation."""

from __future__ import annotations

from tests.torture.sdk.tried import Anything, Operation, TriedSdk, operations_of


class Tried(TriedSdk):
    """`InferenceClient` and `AsyncInferenceClient`. A stream is a generator whose request was made before."""

    name = "huggingface_hub"
    distribution = "huggingface-hub"
    module = "huggingface_hub"
    instrumentors = ("spanwise.instrument.hugging_face:HuggingFaceInstrumentor",)
    has_retries = False
    streams_are_blocks = False
    asks_for_usage = True

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Chats and texts."""
        return operations_of(
            self,
            ("chat", self.plain, False, ""),
            ("chat stream", self.stream, True, ""),
            ("chat as openai", self._as_openai, False, "chat"),
            ("text generation", self._text, False, ""),
        )

    def _options(self, scenario: str, timeout_s: float, url: str) -> Anything:
        root, headers = f"{url or self.url}/tgi", {"x-emulator": scenario}
        return {"model": root, "token": self.key, "headers": headers, "timeout": timeout_s}

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `InferenceClient`."""
        del retries
        from huggingface_hub import InferenceClient

        return InferenceClient(**self._options(scenario, timeout_s, url))

    def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `AsyncInferenceClient`."""
        del retries
        from huggingface_hub import AsyncInferenceClient

        return AsyncInferenceClient(**self._options(scenario, timeout_s, url))

    def _as_openai(self, client: Anything) -> Anything:
        return client.chat.completions.create(messages=[{"role": "user", "content": "hello"}])

    def _text(self, client: Anything) -> Anything:
        return client.text_generation("hello", details=True)

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A chat."""
        return client.chat_completion([{"role": "user", "content": prompt}])

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed chat."""
        options = {"stream_options": {"include_usage": True}} if usage else {}
        return client.chat_completion([{"role": "user", "content": prompt}], stream=True, **options)

    def close(self, stream: Anything) -> Anything:
        """Close a generator."""
        return stream.aclose() if hasattr(stream, "aclose") else stream.close()

    def text(self, chunk: Anything) -> str:
        """The delta's content."""
        return (chunk.choices[0].delta.content or "") if chunk.choices else ""

    def answer(self, response: Anything) -> str:
        """The first choice's content."""
        return response.choices[0].message.content or ""
