"""Feeds: decoded bytes of a body in, what the codec has to know out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Protocol

import orjson

from spanwise.instrument.body.likeness import LESSONS, Likeness, Run
from spanwise.instrument.core.call import CLOSED, DRAINED, FAILED, Call
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr


HELD_BYTES = 16 << 20
"""Most that is kept of one body. Past it the content of a stream is given up; the stream itself is not touched."""

_RETURN, _NEWLINE = b"\r\n"
"""As numbers: to look for bytes in bytes takes ten times as long."""
_USAGE = re.compile(rb'"usage"\s*:\s*\{')


class Feed(Protocol):
    """Takes a body chunk by chunk."""

    complete: bool
    outcome: str
    tail: bytes = b""
    """Bytes of an event that is not complete yet."""

    @property
    def held(self) -> bytes:
        """What was taken and the reader has not got yet."""
        return b""

    def rescue(self, data: bytes) -> bytes:
        """What the reader gets of `data` where `feed` failed, or where nothing more is to be learnt from it."""
        return data

    def text(self, data: bytes) -> bool:  # noqa: ARG002 - for feeds that know texts
        """Whether `data` is text like the text before it. Then it is taken, and the reader gets it. Never raises."""
        return False

    def feed(self, data: bytes) -> bytes:
        """What the reader gets in place of `data`."""
        ...

    def flush(self) -> bytes:
        """What was held back, at the end of the body."""
        ...

    def settle(self, outcome: str) -> None:
        """Tell the call what the body said, now that reading it ended with `outcome`."""
        ...


class JsonFeed(Feed):
    """A body read as one JSON document."""

    def __init__(self, call: Call) -> None:
        self.complete = False
        self.outcome = DRAINED
        self._call = call
        self._held: list[bytes] = []
        self._size = 0
        self._whole = False

    def feed(self, data: bytes) -> bytes:
        """`data`, kept for the end."""
        self._size += len(data)
        if self._size <= HELD_BYTES:
            self._held.append(data)
        return data

    def flush(self) -> bytes:
        """Nothing is held back."""
        self._whole = True
        return b""

    def settle(self, outcome: str) -> None:  # noqa: ARG002 - a document is whole or says nothing
        """Tell the call, when the document is whole."""
        if self._whole and self._size <= HELD_BYTES:
            self._call.respond(b"".join(self._held))


class SilentFeed(Feed):
    """A body of audio, images or video: nothing of it is read or kept."""

    def __init__(self) -> None:
        self.complete = False
        self.outcome = DRAINED

    def feed(self, data: bytes) -> bytes:
        """`data`."""
        return data

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""

    def settle(self, outcome: str) -> None:
        """The body says nothing."""


class EventFeed(Feed):
    """A body of server-sent events.

    Without content capture an event is parsed only when the codec's gate finds something in it, and it is searched
    only when it is not like the text before it. With content events are kept as bytes and parsed at the end, a run of
    text as one. Where a codec says that its events are `cumulative`, each with the counts so far, the newest is kept
    for a stream that breaks off.
    """

    keeps: bool
    """Whether texts are kept. Else the newest and the number of them are."""
    piece: Callable[[bytes], bytes | None]
    """What a run has to keep of an event that is like the text before it; `None` of all else."""
    newest: bytes
    texts: int

    def __init__(self, call: Call) -> None:
        self.complete = False
        self.outcome = DRAINED
        self._call = call
        self._gate = call.codec.gate
        self._last = call.codec.last
        self._reducer = call.codec.reducer()
        self.keeps = bool(call.capture) or call.estimated is not None
        self._is_cumulative = getattr(call.codec, "cumulative", False)
        self.newest = b""
        self._latest = b""
        self._hides = call.hides_usage
        self._folds = getattr(call.codec, "folds_usage", False)
        self._kept: list[bytes | Run] = []
        self._run: Run | None = None
        self._like: Likeness | None = None
        self.piece = _unlike
        self._lessons = LESSONS
        self.texts = 0
        self._timed = 0
        self.tail = b""
        self._size = 0
        self._first = True

    def text(self, data: bytes) -> bool:
        """Whether `data` is one event like the text before it, which is what most chunks of a stream are.

        Not taken where it is more than that; then `feed` takes it.
        """
        find = self.piece
        if self.tail or (piece := find(data)) is None:
            return False
        if self.keeps:
            run, size = self._run, self._size + len(data)
            if run is None or size > HELD_BYTES:
                return False
            self._size = size
            # `Run.add` in place: the piece is there already.
            run.append(piece)
            run.last = data
        else:
            self.newest = data
        self.texts += 1
        return True

    def feed(self, data: bytes) -> bytes:
        """`data`, or, where usage is hidden from the reader, the complete events of it."""
        like = self._like
        if like is not None and not self.tail and like.fits(data):
            self.texts += 1
            self._hold(data, like)
            return data
        whole = self.tail + data if self.tail else data
        end = self._boundary(whole)
        if end == 0:
            return self._incomplete(whole, data)
        events = whole[:end]
        self.tail = whole[end:]
        if self._first:
            self._first = False
            self._call.chunk()
            self._take(events)
        elif self._gate.search(events):
            if self.texts > self._timed:
                # The clock is read where text ends, not at each chunk of it.
                self._timed = self.texts
                self._call.chunks(self.texts + 1)
            self._take(events)
        else:
            # Text and nothing else: whatever ends a stream or carries its usage passes the gate.
            self.texts += 1
            self._latest = events
            self._hold(events, self._learn(events))
            return events if self._hides else data
        if self._last.search(events) or self._reducer.error:
            self.complete = True
        if not self._hides:
            return data
        return _without_usage(events, folds=self._folds) if _USAGE.search(events) else events

    @property
    def held(self) -> bytes:
        """The beginning of an event, where its usage may have to be kept back."""
        return self.tail if self._hides else b""

    def rescue(self, data: bytes) -> bytes:
        """`data`, all of it, but for usage that the reader did not ask for."""
        if not self._hides:
            return data
        end = self._boundary(data)
        self.tail = data[end:]
        return _without_usage(data[:end], folds=self._folds)

    def flush(self) -> bytes:
        """The bytes after the last complete event."""
        tail, self.tail = self.tail, b""
        if tail:
            self._take(tail)
        return tail if self._hides else b""

    def settle(self, outcome: str) -> None:
        """Reduce what was kept and tell the call."""
        # What is left of the body may be an error that the reader saw and closed the body for.
        for events in (*self._kept, self.newest if self._is_cumulative else b"", self.tail):
            self._reduce(events.event() if isinstance(events, Run) else events)
        self._kept.clear()
        self._like = self._run = None
        self.piece = _unlike
        self._call.reduce(self._reducer, FAILED if self._reducer.error else outcome)
        if not self._reducer.error and outcome in (CLOSED, DRAINED) and self._is_broken():
            self._call.distrust()

    def _is_broken(self) -> bool:
        """Whether the last event is no JSON, so that whoever read it got an error and no more of the stream."""
        latest = list(self._payloads(self._latest))[-1:] if self._latest else []
        return bool(latest) and latest[0][:1] == b"{" and not _is_json(latest[0])

    def _learn(self, events: bytes) -> Likeness | None:
        if not self._lessons:
            return None
        self._lessons -= 1
        self._like = like = Likeness.of(events)
        self.piece = _unlike if like is None else like.piece
        self._run = None
        return like

    def _hold(self, events: bytes, like: Likeness | None) -> None:
        """Hold what the gate lets lie, where somebody will ask for it; `like` is what it fits."""
        if not self.keeps:
            self.newest = events
            return
        run = self._run or (None if like is None else Run(like))
        if run is None or self._size + len(events) > HELD_BYTES or not run.add(events):
            # Also the text that a likeness was learned from, where it has a quote in it and fits none.
            self._keep(events)
            return
        self._size += len(events)
        if self._run is None:
            self._run = run
            self._kept.append(run)

    def _incomplete(self, whole: bytes, data: bytes) -> bytes:
        if len(whole) > HELD_BYTES:
            # An event without an end: let it through and stop looking for one.
            self.tail = b""
            return whole if self._hides else data
        self.tail = whole
        return b"" if self._hides else data

    def _take(self, events: bytes) -> None:
        self.newest = b""
        self._latest = events
        if self.keeps:
            self._keep(events)
        else:
            self._reduce(events)

    def _keep(self, events: bytes) -> None:
        self._run = None
        self._size += len(events)
        if self._size <= HELD_BYTES:
            self._kept.append(events)
            return
        self.keeps = False
        self._call.estimated = None
        if self._call.capture:
            self._call.span.set_attribute(attr.SPANWISE_CONTENT_DROPPED, "stream too large to keep")
        if self._gate.search(events):
            self._reduce(events)

    def _reduce(self, events: bytes) -> None:
        for payload in self._payloads(events):
            shield("instrument", self._add, payload)

    def _add(self, payload: bytes) -> None:
        if payload[:1] != b"{":
            return
        try:
            parsed = orjson.loads(payload)
        except ValueError:
            return
        if isinstance(parsed, dict):
            self._reducer.add(parsed)

    def _boundary(self, data: bytes) -> int:
        return _boundary(data)

    def _payloads(self, events: bytes) -> Iterable[bytes]:
        return map(_payload, _split(events))


class LineFeed(EventFeed):
    """A body of JSON documents, one a line (NDJSON).

    Lines are what events are to `EventFeed`: gate, last and reducer of the codec mean the same. Usage is never hidden
    here, because no API of lines has to be asked for it.
    """

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self._hides = False

    def _boundary(self, data: bytes) -> int:
        return data.rfind(b"\n") + 1

    def _payloads(self, events: bytes) -> Iterable[bytes]:
        return map(bytes.strip, events.split(b"\n"))


def _unlike(_data: bytes) -> None:
    """No event is like one that was not learned yet."""


def _is_json(payload: bytes) -> bool:
    try:
        orjson.loads(payload)
    except ValueError:
        return False
    return True


def _boundary(data: bytes) -> int:
    """Where the last complete event ends; 0 when none does."""
    end = data.rfind(b"\n\n")
    if end >= 0:
        return end + 2
    end = data.rfind(b"\r\n\r\n")
    if end >= 0:
        return end + 4
    end = data.rfind(b"\r\r")
    return end + 2 if end >= 0 else 0


def _split(events: bytes) -> list[bytes]:
    if _RETURN in events:
        events = events.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return [event for event in events.split(b"\n\n") if event]


def _payload(event: bytes) -> bytes:
    if event.startswith(b"data:") and _NEWLINE not in event:
        return event[5:].lstrip()
    lines = [line[5:].lstrip() for line in event.splitlines() if line.startswith(b"data:")]
    # Google writes an error into a stream as bare JSON.
    return b"\n".join(lines) if lines else event.strip()


def _without_usage(events: bytes, *, folds: bool) -> bytes:
    """`events` less the chunk that only carries the usage: no choices and a usage object.

    Args:
        events: whole ones.
        folds: whether the provider has the usage that was asked for in a chunk with choices, which loses it then. Most
            that do so have it there unasked as well, and then it is the reader's.
    """
    separator = b"\r\n\r\n" if b"\r\n\r\n" in events else b"\n\n"
    left = (_less_usage(event, folds=folds) for event in events.split(separator) if event)
    return b"".join(event + separator for event in left if event)


def _less_usage(event: bytes, *, folds: bool) -> bytes:
    """What is left of `event`: nothing of one that only carries the usage."""
    if not _USAGE.search(event):
        return event
    try:
        chunk = orjson.loads(_payload(event.replace(b"\r\n", b"\n")))
    except ValueError:
        return event
    if not isinstance(chunk, dict) or not isinstance(chunk.get("usage"), dict):
        return event
    if chunk.get("choices") == []:
        return b""
    return b"data: " + orjson.dumps({**chunk, "usage": None}) if folds else event
