"""`border`: where a text can be cut without cutting a value in two."""

from __future__ import annotations

from typing import Final

from spanwise.redact import Redactor
from spanwise.scrub.stretch import bytes_of, text_of


AROUND: Final = 24 * 1024
"""Bytes before and behind a border in which the values are looked for that it would cut. A private key has 13 KB."""

NO_JSON: Final = ". "
"""Stands before a text that must not be read as JSON, where places are those of strings."""

_TRIES: Final = 16
_LONGEST_LINE: Final = 16 * 1024
_ENDS: Final = (b"\n", b" ", b"\t", b",", b";")


def border(redactor: Redactor, text: bytes, near: int) -> int:
    """The end of a line or word at `near` or a little before it that is inside of nothing that `redactor` takes out.

    0 when there is none.
    """
    place = _end_before(text, near)
    for _ in range(_TRIES):
        if place <= 0:
            return 0
        start = max(0, place - AROUND)
        window = text_of(text[start : place + AROUND])
        middle = len(text_of(text[start:place])) + len(NO_JSON)
        cut = [found.start for found in redactor.explain(NO_JSON + window) if found.start < middle < found.end]
        if not cut:
            return place
        first = max(0, min(cut) - len(NO_JSON))
        place = _end_before(text, start + len(bytes_of(window[:first])))
    return 0


def _end_before(text: bytes, near: int) -> int:
    """The place behind the last line end before `near`, else behind the last space or sign; 0 when there is none."""
    earliest = max(0, near - _LONGEST_LINE)
    return next((place + 1 for end in _ENDS if (place := text.rfind(end, earliest, near)) >= 0), 0)
