"""`Reading`: how far the reading of one body has come, whichever library reads it."""

from __future__ import annotations

from typing import Final

from spanwise.instrument.body.feed import EventFeed, Feed, JsonFeed, LineFeed, SilentFeed
from spanwise.instrument.core.call import ABANDONED, CANCELLED, CLOSED, DRAINED, FAILED, Call
from spanwise.instrument.core.orphan import ORPHANS, now_unix_nano
from spanwise.pipeline.boundary import shield


_LINES: Final = ("application/x-ndjson", "application/stream+json", "application/ndjson", "application/jsonl")
"""Names in use for one JSON document a line: none is registered."""


_MEDIA: Final = ("audio/", "image/", "video/")


def reading(call: Call, content_type: str) -> Reading:
    """The reading of a body that nobody has read yet. From here on `call` ends when the reading does.

    Args:
        call: the call whose response it is.
        content_type: what the response says its body is; server-sent events and lines of JSON are a stream, all else
            is one document.
    """
    following = Reading(call, _feed(call, content_type))
    ORPHANS.ready()
    ORPHANS.watch(id(following), following.abandon)
    call.observed = True
    return following


def _feed(call: Call, content_type: str) -> Feed:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return EventFeed(call)
    # A codec may know better than the type, which is that of a download for the results of a batch.
    if kind in _LINES or getattr(call.codec, "lines", False):
        return LineFeed(call)
    return SilentFeed() if kind.startswith(_MEDIA) else JsonFeed(call)


class Reading:
    """How far the reading of one body has come. Ends the call exactly once."""

    __slots__ = ("_call", "_exhausted", "_feed")

    def __init__(self, call: Call, feed: Feed) -> None:
        self._call = call
        self._feed = feed
        self._exhausted = False

    @property
    def feed(self) -> Feed:
        """What takes the body; for those who ask it themselves."""
        return self._feed

    @property
    def hides_usage(self) -> bool:
        """Whether something of the body may be kept from its reader."""
        return self._call.hides_usage

    def chunk(self, data: bytes) -> bytes:
        """What the reader gets in place of `data`."""
        feed = self._feed
        if feed.text(data):
            return data
        held = feed.held
        if feed.complete:
            return self.rescued(held, data) if held else data
        passed = shield("instrument", feed.feed, data)
        if feed.complete:
            self.completed()
        return self.rescued(held, data) if passed is None else passed

    def rescued(self, held: bytes, data: bytes) -> bytes:
        """What the reader gets of `held` and `data` where taking them failed: all of it, in order, and no more."""
        passed = shield("instrument", self._feed.rescue, held + data)
        return held + data if passed is None else passed

    def completed(self) -> None:
        """The feed has seen the end, though the body may go on."""
        self._end(self._feed.outcome)

    def exhausted(self) -> None:
        """The last raw byte was read. The HTTP library closes the body now and flushes the decoder after that."""
        self._exhausted = True

    def drained(self) -> bytes:
        """Nothing more comes; what was held back of the body."""
        held = self._feed.held
        rest = shield("instrument", self._feed.flush)
        self._end(self._feed.outcome)
        return held if rest is None else rest

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
            self._feed.complete = True
            shield("instrument", self._feed.settle, outcome)
            shield("instrument", self._call.end, error, at_unix_nano=at_unix_nano)
        ORPHANS.forget(id(self))
