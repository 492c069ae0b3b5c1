"""Following a stream of LiteLLM by the objects that it gives out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final, TypeAlias

from spanwise.instrument.body.feed import Feed
from spanwise.instrument.body.reading import Reading
from spanwise.instrument.codec import Json
from spanwise.instrument.codec.litellm import CACHED, plain
from spanwise.instrument.core.call import DRAINED, FAILED, Call
from spanwise.instrument.core.orphan import ORPHANS


Anything: TypeAlias = Any
"""Chunks and streams of LiteLLM, which need not be installed where this is checked."""

_MOST: Final = 100_000
"""Chunks that are looked at at the end of a stream."""
_ENDS: Final = ("response.completed", "response.incomplete", "response.failed", "error")
_CACHE: Final = "cached_response"


class ObjectFeed(Feed):
    """What a stream of objects says."""

    complete = False
    outcome = DRAINED

    def feed(self, data: bytes) -> bytes:
        """Nothing is read as bytes here."""
        return data

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""

    def take(self, chunk: Anything) -> None:
        """The application gets `chunk`."""
        raise NotImplementedError

    def adopt(self, stream: Anything) -> None:
        """The stream reads from `stream`, which knows more."""


class Chunks(ObjectFeed):
    """A stream of chat chunks.

    LiteLLM keeps those that came from the provider. Their counts are the provider's; those it gives out where the
    provider sent none are its own estimate, and are not taken.
    """

    def __init__(self, call: Call, stream: Anything) -> None:
        self._call = call
        self._kept: list[Anything] = []
        self._is_cached = False
        self._reason: str | None = None
        self.adopt(stream)

    def take(self, chunk: Anything) -> None:
        """Note why the answer ended: LiteLLM says it in a chunk of its own."""
        for choice in getattr(chunk, "choices", None) or ():
            if reason := getattr(choice, "finish_reason", None):
                self._reason = str(reason)

    def adopt(self, stream: Anything) -> None:
        """Look at the chunks that `stream` keeps; a stream of legacy completions has another beneath it."""
        kept = getattr(stream, "chunks", None)
        if isinstance(kept, list) and not self._kept:
            self._kept = kept
            self._is_cached = getattr(stream, "custom_llm_provider", None) == _CACHE

    def settle(self, outcome: str) -> None:
        """Reduce what was kept and tell the call."""
        reducer = self._call.codec.reducer()
        for chunk in self._telling():
            reducer.add(_chunk(chunk))
        if self._reason is not None:
            reducer.add({"choices": [{"index": 0, "finish_reason": self._reason}]})
        self._call.reduce(_Marked(reducer, is_cached=self._is_cached), FAILED if reducer.error else outcome)

    def _telling(self) -> Iterable[Anything]:
        """Chunks that say something: all where content is wanted, else the first and those with counts."""
        kept = list(islice(self._kept, _MOST))
        if self._call.capture:
            return kept
        return [*kept[:1], *(chunk for chunk in kept if getattr(chunk, "usage", None) is not None)]


class Events(ObjectFeed):
    """A stream of events of the responses API."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._reducer = call.codec.reducer()

    def take(self, chunk: Anything) -> None:
        """Look at the events that say how the answer is going and how it ended."""
        kind = getattr(chunk, "type", None)
        name = str(getattr(kind, "value", kind))
        if name in _ENDS or name == "response.created" or self._call.capture:
            self._reducer.add({**plain(chunk), "type": name})
        self.complete = name in _ENDS

    def settle(self, outcome: str) -> None:
        """Tell the call."""
        self._call.reduce(self._reducer, FAILED if self._reducer.error else outcome)


class Watch:
    """Hangs on a stream as long as the application holds it."""

    def __init__(self, call: Call, feed: ObjectFeed, reading: Reading) -> None:
        self.call = call
        self.feed = feed
        self._reading = reading

    def chunk(self, chunk: Anything) -> None:
        """The application gets `chunk`."""
        if self.call.first_chunk_s is None:
            self.call.chunk()
        self.feed.take(chunk)
        if self.feed.complete:
            self._reading.drained()

    def stopped(self, error: BaseException) -> None:
        """The stream raised: at its end, or because it broke off."""
        if isinstance(error, StopIteration | StopAsyncIteration):
            self._reading.drained()
        else:
            self._reading.failed(error)

    def closed(self) -> None:
        """The application has closed the stream."""
        self._reading.closed()

    def __del__(self) -> None:
        self._reading.abandon()


class _Marked:
    """A reducer whose body says whether LiteLLM had the answer itself."""

    def __init__(self, reducer: Anything, *, is_cached: bool) -> None:
        self._reducer = reducer
        self._is_cached = is_cached
        self.error: str | None = reducer.error

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        self._reducer.add(event)

    def body(self) -> Json:
        """The body, marked."""
        return {**self._reducer.body(), CACHED: self._is_cached}


def watch(call: Call, feed: ObjectFeed) -> Watch:
    """What follows a stream that nobody has read yet. From here on `call` ends when the reading does."""
    reading = Reading(call, feed)
    ORPHANS.ready()
    ORPHANS.watch(id(reading), reading.abandon)
    call.observed = True
    return Watch(call, feed, reading)


def _chunk(chunk: Anything) -> Json:
    """A chunk as JSON, which says the text of a delta for legacy completions as well."""
    found = plain(chunk)
    if not isinstance(found, dict):
        return {}
    for choice in found.get("choices") or ():
        delta = choice.get("delta") if isinstance(choice, dict) else None
        if isinstance(delta, dict) and delta.get("content"):
            choice.setdefault("text", delta["content"])
    return found
