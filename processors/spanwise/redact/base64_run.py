"""Runs of base64, and the text they stand for."""

from __future__ import annotations

import binascii
from typing import Final, NamedTuple

from spanwise.redact.edge import DIGITS, LETTERS


class Base64Run(NamedTuple):
    """Bytes `start` to `end` are a run of base64 characters; `text` is what they encode when that is text."""

    start: int
    end: int
    text: bytes | None


SHORTEST: Final = 20
"""Characters of the shortest run that is decoded: 15 bytes."""

LONGEST: Final = 4 << 20
_FIRST_PIECE: Final = 128
_ALPHANUMERIC: Final = DIGITS + LETTERS


def _table(letters: bytes) -> bytes:
    return bytes(0x2E if byte in letters else 0x20 for byte in range(256))


_STANDARD: Final = _table(_ALPHANUMERIC + b"+/")
_FOR_URLS: Final = _table(_ALPHANUMERIC + b"-_")
_EITHER: Final = _table(_ALPHANUMERIC + b"+/-_")
_GLANCE: Final = 16  # twelve bytes are looked at first
_PROBE: Final = 64
_OFFSETS: Final = 4  # what stands directly before base64 may look like base64 too
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_CONTROL: Final = frozenset(range(0x20)) - frozenset(b"\t\n\r") | {0x7F}
_NO_CONTROL: Final = bytes(sorted(frozenset(range(256)) - _CONTROL))


def run_at(data: bytes, start: int) -> Base64Run | None:
    """The run of base64 at `start`, or `None` when there is none of `SHORTEST` characters.

    Only what decodes to text is text: no control characters, valid UTF-8. Chance does not produce that: one byte in
    three of random data is printable ASCII. What stands directly before base64 may look like it too, so the text may
    begin at one of four characters.
    """
    run = _run(data, start)
    if len(run) < SHORTEST:
        return None
    end = start + len(run)
    glance = run[: _GLANCE + _OFFSETS].translate(_URL_SAFE)
    for offset in range(_OFFSETS):
        if not _can_be_text(binascii.a2b_base64(glance[offset : offset + _GLANCE])):
            continue
        text = _decoded(run[offset : offset + _PROBE])
        if text is None or not _is_text(text, whole=len(run) - offset <= _PROBE):
            continue
        text = text if len(run) - offset <= _PROBE else _decoded(run[offset:])
        return Base64Run(start + offset, end, text if text is not None and _is_text(text, whole=True) else None)
    return Base64Run(start, end, None)


def _can_be_text(decoded: bytes) -> bool:
    """Whether `decoded`, the beginning of something, holds no control character and, but for its end, is UTF-8."""
    if decoded.translate(None, _NO_CONTROL):
        return False
    return decoded.isascii() or len(decoded.decode("utf-8", "ignore").encode()) >= len(decoded) - 3


def _run(data: bytes, start: int) -> bytes:
    """The characters of base64 at `start`, in the standard alphabet or in that for URLs, whichever goes further."""
    run = _letters(data, start, _EITHER)
    if len(run) < SHORTEST:
        return run
    if (b"+" in run or b"/" in run) and (b"-" in run or b"_" in run):
        run = max(_letters(run, 0, _STANDARD), _letters(run, 0, _FOR_URLS), key=len)
    end = start + len(run)
    behind = data[end : end + 2]
    return run + (behind if behind == b"==" else b"=" if behind[:1] == b"=" else b"")


def _letters(data: bytes, start: int, alphabet: bytes) -> bytes:
    """The bytes at `start` that `alphabet`, a table, has a dot for; at most `LONGEST`."""
    size = _FIRST_PIECE
    while True:
        piece = data[start : start + size]
        end = piece.translate(alphabet).find(b" ")
        if end >= 0 or len(piece) < size or size >= LONGEST:
            return piece if end < 0 else piece[:end]
        size *= 8


def encoded(text: bytes, like: bytes) -> bytes:
    """`text` in base64, in the alphabet and with the padding of `like`."""
    result = binascii.b2a_base64(text, newline=False)
    if b"-" in like or b"_" in like:
        result = result.translate(bytes.maketrans(b"+/", b"-_"))
    return result if len(like) % 4 == 0 else result.rstrip(b"=")


def _decoded(run: bytes) -> bytes | None:
    body = run.rstrip(b"=").translate(_URL_SAFE)
    rest = len(body) % 4
    if rest == 1:
        body = body[:-1]
    try:
        return binascii.a2b_base64(body + b"=" * (-len(body) % 4))
    except binascii.Error:
        return None


def _is_text(decoded: bytes, *, whole: bool) -> bool:
    if decoded.translate(None, _NO_CONTROL):
        return False
    try:
        decoded.decode("utf-8")
    except UnicodeDecodeError as error:
        return not whole and error.start >= len(decoded) - 3
    return True
