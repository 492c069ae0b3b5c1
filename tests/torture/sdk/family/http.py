"""HTTP libraries as an application without an SDK uses them: a POST, and the lines of its answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import ClassVar, Self

from tests.torture.sdk.tried import Anything, Operation, TriedSdk, operations_of


PATH = "/v1/chat/completions"


class Lines:
    """The lines of a streamed response, and the response: to read on, to close, to drop."""

    def __init__(self, response: Anything, lines: Iterator[str | bytes]) -> None:
        self._response = response
        self._lines = lines

    def __iter__(self) -> Iterator[str | bytes]:
        return self._lines

    def close(self) -> None:
        """Close the response, as leaving its block does."""
        self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncLines:
    """The same, async."""

    def __init__(self, response: Anything, lines: AsyncIterator[str | bytes]) -> None:
        self._response = response
        self._lines = lines

    def __aiter__(self) -> AsyncIterator[str | bytes]:
        return self._lines

    async def aclose(self) -> None:
        """Close the response, as leaving its block does."""
        await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class HttpSdk(TriedSdk):
    """A library that sends what its caller wrote, and knows nothing of models."""

    raises_in_stream: ClassVar[bool] = False
    asks_for_usage = True
    is_left_as_sent = True

    @property
    def operations(self) -> tuple[Operation, ...]:
        """A chat, whole and as a stream of lines."""
        return operations_of(self, ("chat", self.seen, False, ""), ("chat stream", self.stream, True, ""))

    def seen(self, client: Anything) -> Anything:
        """What a caller sees of a whole answer: the response's type, status and text; async, what is awaited for it."""
        raise NotImplementedError

    def headers(self, scenario: str) -> dict[str, str]:
        """What every request has."""
        return {"x-emulator": scenario, "authorization": f"Bearer {self.key}"}

    def asked(self, prompt: str, **more: Anything) -> Anything:
        """What is sent."""
        return {"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": prompt}], **more}

    def asked_to_stream(self, prompt: str, *, usage: bool) -> Anything:
        """What is sent for a stream."""
        options = {"stream_options": {"include_usage": True}} if usage else {}
        return self.asked(prompt, stream=True, **options)

    def close(self, stream: Anything) -> Anything:
        """Close the response."""
        return stream.aclose() if isinstance(stream, AsyncLines) else stream.close()

    def text(self, chunk: Anything) -> str:
        """The words in one line."""
        line = chunk.decode() if isinstance(chunk, bytes) else chunk
        if not line.startswith("data: {"):
            return ""
        found = json.loads(line.removeprefix("data: "))
        return (found["choices"][0]["delta"].get("content") or "") if found.get("choices") else ""

    def answer(self, response: Anything) -> str:
        """The words in the JSON."""
        return response.json()["choices"][0]["message"]["content"] or ""
