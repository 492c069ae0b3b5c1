"""`Matcher`: an RE2 pattern for the places where a call costs more than the search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import re2

from spanwise.redact.pattern import compiled


Span: TypeAlias = tuple[int, int]
"""Where something begins and ends."""

_Raw: TypeAlias = Callable[[object, bytes, int, int], Sequence[Span]]

_NOWHERE: Final = (-1, -1)
_ANCHORS: Final = getattr(re2, "_Anchor", None)
_ANYWHERE: Final[object] = getattr(_ANCHORS, "UNANCHORED", "anywhere")
_HERE: Final[object] = getattr(_ANCHORS, "ANCHOR_START", "here")


class Matcher:
    """One pattern over bytes, answering in offsets. It is compiled when it is first used.

    The methods of google-re2 make a generator and a match object for every call, which takes longer than a search of
    100 bytes. What they call is called here directly; where a release has no such thing, they are used after all.
    """

    __slots__ = ("_pattern", "_raw")

    def __init__(self, pattern: bytes) -> None:
        self._pattern = pattern
        self._raw: _Raw = self._first

    def search(self, data: bytes, start: int = 0, end: int | None = None) -> int:
        """Where the first match between `start` and `end` begins; -1 when there is none."""
        return self._raw(_ANYWHERE, data, start, len(data) if end is None else end)[0][0]

    def match(self, data: bytes, start: int, end: int) -> Sequence[Span] | None:
        """The match that begins at `start` and ends at most at `end`: its place, then those of its groups."""
        spans = self._raw(_HERE, data, start, min(end, len(data)))
        return None if spans[0] == _NOWHERE else spans

    def _first(self, anchor: object, data: bytes, start: int, end: int) -> Sequence[Span]:
        regexp = compiled(self._pattern)
        raw: _Raw | None = getattr(getattr(regexp, "_regexp", None), "Match", None)
        self._raw = raw if raw is not None and _agrees(raw) else _public(regexp)
        return self._raw(anchor, data, start, end)


def _agrees(raw: _Raw) -> bool:
    """Whether `raw` takes what it is given here and answers as expected."""
    try:
        spans = raw(_HERE, b"", 0, 0)
    except TypeError:
        return False
    return len(spans) > 0 and len(spans[0]) == 2


def _public(regexp: re2._Regexp) -> _Raw:
    def raw(anchor: object, data: bytes, start: int, end: int) -> Sequence[Span]:
        match = (regexp.search if anchor is _ANYWHERE else regexp.match)(data, start, end)
        if match is None:
            return (_NOWHERE,)
        return [match.span(group) for group in range(regexp.groups + 1)]

    return raw
