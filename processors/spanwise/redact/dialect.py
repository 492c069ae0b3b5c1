"""How every pattern of this package is compiled: RE2, over bytes, in linear time."""

from __future__ import annotations

from typing import Final

import re2


_SPECIAL: Final = frozenset(b"\\^$.|?*+()[]{}")


def regexp(pattern: bytes) -> re2._Regexp:
    """`pattern` for bytes: one byte is one character, so that text which is no valid UTF-8 is read as well."""
    return re2.compile(pattern, options())


def options() -> re2.Options:
    """How every pattern of this package is compiled."""
    chosen = re2.Options()
    chosen.encoding = re2.Options.Encoding.LATIN1
    chosen.dot_nl = True
    chosen.max_mem = 64 << 20
    chosen.log_errors = False
    return chosen


def literally(text: str) -> bytes:
    """RE2 text that matches the UTF-8 form of `text`."""
    pieces: list[bytes] = []
    for byte in text.encode("utf-8"):
        if byte >= 0x80 or byte < 0x20:
            pieces.append(b"\\x%02x" % byte)
        else:
            pieces.append(b"\\" + bytes((byte,)) if byte in _SPECIAL else bytes((byte,)))
    return b"".join(pieces)
