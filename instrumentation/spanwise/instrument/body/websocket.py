"""Observing what a connection of events receives: each response is a call of its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import orjson

from spanwise.instrument.codec import Json
from spanwise.instrument.codec.field import mapping, text
from spanwise.instrument.core.call import ABANDONED, CLOSED, DRAINED, FAILED, Call
from spanwise.instrument.core.orphan import ORPHANS, now_unix_nano
from spanwise.pipeline.boundary import shield


Message: TypeAlias = Any
"""One parsed message of a provider."""

_GATE: Final = re.compile(
    rb'"type"\s*:\s*"(?:session\.(?:created|updated)|response\.(?:created|done|completed|incomplete|failed)|error)"'
)
"""Messages that begin or end something. Deltas of text and audio are neither."""
_DELTA: Final = re.compile(rb'"type"\s*:\s*"response\.[a-z_.]{1,64}\.delta"')
_CREATE: Final = re.compile(r'"type"\s*:\s*"response\.create"')
_ENDS: Final = frozenset({"response.done", "response.completed", "response.incomplete", "response.failed"})
_MOST: Final = 64
"""Responses at once, and requests for one, that are followed on one connection."""


class Session:
    """The responses of one connection.

    Costs one search of each message, two until the first piece of a response has come; those that begin or end one are
    parsed once more than the SDK parses them.

    Args:
        begin: makes the call of a response from what it was asked for; `None` leaves it alone.
        failure: the class of the error that a response failed with, if it did.
        settles_errors: whether an `error` message ends the response that is being made. Where it does not, only those
            that name a request of ours are about one.
    """

    def __init__(
        self, begin: Callable[[Json], Call | None], failure: Callable[[Json], str | None], *, settles_errors: bool
    ) -> None:
        self._begin = begin
        self._failure = failure
        self._settles_errors = settles_errors
        self._settings: Json = {}
        self._asked: deque[Json] = deque(maxlen=_MOST)
        self._calls: dict[str, tuple[Call, Json]] = {}
        self._waiting = 0
        ORPHANS.ready()
        ORPHANS.watch(id(self), self.abandon)

    def sent(self, data: str | bytes) -> None:
        """The application sent a message, as text."""
        written = data if isinstance(data, str) else data.decode("utf-8", "replace")
        if _CREATE.search(written) is None:
            return
        self.asked(_parsed(written.encode("utf-8", "surrogatepass")))

    def asked(self, message: Json) -> None:
        """The application sent a message that is not written down yet."""
        if message.get("type") == "response.create":
            # One API has the settings in the message, the other in an object inside.
            self._asked.append({**message, **mapping(message.get("response"))})

    def received(self, data: bytes | str) -> None:
        """A message has come."""
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        if self._waiting and _DELTA.search(raw):
            self._delta(_parsed(raw))
        elif _GATE.search(raw):
            self._take(_parsed(raw))

    def failed(self, error: BaseException) -> None:
        """The connection broke."""
        self._end_all(FAILED, error)

    def closed(self) -> None:
        """The connection was closed."""
        self._end_all(CLOSED)

    def abandon(self) -> None:
        """Nobody can read the connection any more. This may be the garbage collector: only note it."""
        if self._calls:
            at_unix_nano = now_unix_nano()
            ORPHANS.put(lambda: self._end_all(ABANDONED, at_unix_nano=at_unix_nano))
        else:
            ORPHANS.forget(id(self))

    def _take(self, message: Message) -> None:
        kind = message.get("type")
        response = mapping(message.get("response"))
        if kind in ("session.created", "session.updated"):
            self._settings = mapping(message.get("session"))
        elif kind == "response.created":
            self._start(response)
        elif kind in _ENDS:
            if held := self._calls.pop(text(response.get("id")) or "", None):
                self._end(held[0], response, self._failure(response), DRAINED)
        elif kind == "error":
            self._refused(mapping(message.get("error")) or message)

    def _start(self, response: Json) -> None:
        asked = self._asked.popleft() if self._asked else {}
        identity = text(response.get("id")) or ""
        if len(self._calls) >= _MOST or identity in self._calls:
            return
        told = {key: value for key, value in response.items() if value is not None and key != "output"}
        call = self._begin({**self._settings, **told, **asked})
        if call is not None:
            self._calls[identity] = (call, response)
            self._waiting += 1

    def _delta(self, message: Message) -> None:
        held = self._calls.get(text(message.get("response_id")) or "")
        if held is None and len(self._calls) == 1:
            held = next(iter(self._calls.values()))
        if held is not None and held[0].first_chunk_s is None:
            held[0].chunk()
            self._waiting -= 1

    def _refused(self, error: Json) -> None:
        """An error message: of a request that led to no response, or of the one response that is being made."""
        reason = text(error.get("code")) or text(error.get("type")) or "provider_error"
        named = text(error.get("event_id"))
        if self._asked and (self._settles_errors or (named and self._asked[0].get("event_id") == named)):
            call = self._begin({**self._settings, **self._asked.popleft()})
            if call is not None:
                self._end(call, {}, reason, FAILED)
        elif self._settles_errors and len(self._calls) == 1:
            _, (call, response) = self._calls.popitem()
            self._end(call, response, reason, FAILED)

    def _end(  # noqa: PLR0913 - one argument each for what an end is made of
        self,
        call: Call,
        response: Json,
        reason: str | None,
        outcome: str,
        error: BaseException | None = None,
        *,
        at_unix_nano: int | None = None,
    ) -> None:
        if call.first_chunk_s is None:
            self._waiting = max(0, self._waiting - 1)
        shield("instrument", call.reduce, _Whole(response, reason), FAILED if reason else outcome)
        shield("instrument", call.end, error, at_unix_nano=at_unix_nano)

    def _end_all(self, outcome: str, error: BaseException | None = None, *, at_unix_nano: int | None = None) -> None:
        while self._calls:
            _, (call, response) = self._calls.popitem()
            self._end(call, response, None, outcome, error, at_unix_nano=at_unix_nano)
        ORPHANS.forget(id(self))


class _Whole:
    """A response that came whole, in the place of a reducer."""

    def __init__(self, body: Json, error: str | None) -> None:
        self._body = body
        self.error = error

    def add(self, event: Json, /) -> None:
        """Nothing is added."""

    def body(self) -> Json:
        """The response."""
        return self._body


def _parsed(data: bytes) -> Message:
    try:
        message = orjson.loads(data)
    except ValueError:
        return {}
    return message if isinstance(message, Mapping) else {}
