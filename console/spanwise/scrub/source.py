"""`source`: a file that is to be read, unless it holds no text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast


STANDARD_INPUT: Final = "-"

_LOOK: Final = 64 * 1024
"""Bytes at the beginning that tell text from anything else."""

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\b"))
_MOST_CONTROL: Final = 0.02
"""Control characters that a log may have without being something else."""


class Unreadable(Exception):  # noqa: N818 - what is said of a file
    """A file that cannot be read as text; the message says why and what to do."""


@contextmanager
def source(path: str) -> Iterator[BinaryIO]:
    """The file at `path`, or standard input for `-`, buffered, at its beginning.

    Raises:
        Unreadable: there is no such file, it may not be read, or it is binary. Nothing was consumed then but a look.
    """
    try:
        if path == STANDARD_INPUT:
            yield _text(cast("BinaryIO", sys.stdin.buffer), path)
            return
        with Path(path).open("rb", buffering=_LOOK) as file:
            yield _text(file, path)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise Unreadable(error.strerror or "cannot be read") from None


def _text(stream: BinaryIO, path: str) -> BinaryIO:
    beginning = _peek(stream)
    if beginning[:2] in _UTF_16:
        shown = "FILE" if path == STANDARD_INPUT else path
        raise Unreadable(f"is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 {shown}")
    if (place := beginning.find(b"\0")) >= 0:
        raise Unreadable(f"is binary (a zero byte at offset {place}); text and JSON are read")
    control = len(beginning) - len(beginning.translate(None, _CONTROL))
    if control > len(beginning) * _MOST_CONTROL:
        raise Unreadable("is binary (control characters); text and JSON are read")
    return stream


def _peek(stream: BinaryIO) -> bytes:
    peek = getattr(stream, "peek", None)
    found: bytes = peek(_LOOK)[:_LOOK] if peek is not None else b""
    return found
