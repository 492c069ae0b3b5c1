"""The words of a text, for comparing texts with each other."""

from __future__ import annotations

from typing import Any, Final

import re2


_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_WORD: Final[Any] = re2.compile(
    # Scripts without blanks between words count by the character.
    r"[\p{Han}\p{Hiragana}\p{Katakana}]|[\p{L}\p{N}\p{M}]+",
    _OPTIONS,
)


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case, in order; a character of Chinese or Japanese is a word."""
    found: list[str] = _WORD.findall(text.casefold())
    return found
