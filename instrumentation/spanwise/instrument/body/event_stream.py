"""Observing AWS event streams from inside: the messages that botocore's own generator makes of a body's bytes.

A stream of botocore keeps the generator of its messages in one attribute and goes on from there: what stands in it sees
every message, in order, and how the reading ends. The stream itself, which the application holds and iterates, stays.
"""

from __future__ import annotations

import binascii
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import orjson

from spanwise.instrument.body.feed import HELD_BYTES, Feed
from spanwise.instrument.body.likeness import LESSONS, Likeness, Run
from spanwise.instrument.body.reading import Reading
from spanwise.instrument.codec import Json, Reducer
from spanwise.instrument.codec.bedrock_usage import error_type
from spanwise.instrument.core.call import DRAINED, FAILED, Call
from spanwise.instrument.core.orphan import ORPHANS
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr


Stream: TypeAlias = Any
"""An event stream of `botocore` or `aiobotocore`, which need not be installed."""

Message: TypeAlias = Any
"""A message of one: headers by name, and the bytes of its payload."""

_GENERATOR: Final = "_event_generator"


def observe(stream: Stream, call: Call, *, wrapped: bool) -> None:
    """Have `call` follow `stream`, which nobody has read yet.

    Args:
        stream: what the application is about to read.
        call: ends when the reading does.
        wrapped: whether events carry the model's own JSON as base64 (`{"bytes": ...}`).
    """
    following = MessageReading(call, MessageFeed(call, wrapped=wrapped))
    messages = getattr(stream, _GENERATOR)
    kind = ObservedAsyncMessages if hasattr(messages, "__anext__") else ObservedMessages
    setattr(stream, _GENERATOR, kind(messages, following))
    ORPHANS.ready()
    ORPHANS.watch(id(following), following.abandon)
    call.observed = True


def closed(stream: Stream) -> None:
    """The application closes `stream`, which may be one that nobody follows."""
    messages = getattr(stream, _GENERATOR, None)
    if isinstance(messages, ObservedMessages | ObservedAsyncMessages):
        messages.reading.closed()


class MessageFeed(Feed):
    """Messages of an event stream.

    Without content capture a payload is parsed only when the codec's gate finds something in it. With it payloads are
    kept as bytes and parsed at the end, a run of text as one.
    """

    def __init__(self, call: Call, *, wrapped: bool) -> None:
        self.complete = False
        self.outcome = DRAINED
        self._call = call
        self._gate = call.codec.gate
        self._last = call.codec.last
        self._reducer = call.codec.reducer()
        self._keeps = bool(call.capture)
        self._wrapped = wrapped
        self._kept: list[tuple[str, bytes | Run]] = []
        self._run: Run | None = None
        self._kind = ""
        self._like: Likeness | None = None
        self._lessons = LESSONS
        self._size = 0
        self._first = True
        self._error: str | None = None

    def take(self, message: Message) -> None:
        """Take one message."""
        headers: Mapping[str, object] = message.headers
        name = headers.get(":event-type")
        if not isinstance(name, str):
            self._fail(headers)
            return
        payload = _unwrapped(message.payload) if self._wrapped else message.payload
        if self.extends(name, payload):
            return
        if self._first:
            self._first = False
            self._call.chunk()
        if self._keeps:
            self._keep(name, payload)
        elif self._gate.search(payload):
            self._reduce(name, payload)
        else:
            return
        if self._reducer.error or self._last.search(payload):
            self.complete = True

    @property
    def matters(self) -> Callable[[bytes], object] | None:
        """What tells the payloads that have to be taken from those that need not; `None` where all have to be."""
        return None if self._keeps or self._wrapped or self._first else self._gate.search

    def extends(self, name: object, payload: bytes) -> bool:
        """Whether `payload` is like the text before it and is kept with it: nothing more is to be learnt from it.

        Never raises. What is wrapped is like nothing that is not.
        """
        run = self._run
        if run is None or self._kind != name:
            return False
        size = self._size + len(payload)
        if size > HELD_BYTES or not run.add(payload):
            return False
        self._size = size
        return True

    def feed(self, data: bytes) -> bytes:
        """Messages arrive by `take`."""
        return data

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""

    def settle(self, outcome: str) -> None:
        """Reduce what was kept and tell the call."""
        for name, kept in self._kept:
            self._reduce(name, kept.event() if isinstance(kept, Run) else kept)
        self._kept.clear()
        self._run = None
        error = self._error or self._reducer.error
        self._call.reduce(_Ended(self._reducer, error), FAILED if error else outcome)

    def _fail(self, headers: Mapping[str, object]) -> None:
        """Bedrock sends an error inside the stream as a message of a kind of its own; botocore raises it."""
        code = headers.get(":exception-type") or headers.get(":error-code")
        self._error = error_type(code) if isinstance(code, str) and code else "EventStreamError"
        self.outcome = FAILED
        self.complete = True

    def _keep(self, name: str, payload: bytes) -> None:
        self._size += len(payload)
        self._run = None
        if self._size <= HELD_BYTES:
            self._run, self._kind = self._begun(payload), name
            self._kept.append((name, self._run or payload))
            return
        self._keeps = False
        self._call.span.set_attribute(attr.SPANWISE_CONTENT_DROPPED, "stream too large to keep")
        if self._gate.search(payload):
            self._reduce(name, payload)

    def _begun(self, payload: bytes) -> Run | None:
        """A run that begins with `payload`, where more like it may follow."""
        if self._gate.search(payload):
            return None
        if self._lessons:
            self._lessons -= 1
            self._like = Likeness.of(payload)
        run = None if self._like is None else Run(self._like)
        return run if run is not None and run.add(payload) else None

    def _reduce(self, name: str, payload: bytes) -> None:
        shield("instrument", self._add, name, payload)

    def _add(self, name: str, payload: bytes) -> None:
        try:
            parsed = orjson.loads(payload)
        except ValueError:
            return
        if isinstance(parsed, dict):
            self._reducer.add(parsed if self._wrapped else {name: parsed})


