"""Runs of base64, and the text they stand for."""

from __future__ import annotations

import binascii
from typing import Final, NamedTuple

from spanwise.redact.pattern import compiled


class Base64Run(NamedTuple):
    """Bytes `start` to `end` are a run of base64 characters; `text` is what they encode when that is text."""

    start: int
    end: int
    text: bytes | None


SHORTEST: Final = 20
"""Characters of the shortest run that is decoded: 15 bytes."""

LONGEST: Final = 4 << 20
_RUN: Final = compiled(rb"[a-z0-9+/]{0,11}[A-Z][A-Za-z0-9+/]{8,}={0,2}")
_URL_RUN: Final = compiled(rb"[a-z0-9_\-]{0,11}[A-Z][A-Za-z0-9_\-]{8,}={0,2}")
_PROBE: Final = 64
_OFFSETS: Final = 4  # what stands directly before base64 may look like base64 too
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_CONTROL: Final = frozenset(range(0x20)) - frozenset(b"\t\n\r") | {0x7F}


def run_at(data: bytes, start: int) -> Base64Run | None:
    """The run of base64 at `start`, or `None` when there is none of `SHORTEST` characters.

    Only what decodes to text is text: no control characters, valid UTF-8. Chance does not produce that: one byte in
    three of random data is printable ASCII.
    """
    matches = [pattern.match(data, start, start + LONGEST) for pattern in (_RUN, _URL_RUN)]
    end = max((match.end() for match in matches if match is not None), default=start)
    if end - start < SHORTEST:
        return None
    run = data[start:end]
    for offset in range(_OFFSETS):
        probe = _decoded(run[offset : offset + _PROBE])
        if probe is not None and _is_text(probe, whole=end - start - offset <= _PROBE):
            text = probe if end - start - offset <= _PROBE else _decoded(run[offset:])
            whole = text is not None and _is_text(text, whole=True)
            return Base64Run(start + offset, end, text if whole else None)
    return Base64Run(start, end, None)


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
    if not _CONTROL.isdisjoint(decoded):
        return False
    try:
        decoded.decode("utf-8")
    except UnicodeDecodeError as error:
        return not whole and error.start >= len(decoded) - 3
    return True
