"""Disguises that hide a value from a search: invisible characters, foreign digits, dashes and spaces, and escapes."""

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
_ESCAPE: Final = r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|&#(?:[0-9]{2,3}|[xX][0-9A-Fa-f]{2});"
"""Percent-encoding, escapes of JSON, Python and JavaScript, and character references of HTML."""

_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63")

# Emoji are full of invisible characters; only one that follows ASCII can hide anything here.
_WORTH_IT: Final = re2.compile(
    rf"[!-~][{_INVISIBLE}]|[{_WIDE}{_DIGIT}]|[0-9)A-Za-z][{_SEPARATOR}][0-9(A-Za-z]|{_ESCAPE}"
)
_ESCAPED: Final = re2.compile(_ESCAPE)
_FOLDABLE: Final = re2.compile(rf"[{_INVISIBLE}{_SEPARATOR}{_DIGIT}{_WIDE}]|{_ESCAPE}")
_KEPT: Final = re2.compile(rf"[{_SEPARATOR}{_DIGIT}{_WIDE}]")
_AMPERSAND: Final = 0x26
_PERCENT: Final = 0x25
_NEAR: Final = 400
_LAYERS: Final = 3
"""Disguises in disguises that are taken off: `%2540`, or a full-width digit in percent-encoding."""


def needs_folding(data: bytes) -> bool:
    """Whether `data` (UTF-8) holds a character or an escape that could hide a value."""
    if data.isascii():
        # One byte is looked for fifty times as fast as two.
        return (
            b"%" in data or (b"\\" in data and (b"\\x" in data or b"\\u" in data)) or (b"&" in data and b"&#" in data)
        ) and _ESCAPED.search(data) is not None
    return _WORTH_IT.search(data) is not None


def disguises(data: bytes) -> list[tuple[int, int]]:
    """Stretches of `data` around what could hide a value, wide enough for the value and a word that names it."""
    stretches: list[tuple[int, int]] = []
    for match in (_ESCAPED if data.isascii() else _WORTH_IT).finditer(data):
        start, end = match.span()
        first, last = _letter_start(data, max(0, start - _NEAR)), _letter_start(data, min(len(data), end + _NEAR))
        if stretches and first <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], last)
        else:
            stretches.append((first, last))
    return stretches


def _letter_start(data: bytes, place: int) -> int:
    """`place`, or the beginning of the character in whose middle it is."""
    while 0 < place < len(data) and data[place] & 0xC0 == 0x80:
        place -= 1
    return place


class Folded:
    """A text without its disguises, and the way back.

    Attributes:
        data: The folded text.
    """

    __slots__ = ("_layers", "data")

    def __init__(self, data: bytes) -> None:
        self._layers: list[_Layer] = []
        self.data = data
        while needs_folding(self.data) and len(self._layers) < _LAYERS:
            layer = _Layer(self.data)
            self._layers.append(layer)
            self.data = layer.data

    def original(self, offset: int) -> int:
        """The offset in the original text of the character at `offset` of the folded one."""
        for layer in reversed(self._layers):
            offset = layer.original(offset)
        return offset


class _Layer:
    """One layer of disguises taken off."""

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
        place = bisect.bisect_right(self._folded_at, offset) - 1
        return self._original_at[place] + offset - self._folded_at[place]


def _plain(encoded: bytes) -> bytes:
    first = encoded[0]
    if first < 0x80:
        return _unescaped(encoded)
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


def _unescaped(escape: bytes) -> bytes:
    """The text that `escape` stands for; a byte that is no character by itself for percent-encoding."""
    if escape[0] == _AMPERSAND:
        body = escape[2:-1]
        code = int(body[1:], 16) if body[:1] in b"xX" else int(body)
    else:
        code = int(escape[2:] if escape[1:2] in b"ux" else escape[1:], 16)
    if escape[0] == _PERCENT:  # of bytes: those of a longer character come one by one
        return bytes((code,))
    return chr(code).encode("utf-8", "surrogatepass")