def _unwrapped(payload: bytes) -> bytes:
    """The model's JSON inside a payload; empty where there is none."""
    try:
        parsed = orjson.loads(payload)
        return binascii.a2b_base64(parsed["bytes"])
    except (KeyError, TypeError, ValueError):
        return b""


class _Ended:
    """A reducer whose stream has ended, maybe with an error that its own events do not show."""

    def __init__(self, reducer: Reducer, error: str | None) -> None:
        self._reducer = reducer
        self.error = error

    def add(self, event: Json, /) -> None:
        """Take one event's data."""
        self._reducer.add(event)

    def body(self) -> Json:
        """The body so far."""
        return self._reducer.body()


class MessageReading(Reading):
    """How far the reading of one event stream has come."""

    __slots__ = ("_matters", "_messages")

    def __init__(self, call: Call, feed: MessageFeed) -> None:
        super().__init__(call, feed)
        self._messages = feed
        self._matters: Callable[[bytes], object] | None = None

    def message(self, message: Message) -> None:
        """The reader is about to get `message`. Text that nobody captures costs one search, and no call of the feed."""
        if self._matters is None:
            if self._messages.extends(message.headers.get(":event-type"), message.payload):
                return
        elif ":event-type" in message.headers and not self._matters(message.payload):
            return
        if self._call.ended:
            return
        shield("instrument", self._messages.take, message)
        self._matters = self._messages.matters
        if self._messages.complete:
            self._end(self._messages.outcome)


class ObservedMessages:
    """The messages of a stream, and how their reading ends."""

    def __init__(self, inner: Iterator[Message], reading: MessageReading) -> None:
        self._inner = inner
        self.reading = reading

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def __iter__(self) -> Iterator[Message]:
        return self

    def __next__(self) -> Message:
        try:
            message = next(self._inner)
        except StopIteration:
            self.reading.drained()
            raise
        except BaseException as error:
            self.reading.failed(error)
            raise
        self.reading.message(message)
        return message

    def __del__(self) -> None:
        self.reading.abandon()


class ObservedAsyncMessages:
    """The same for a stream that a coroutine reads."""

    def __init__(self, inner: AsyncIterator[Message], reading: MessageReading) -> None:
        self._inner = inner
        self.reading = reading

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def __aiter__(self) -> AsyncIterator[Message]:
        return self

    async def __anext__(self) -> Message:
        try:
            message = await self._inner.__anext__()
        except StopAsyncIteration:
            self.reading.drained()
            raise
        except BaseException as error:
            self.reading.failed(error)
            raise
        self.reading.message(message)
        return message

    def __del__(self) -> None:
        self.reading.abandon()
