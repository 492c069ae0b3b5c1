"""Observing the body of a `requests` or `urllib3` response from inside.

Whatever reads such a response (`content`, `iter_content`, `iter_lines`, `raw.read`, `raw.stream`, `botocore`'s parsers)
ends at one file: the `http.client` response that `urllib3` holds. So it is the file that is observed. It sees bytes
before they are decompressed, and decompresses them once more for itself where they are; it sees how the reading ends,
because the end of the body, time-outs, cut connections and `close` all pass it. Responses, and everything built on
them, keep their types.

What the reader gets is never changed here, so the usage of a stream cannot be hidden: do not ask for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from http.client import IncompleteRead
from typing import Any, TypeAlias

from spanwise.instrument.body.reading import Reading, reading
from spanwise.instrument.core.call import Call
from spanwise.pipeline.boundary import shield


Response: TypeAlias = Any
"""A response of `requests`, `botocore` or `urllib3`, none of which need be installed."""

File: TypeAlias = Any
"""What `urllib3` reads from: a response of `http.client`, or any file in the tests of an application."""

_CRLF = 2


def observe(response: Response, call: Call) -> bool:
    """Whether `call` now follows the body of `response`, which nobody has read yet.

    Args:
        response: of `urllib3`, or one that holds such a one as `raw`.
        call: the call whose response it is.
    """
    raw: Response = getattr(response, "raw", response)
    file = getattr(raw, "_fp", None)
    if file is None or _is_closed(file):
        return False
    following = reading(call, raw.headers.get("content-type", ""))
    observed = ObservedFile(file, following, Inflating.of(raw))
    if getattr(raw, "_original_response", None) is file:
        # What closes it where a stream is left in the middle.
        raw._original_response = observed
    raw._fp = observed
    return True


class Inflating:
    """Decompresses what passes a second time, for the observer.

    Args:
        decompress: of a decoder of `urllib3`; `None` where nothing is compressed.
        errors: what it raises for a broken body.
    """

    __slots__ = ("_decompress", "_errors")

    def __init__(self, decompress: Callable[[bytes], bytes] | None, errors: tuple[type[Exception], ...] = ()) -> None:
        self._decompress = decompress
        self._errors = errors

    @classmethod
    def of(cls, raw: Response) -> Inflating:
        """What the headers of `raw` ask for, as its own class reads them; nothing for a coding it does not know."""
        coding = raw.headers.get("content-encoding", "").lower()
        make = getattr(sys.modules.get("urllib3.response"), "_get_decoder", None)
        codings = [each.strip() for each in coding.split(",")]
        if make is None or not all(each in raw.CONTENT_DECODERS for each in codings):
            return cls(None)
        return cls(make(coding).decompress, raw.DECODER_ERROR_CLASSES)

    def __call__(self, data: bytes) -> bytes:
        """`data` decompressed; nothing any more once it was broken, which its reader is told too."""
        if self._decompress is None:
            return data
        try:
            return self._decompress(data)
        except self._errors:
            self._decompress = _nothing
            return b""


def _nothing(data: bytes) -> bytes:  # noqa: ARG001 - stands in for a decoder
    return b""


class ObservedFile:
    """The file that a response is read from, and how its reading ends."""

    def __init__(self, inner: File, reading: Reading, inflate: Inflating) -> None:
        self._inner = inner
        self._reading = reading
        self._inflate = inflate
        self._left = 0

    def __getattr__(self, name: str) -> object:
        found = getattr(self._inner, name)
        # The socket's file, from which `urllib3` reads how long the next chunk is.
        return ObservedLines(found, self) if name == "fp" and found is not None else found

    def read(self, *args: Any) -> bytes:
        """Read up to some bytes, or all there are."""
        data = self._watched(self._inner.read, args)
        shield("instrument", self._ends, data, args, is_all=not args or args[0] is None or args[0] < 0)
        return data

    def read1(self, *args: Any) -> bytes:
        """Read what is there."""
        data = self._watched(self._inner.read1, args)
        shield("instrument", self._ends, data, args, is_all=False)
        return data

    def _safe_read(self, size: int) -> bytes:
        """Read the rest of a chunk, or the line end after it."""
        if self._left == 0 and size == _CRLF:
            return self._unshown(size)
        self._left = max(0, self._left - size)
        return self._watched(self._inner._safe_read, (size,))

    def chunk_begins(self, line: bytes) -> None:
        """`urllib3` has read the line before a chunk, or an empty one where the body breaks off."""
        try:
            self._left = int(line.partition(b";")[0], 16)
        except ValueError:
            self._reading.failed(IncompleteRead(b""))
            return
        if self._left == 0:
            self._reading.drained()

    def failed(self, error: BaseException) -> None:
        """Reading raised `error`."""
        self._reading.failed(error)

    def close(self) -> None:
        """Close the file, wherever the reader is."""
        self._reading.closed()
        self._inner.close()

    def __del__(self) -> None:
        self._reading.abandon()

    def _watched(self, read: Callable[..., bytes], args: tuple[Any, ...]) -> bytes:
        try:
            data = read(*args)
        except BaseException as error:
            self._reading.failed(error)
            raise
        if data:
            shield("instrument", self._show, data)
        return data

    def _show(self, data: bytes) -> None:
        if shown := self._inflate(data):
            self._reading.chunk(shown)

    def _unshown(self, size: int) -> bytes:
        try:
            data: bytes = self._inner._safe_read(size)
        except BaseException as error:
            self._reading.failed(error)
            raise
        return data

    def _ends(self, data: bytes, args: tuple[Any, ...], *, is_all: bool) -> None:
        missing = getattr(self._inner, "length", None)
        is_asked = not args or args[0] != 0
        if not (is_all or missing == 0 or _is_closed(self._inner) or (not data and is_asked)):
            return
        if missing:
            # `urllib3` finds out as well and raises.
            self._reading.failed(IncompleteRead(b"", missing))
        else:
            self._reading.drained()


class ObservedLines:
    """The socket's file of a chunked body."""

    __slots__ = ("_inner", "_owner")

    def __init__(self, inner: File, owner: ObservedFile) -> None:
        self._inner = inner
        self._owner = owner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def readline(self, *args: Any) -> bytes:
        """Read the line that says how long the next chunk is, or one after the last."""
        try:
            line: bytes = self._inner.readline(*args)
        except BaseException as error:
            self._owner.failed(error)
            raise
        shield("instrument", self._owner.chunk_begins, line)
        return line


def _is_closed(file: File) -> bool:
    is_closed = getattr(file, "isclosed", None)
    return bool(is_closed()) if is_closed is not None else bool(getattr(file, "closed", False))
