"""Observing the body of an `aiohttp` response from inside.

Every way to read one (`read`, `json`, `content.iter_any`, `readline`, `async for`) takes decompressed bytes out of one
buffer, the deque of its `StreamReader`, so that is where they are observed: in the order and at the time at which the
reader takes them. The end of the body, a cut connection and `close` all empty the reader's list of callbacks; what a
reader waits for passes its timer. The three are replaced on the one reader; response and reader keep their types.

What the reader gets is never changed here, so the usage of a stream cannot be hidden: do not ask for it.
"""

from __future__ import annotations

import weakref
from collections import deque
from typing import Any, Final, TypeAlias

from spanwise.instrument.body.reading import Reading, reading
from spanwise.instrument.core.call import Call
from spanwise.pipeline.boundary import shield


Response: TypeAlias = Any
"""A response of `aiohttp`, which need not be installed."""

Reader: TypeAlias = Any
"""Its `StreamReader`."""

Timer: TypeAlias = Any
"""What limits the time a reader waits."""


def observe(response: Response, call: Call) -> bool:
    """Whether `call` now follows the body of `response`, which nobody has read yet."""
    reader = getattr(response, "content", None)
    buffer = getattr(reader, "_buffer", None)
    if not isinstance(buffer, deque) or reader is None or getattr(response, "_body", None) is not None:
        return False
    if reader.exception() is not None or reader.at_eof():
        return False
    progress = Progress(reader, response, reading(call, response.headers.get("content-type", "")))
    reader._buffer = ObservedBuffer(buffer, progress)
    reader._eof_callbacks = ObservedCallbacks(reader._eof_callbacks, progress)
    reader._timer = ObservedTimer(reader._timer, progress)
    return True


_CLOSED: Final = ("ClientConnectionError", "Connection closed")
"""What `close` and `release` of a response tell its reader."""


class Progress:
    """How far the reading of one response has come, as its reader shows it.

    It refers to the reader, which refers to it: as the response and its reader do, until the body has ended.
    """

    __slots__ = ("_reader", "_response", "failure", "reading")

    def __init__(self, reader: Reader, response: Response, reading: Reading) -> None:
        self._reader = reader
        self._response = weakref.ref(response)
        self.reading = reading
        self.failure: BaseException | None = None

    def taken(self, data: bytes) -> None:
        """The reader takes `data`. Whatever failed before, it went on."""
        self.failure = None
        self.reading.chunk(data)
        if self._reader is not None and self._reader.at_eof():
            self._leave()
            self.reading.drained()

    def settled(self) -> None:
        """The reader needs no callbacks any more: the body ended, broke off or was closed."""
        reader = self._reader
        if reader is None:
            return
        error = reader.exception()
        if error is None:
            if reader.at_eof():
                self._leave()
                self.reading.drained()
            return
        response = self._response()
        self._leave()
        if self.failure is not None:
            self.reading.failed(self.failure)
        elif response is None:
            self.reading.abandon()
        elif _is_closed(response, error):
            self.reading.closed()
        else:
            self.reading.failed(error)
        self.failure = None

    def _leave(self) -> None:
        self._reader = None


def _is_closed(response: Response, error: BaseException) -> bool:
    """Whether the application has closed the response, which tells the reader by an error, or its session."""
    session = getattr(response, "_session", None)
    return (
        response.closed or (type(error).__name__, *error.args) == _CLOSED or getattr(session, "closed", False) is True
    )


class ObservedBuffer(deque[bytes]):
    """The buffer of a reader, which takes from its left end."""

    def __init__(self, buffered: deque[bytes], progress: Progress) -> None:
        super().__init__(buffered)
        self._progress = progress
        self._returned = 0

    def popleft(self) -> bytes:
        """Take what came first."""
        data = super().popleft()
        if self._returned:
            self._returned -= 1
        else:
            shield("instrument", self._progress.taken, data)
        return data

    def appendleft(self, data: bytes) -> None:
        """Give back what was taken and seen."""
        self._returned += 1
        super().appendleft(data)

    def __del__(self) -> None:
        self._progress.reading.abandon()


class ObservedCallbacks(list[Any]):
    """What a reader calls at the end of the body."""

    def __init__(self, callbacks: list[Any], progress: Progress) -> None:
        super().__init__(callbacks)
        self._progress = progress

    def clear(self) -> None:
        """Forget them: the body has ended, one way or another."""
        super().clear()
        shield("instrument", self._progress.settled)


class ObservedTimer:
    """What limits the time a reader waits, and sees why it waits no longer."""

    __slots__ = ("_inner", "_progress")

    def __init__(self, inner: Timer, progress: Progress) -> None:
        self._inner = inner
        self._progress = progress

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def __enter__(self) -> object:
        return self._inner.__enter__()

    def __exit__(self, *raised: Any) -> object:  # noqa: PYI036 - passed on as it came
        try:
            handled = self._inner.__exit__(*raised)
        except BaseException as error:
            self._progress.failure = error
            raise
        # Noted, not yet reported: who gives up one read may come back for the next.
        self._progress.failure = raised[1]
        return handled
