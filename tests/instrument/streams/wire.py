"""Two SDKs over a transport in this process: a stream of text that breaks off where a test says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import anthropic
import httpx2
import openai


Sdk: TypeAlias = Any
"""A client, a stream or an event of an SDK."""

WORDS = 12
"""Chunks of text in a stream."""


class Broken(httpx2.ReadError):
    """The connection broke."""


@dataclass(frozen=True)
class Provider:
    """One SDK: how its stream looks on the wire and how it is asked for one."""

    name: str
    head: tuple[bytes, ...]
    text: bytes
    tail: tuple[bytes, ...]

    def events(self, breaks_at: int | None) -> Iterator[bytes]:
        """The events; the connection breaks after `breaks_at` of them."""
        for number, event in enumerate((*self.head, *([self.text] * WORDS), *self.tail)):
            if number == breaks_at:
                raise Broken("gone")
            yield event

    def client(self, breaks_at: int | None = None) -> Sdk:
        """A client of the SDK whose provider answers in this process."""
        transport = httpx2.MockTransport(lambda _: _response(Body(self, breaks_at)))
        http = httpx2.Client(transport=transport)
        kinds = {"openai": openai.OpenAI, "anthropic": anthropic.Anthropic}
        return kinds[self.name](api_key="k", http_client=http, max_retries=0)

    def aclient(self, breaks_at: int | None = None) -> Sdk:
        """The same for coroutines."""
        transport = httpx2.MockTransport(lambda _: _response(AsyncBody(self, breaks_at)))
        http = httpx2.AsyncClient(transport=transport)
        kinds = {"openai": openai.AsyncOpenAI, "anthropic": anthropic.AsyncAnthropic}
        return kinds[self.name](api_key="k", http_client=http, max_retries=0)

    def ask(self, client: Sdk) -> Sdk:
        """A stream, or its coroutine."""
        messages = [{"role": "user", "content": "Say words."}]
        if self.name == "openai":
            return client.chat.completions.create(model="gpt-4.1-mini", messages=messages, stream=True)
        create = client.messages.create
        return create(model="claude-haiku-4-5", max_tokens=99, messages=messages, stream=True)


def _response(body: httpx2.SyncByteStream | httpx2.AsyncByteStream) -> httpx2.Response:
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=body)


class Body(httpx2.SyncByteStream):
    """A body that arrives event by event."""

    def __init__(self, provider: Provider, breaks_at: int | None) -> None:
        self._events = provider.events(breaks_at)

    def __iter__(self) -> Iterator[bytes]:
        """The events."""
        return self._events


class AsyncBody(httpx2.AsyncByteStream):
    """The same for coroutines; every event lets the loop run."""

    def __init__(self, provider: Provider, breaks_at: int | None) -> None:
        self._events = provider.events(breaks_at)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The events."""
        import asyncio

        for event in self._events:
            await asyncio.sleep(0)
            yield event


def _data(**event: object) -> bytes:
    name = f"event: {event['type']}\n" if "type" in event else ""
    return f"{name}data: {json.dumps(event, separators=(',', ':'))}\n\n".encode()


def _chunk(choices: list[object], usage: object = None) -> bytes:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4.1-mini-2025-04-14"}
    return _data(**head, choices=choices, usage=usage)


def _delta(reason: str | None = None, **delta: object) -> list[object]:
    return [{"index": 0, "delta": delta, "finish_reason": reason}]


OPENAI = Provider(
    "openai",
    (_chunk(_delta(role="assistant", content="")),),
    _chunk(_delta(content="word ")),
    (
        _chunk(_delta("stop")),
        _chunk([], {"prompt_tokens": 11, "completion_tokens": WORDS, "total_tokens": 11 + WORDS}),
        b"data: [DONE]\n\n",
    ),
)
ANTHROPIC = Provider(
    "anthropic",
    (
        _data(
            type="message_start",
            message={
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": "claude-haiku-4-5-20251001",
                "content": [],
                "usage": {"input_tokens": 11, "output_tokens": 1},
            },
        ),
        _data(type="content_block_start", index=0, content_block={"type": "text", "text": ""}),
    ),
    _data(type="content_block_delta", index=0, delta={"type": "text_delta", "text": "word "}),
    (
        _data(type="content_block_stop", index=0),
        _data(type="message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": WORDS}),
        _data(type="message_stop"),
    ),
)
PROVIDERS = (OPENAI, ANTHROPIC)
