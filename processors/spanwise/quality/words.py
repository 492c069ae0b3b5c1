"""The words of a text, for comparing texts with each other."""

from __future__ import annotations

import re
from typing import Final


_WORD: Final = re.compile(
    # Scripts without blanks between words count by the character. One class of characters at a time, so linear; RE2
    # would count characters anew for each of thousands of matches.
    "[\u3040-\u30ff\u3400-\u9fff]"
    "|(?:[^\\W_\u3040-\u30ff\u3400-\u9fff]|[\u0300-\u036f\u064b-\u0652\u0900-\u0903\u093a-\u094f\u0962\u0963])+"
)


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case, in order; a character of Chinese or Japanese is a word."""
    return _WORD.findall(text.casefold())
