"""Stored text made safe for a terminal."""

from __future__ import annotations

import unicodedata
from typing import Final


MAX_CHARACTERS: Final = 200

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control (C0, C1, ESC), format (bidirectional overrides, zero-width, tags), surrogates, and what has no meaning."""


def plain(text: str | None, limit: int = MAX_CHARACTERS) -> str:
    """`text` as one line without anything a terminal would act on; longer text ends in three dots.

    Span names, models and user ids come from outside: an escape sequence in one must not move a cursor, and a
    bidirectional override must not turn a figure round. Line breaks and tabs become blanks.
    """
    if not text:
        return ""
    cut = text[: limit + 1]
    if not (cut.isascii() and cut.isprintable()):
        cut = "".join(_safe(character) for character in cut)
    return cut if len(text) <= limit else cut[: max(limit - 3, 0)] + "..."


def _safe(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return "" if unicodedata.category(character) in _UNSAFE else character
