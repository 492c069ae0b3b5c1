"""Observing the body of an HTTP response from inside: one implementation for sync, async, raw, parsed and SSE.

`httpx` and `httpx2` responses hold a byte stream and a content decoder. Whatever the SDK or its caller reads (events,
lines, bytes, JSON) passes through both, so they are where a response is observed: the decoder sees every decoded
chunk, in order, and the stream sees how the reading ends. Types and identity of the response, and of everything built
on it, stay as they are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Iterator
from functools import cache, partial
from typing import Any, Protocol, TypeAlias, cast

from spanwise.instrument.body.feed import EventFeed
from spanwise.instrument.body.reading import Reading, reading
from spanwise.instrument.core.call import Call
from spanwise.pipeline.boundary import shield


HTTP_ERROR = 400
"""The lowest status of an error."""

Response: TypeAlias = Any
"""A response of `httpx` or `httpx2`, neither of which need be installed."""


_shield: Callable[..., bytes | None] = shield


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
    stream_class = _stream_class(cast("Hashable", type(response.stream)))
    if stream_class is None:
        return False
    following = reading(call, response.headers.get("content-type", ""))
    response._decoder = _decoder(response._get_content_decoder(), following)
    response.stream = stream_class(response.stream, following)
    return True


def follow(response: Response, call: Call) -> None:
    """Let `call` learn from the whole of `response`, successful or not: now if its body is there, else as it is read.

    For SDKs that look at status and body only after the hook that sees the response.
    """
    if response.status_code >= HTTP_ERROR:
        call.refuse(response.status_code)
        return
    if not call.span.is_recording():
        return
    call.learn(response.headers)
    if not (response.is_closed and hasattr(response, "_content")):
        observe(response, call)
    elif not call.respond(response.content):
        call.distrust()


def _decoder(inner: Decoder, reading: Reading) -> Decoder:
    # What is not encoded is decoded to itself.
    if isinstance(reading.feed, EventFeed) and type(inner).__name__ == "IdentityDecoder":
        return EventDecoder(inner, reading, reading.feed)
    return ObservingDecoder(inner, reading)


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


class EventDecoder(ObservingDecoder):
    """The same for events that are not encoded: most chunks of all streams pass here, so it takes few steps."""

    def __init__(self, inner: Decoder, reading: Reading, feed: EventFeed) -> None:
        super().__init__(inner, reading)
        self._feed = feed
        self._take = partial(_shield, "instrument", feed.feed)
        self._hides = reading.hides_usage
        # `httpx2` would make a generator of each chunk.
        self._is_whole = isinstance(inner.decode(b""), bytes)

    def decode(self, data: bytes) -> bytes | Iterable[bytes]:
        """`data`, in the form the inner decoder gives it."""
        feed = self._feed
        # Read before it is called: CPython looks for a method where both are one step.
        piece = feed.piece
        if feed.keeps:
            is_text = feed.text(data)
        elif is_text := not feed.tail and piece(data) is not None:
            # `EventFeed.text` in place.
            feed.newest = data
            feed.texts += 1
        passed = data if is_text else self._passed(data)
        return passed if self._is_whole else (passed,)

    def _passed(self, data: bytes) -> bytes:
        """`Reading.chunk` in place, for what is no text like the one before it."""
        held = self._feed.tail if self._hides else b""
        passed = None if self._feed.complete else self._take(data)
        if self._feed.complete:
            self._reading.completed()
        if passed is None:
            return self._reading.rescued(held, data) if self._hides else data
        return passed


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

    @property
    def abandon(self) -> Callable[[], None]:
        """Ends the reading where nobody can read on; it holds no response."""
        return self._reading.abandon

    def __del__(self) -> None:
        self._reading.abandon()
