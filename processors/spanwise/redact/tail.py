"""`Tail` and `Row`: what is asked for behind a word that a value can begin with."""

from __future__ import annotations

import functools
import re
from typing import Final

from spanwise.redact.matcher import Matcher


_MOST: Final = 256
"""Bytes that are read behind a word."""

_ROW: Final = re.compile(rb"\(\?:(\[(?:[^\]\\]|\\.)+\])\{([0-9]+)\}\)")


class Tail:
    """What any pattern asks for."""

    __slots__ = ("_pattern",)

    def __init__(self, pattern: bytes) -> None:
        self._pattern = Matcher(pattern)

    def follows(self, data: bytes, start: int) -> bool:
        """Whether it stands at `start`."""
        return self._pattern.match(data, start, start + _MOST) is not None


class Row:
    """So many bytes of one class, as behind most prefixes of keys: told in a quarter of the time of a pattern.

    Args:
        letter: RE2 text of the class.
        length: how many.
    """

    __slots__ = ("_length", "_letters", "_one")

    def __init__(self, letter: bytes, length: int) -> None:
        self._one = Matcher(letter)
        self._letters: bytes | None = None
        self._length = length

    def follows(self, data: bytes, start: int) -> bool:
        """Whether it stands at `start`."""
        if self._letters is None:
            every = (bytes((number,)) for number in range(256))
            self._letters = b"".join(letter for letter in every if self._one.is_all(letter))
        row = data[start : start + self._length]
        return len(row) == self._length and not row.translate(None, self._letters)


@functools.cache
def tail_of(pattern: bytes) -> Tail | Row:
    """What `pattern` asks for behind many words alike, made once."""
    row = _ROW.fullmatch(pattern)
    return Row(row[1], int(row[2])) if row and int(row[2]) <= _MOST else Tail(pattern)
