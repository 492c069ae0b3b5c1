"""`Matcher`: an RE2 pattern for the places where a call costs more than the search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import re2

from spanwise.redact.dialect import regexp


Span: TypeAlias = tuple[int, int]
"""Where something begins and ends."""

Raw: TypeAlias = Callable[[object, bytes, int, int], Sequence[Span]]
"""Given how a match is anchored, bytes, and where to begin and end: its place and those of its groups."""

NOWHERE: Final = (-1, -1)
_ANCHORS: Final = getattr(re2, "_Anchor", None)
ANYWHERE: Final[object] = getattr(_ANCHORS, "UNANCHORED", "anywhere")
HERE: Final[object] = getattr(_ANCHORS, "ANCHOR_START", "here")
ALL: Final[object] = getattr(_ANCHORS, "ANCHOR_BOTH", "all")


class Asked:
    """One pattern over bytes, compiled when it is first asked; how the answer is given is the subclasses' matter.

    The methods of google-re2 make a generator and a match object for every call, which takes longer than a search of
    100 bytes. What they call is called here directly; where a release has no such thing, they are used after all.
    """

    __slots__ = ("_pattern", "_raw")

    def __init__(self, pattern: bytes) -> None:
        self._pattern = pattern
        self._raw: Raw = self._first

    def _first(self, anchor: object, data: bytes, start: int, end: int) -> Sequence[Span]:
        self._raw = raw(regexp(self._pattern))
        return self._raw(anchor, data, start, end)


class Matcher(Asked):
    """One pattern over bytes, answering in offsets."""

    __slots__ = ()

    def search(self, data: bytes, start: int = 0, end: int | None = None) -> int:
        """Where the first match between `start` and `end` begins; -1 when there is none."""
        return self._raw(ANYWHERE, data, start, len(data) if end is None else end)[0][0]

    def match(self, data: bytes, start: int, end: int) -> Sequence[Span] | None:
        """The match that begins at `start` and ends at most at `end`: its place, then those of its groups."""
        spans = self._raw(HERE, data, start, end if end < len(data) else len(data))
        return None if spans[0] == NOWHERE else spans

    def is_all(self, data: bytes) -> bool:
        """Whether all of `data` is a match."""
        return self._raw(ALL, data, 0, len(data))[0] != NOWHERE


def raw(pattern: re2._Regexp) -> Raw:
    """What `pattern` is asked by: its own function where the release of google-re2 has it, else its public methods."""
    own: Raw | None = getattr(getattr(pattern, "_regexp", None), "Match", None)
    return own if own is not None and _agrees(own) else _public(pattern)


def _agrees(own: Raw) -> bool:
    """Whether `own` takes what it is given here and answers as expected."""
    try:
        spans = own(HERE, b"", 0, 0)
    except TypeError:
        return False
    return len(spans) > 0 and len(spans[0]) == 2


def _public(pattern: re2._Regexp) -> Raw:
    methods = {ANYWHERE: pattern.search, HERE: pattern.match, ALL: pattern.fullmatch}

    def ask(anchor: object, data: bytes, start: int, end: int) -> Sequence[Span]:
        match = methods[anchor](data, start, end)
        if match is None:
            return (NOWHERE,)
        return [match.span(group) for group in range(pattern.groups + 1)]

    return ask
