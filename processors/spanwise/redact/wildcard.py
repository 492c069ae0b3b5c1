"""`Wildcards`: whether a text is one of many, of which some have `*` in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import re2

from spanwise.redact.pattern import compiled


LONGEST: Final = 64 * 1024
"""Characters of all patterns of a set together."""


class Wildcards:
    """A set of texts in which `*` stands for any characters. Case does not count. Time is linear in the text."""

    __slots__ = ("_exact", "_pattern")

    def __init__(self, patterns: Iterable[str]) -> None:
        folded = {pattern.casefold() for pattern in patterns}
        self._exact = frozenset(pattern for pattern in folded if "*" not in pattern)
        wild = sorted(folded - self._exact)
        self._pattern = compiled(b"|".join(map(_expression, wild))) if wild else None

    def __bool__(self) -> bool:
        """Whether there is anything in the set."""
        return bool(self._exact) or self._pattern is not None

    def __contains__(self, text: str) -> bool:
        folded = text.casefold()
        if folded in self._exact:
            return True
        return self._pattern is not None and (
            self._pattern.fullmatch(folded.encode("utf-8", "surrogatepass")) is not None
        )


def _expression(pattern: str) -> bytes:
    parts = (re2.escape(part.encode("utf-8", "surrogatepass")) for part in pattern.split("*"))
    return b"(?:" + b".*".join(parts) + b")"
