"""Characters that hide a value from a search: invisible ones, and foreign forms of digits, dashes and spaces."""

from __future__ import annotations

import bisect
from typing import Final

import re2


_INVISIBLE: Final = (
    r"\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}"
    r"\x{2060}-\x{206F}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}\x{E0000}-\x{E01EF}"
)
_SEPARATOR: Final = (
    r"\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}\x{2010}-\x{2015}\x{2212}\x{2043}\x{FE58}\x{FE63}"
)
_DIGIT_ZEROS: Final = (0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
                       0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)  # fmt: skip
_DIGIT: Final = "".join(rf"\x{{{zero:X}}}-\x{{{zero + 9:X}}}" for zero in _DIGIT_ZEROS)
_WIDE: Final = r"\x{FF01}-\x{FF5E}"
_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63")

# Emoji are full of invisible characters; only one that follows ASCII can hide anything here.
_WORTH_IT: Final = re2.compile(rf"[!-~][{_INVISIBLE}]|[{_WIDE}{_DIGIT}]|[0-9)A-Za-z][{_SEPARATOR}][0-9(A-Za-z]")
_FOLDABLE: Final = re2.compile(rf"[{_INVISIBLE}{_SEPARATOR}{_DIGIT}{_WIDE}]")
_KEPT: Final = re2.compile(rf"[{_SEPARATOR}{_DIGIT}{_WIDE}]")


def needs_folding(data: bytes) -> bool:
    """Whether `data` (UTF-8) holds a character that could hide a value."""
    return _WORTH_IT.search(data) is not None


class Folded:
    """A text without its disguises, and the way back.

    Attributes:
        data: The folded text.
    """

    __slots__ = ("_folded_at", "_original_at", "data")

    def __init__(self, data: bytes) -> None:
        pieces: list[bytes] = []
        self._folded_at = [0]
        self._original_at = [0]
        last = length = 0
        for match in _FOLDABLE.finditer(data):
            start, end = match.span()
            plain = _plain(data[start:end])
            pieces += (data[last:start], plain)
            length += start - last
            self._folded_at += (length, length + len(plain))
            self._original_at += (start, end)
            length += len(plain)
            last = end
        self.data = b"".join((*pieces, data[last:]))

    def original(self, offset: int) -> int:
        """The offset in the original text of the character at `offset` of the folded one."""
        place = bisect.bisect_right(self._folded_at, offset) - 1
        return self._original_at[place] + offset - self._folded_at[place]


def _plain(encoded: bytes) -> bytes:
    if _KEPT.match(encoded) is None:
        return b""
    letter = encoded.decode("utf-8")
    code = ord(letter)
    if 0xFF01 <= code <= 0xFF5E:
        return bytes((code - 0xFEE0,))
    zero = next((zero for zero in _DIGIT_ZEROS if zero <= code <= zero + 9), None)
    if zero is not None:
        return bytes((0x30 + code - zero,))
    return b"-" if letter in _DASHES else b" "
