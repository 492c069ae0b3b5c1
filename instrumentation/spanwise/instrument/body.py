"""Observing the body of an HTTP response from inside: one implementation for sync, async, raw, parsed and SSE.

`httpx` and `httpx2` responses hold a byte stream and a content decoder. Whatever the SDK or its caller reads (events,
lines, bytes, JSON) passes through both, so they are where a response is observed: the decoder sees every decoded
chunk, in order, and the stream sees how the reading ends. Types and identity of the response, and of everything built
on it, stay as they are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Iterator
from functools import cache
from typing import Any, Protocol, TypeAlias, cast

from spanwise.instrument.call import ABANDONED, CANCELLED, CLOSED, DRAINED, FAILED, Call
from spanwise.instrument.feed import EventFeed, Feed, JsonFeed
from spanwise.instrument.orphan import ORPHANS, now_unix_nano
from spanwise.pipeline.boundary import shield


Response: TypeAlias = Any
"""A response of `httpx` or `httpx2`, neither of which need be installed."""


class Decoder(Protocol):
    """A content decoder of `httpx` (chunks as bytes) or `httpx2` (chunks as an iterable of bytes)."""

    def decode(self, data: bytes) -> bytes | Iterable[bytes]:
        """Decoded bytes of `data`."""
        ...

    def flush(self) -> bytes | Iterable[bytes]:
        """Decoded bytes that were still held."""
        ...


def observe(response: Response, call: Call) -> bool:
    """Whether `call` now follows the body of `response`, which nobody has read yet."""
    if not hasattr(response, "_get_content_decoder") or not hasattr(response, "stream"):
        return False
    is_stream = "text/event-stream" in response.headers.get("content-type", "")
    reading = Reading(call, EventFeed(call) if is_stream else JsonFeed(call))
    stream_class = _stream_class(cast("Hashable", type(response.stream)))
    if stream_class is None:
        return False
    ORPHANS.ready()
    ORPHANS.watch(id(reading), reading.abandon)
    response._decoder = ObservingDecoder(response._get_content_decoder(), reading)
    response.stream = stream_class(response.stream, reading)
    call.observed = True
    return True


class Reading:
    """How far the reading of one body has come. Ends the call exactly once."""

    __slots__ = ("_call", "_exhausted", "_feed")

    def __init__(self, call: Call, feed: Feed) -> None:
        self._call = call
        self._feed = feed
        self._exhausted = False

    def chunk(self, data: bytes) -> bytes:
        """What the reader gets in place of `data`."""
        if self._call.ended:
            return data
        passed = shield("instrument", self._feed.feed, data)
        if self._feed.complete:
            self._end(self._feed.outcome)
        return data if passed is None else passed

    def exhausted(self) -> None:
        """The last raw byte was read. The HTTP library closes the body now and flushes the decoder after that."""
        self._exhausted = True

    def drained(self) -> bytes:
        """Nothing more comes; what was held back of the body."""
        rest = shield("instrument", self._feed.flush) or b""
        self._end(self._feed.outcome)
        return rest

    def failed(self, error: BaseException) -> None:
        """Reading raised `error`."""
        cancelled = type(error).__name__ in ("CancelledError", "Cancelled")
        self._end(CANCELLED if cancelled else FAILED, error)

    def closed(self) -> None:
        """The body was closed before its end. This may be the garbage collector: only note it."""
        if not self._exhausted:
            self._defer(CLOSED)

    def abandon(self) -> None:
        """Nobody can read the body any more."""
        self._defer(DRAINED if self._exhausted else ABANDONED)

    def _defer(self, outcome: str) -> None:
        if not self._call.ended:
            at_unix_nano = now_unix_nano()
            ORPHANS.put(lambda: self._end(outcome, at_unix_nano=at_unix_nano))

    def _end(self, outcome: str, error: BaseException | None = None, *, at_unix_nano: int | None = None) -> None:
        if not self._call.ended:
            shield("instrument", self._feed.settle, outcome)
            shield("instrument", self._call.end, error, at_unix_nano=at_unix_nano)
        ORPHANS.forget(id(self))


class ObservingDecoder:
    """A content decoder that shows what it decodes, and passes on what the reader may see."""

    def __init__(self, inner: Decoder, reading: Reading) -> None:
        self._inner = inner
        self._reading = reading

    def decode(self, data: bytes) -> bytes | Iterable[bytes]:
        """Decoded bytes, in the form the inner decoder gives them."""
        decoded = self._inner.decode(data)
        if isinstance(decoded, bytes):
            return self._reading.chunk(decoded)
        return map(self._reading.chunk, decoded)

    def flush(self) -> bytes | Iterable[bytes]:
        """What is left at the end of the body."""
        rest = self._inner.flush()
        if isinstance(rest, bytes):
            return (self._reading.chunk(rest) if rest else b"") + self._reading.drained()
        return self._flush_all(rest)

    def _flush_all(self, rest: Iterable[bytes]) -> Iterator[bytes]:
        for data in rest:
            yield self._reading.chunk(data)
        if held := self._reading.drained():
            yield held


@cache
def _stream_class(kind: Hashable) -> Callable[[object, Reading], object] | None:
    """A byte stream class with the same bases as `kind`, which the HTTP library checks by `isinstance`."""
    bases = tuple(
        base for base in getattr(kind, "__mro__", ()) if base.__name__ in ("SyncByteStream", "AsyncByteStream")
    )
    if not bases:
        return None
    return type("ObservedStream", (_Observed, *bases), {})


class _Observed:
    """The body of a response, and how its reading ends."""

    def __init__(self, inner: Any, reading: Reading) -> None:
        self._inner = inner
        self._reading = reading

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._inner
            self._reading.exhausted()
        except GeneratorExit:
            raise
        except BaseException as error:
            self._reading.failed(error)
            raise

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = self._inner.__aiter__()
        try:
            async for chunk in chunks:
                yield chunk
            self._reading.exhausted()
        except GeneratorExit:
            raise
        except BaseException as error:
            self._reading.failed(error)
            raise
        finally:
            # A generator read in part is closed here and now, in the task that read it.
            if (aclose := getattr(chunks, "aclose", None)) is not None:
                await aclose()

    def close(self) -> None:
        self._reading.closed()
        self._inner.close()

    async def aclose(self) -> None:
        self._reading.closed()
        await self._inner.aclose()

    def __del__(self) -> None:
        self._reading.abandon()
