"""`Form`: what a text must look like, for the reader and for editors alike."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple


class Form(NamedTuple):
    """A form of text.

    Attributes:
        pattern: a regular expression for the whole text, of the part that Python and ECMAScript share.
        wanted: what is accepted, in words: `host:port as in jaeger:4317`.
        secret: whether a refused text is left out of the complaint, because a secret may have been put there.
    """

    pattern: str
    wanted: str
    secret: bool = False

    def matches(self, text: str) -> bool:
        """Whether `text` has this form."""
        return _compiled(self.pattern).fullmatch(text) is not None

    @property
    def anchored(self) -> str:
        """The pattern for JSON Schema, which looks for it anywhere. Python's `$` would let a last newline pass."""
        return rf"^(?:{self.pattern})$(?!\n)"


@functools.lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
