"""`Pattern`: an RE2 pattern over bytes that is cheap to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spanwise.redact.matcher import ALL, ANYWHERE, HERE, NOWHERE, Asked, Span


class Match(NamedTuple):
    """Where a pattern and its groups stand in `data`."""

    data: bytes
    spans: Sequence[Span]

    def span(self, group: int = 0) -> Span:
        """The place of the match, or of a group; (-1, -1) for a group that took no part."""
        return self.spans[group]

    def start(self, group: int = 0) -> int:
        """Where the match, or a group, begins."""
        return self.spans[group][0]

    def end(self, group: int = 0) -> int:
        """Where the match, or a group, ends."""
        return self.spans[group][1]

    def group(self, group: int = 0) -> bytes:
        """The bytes of the match, or of a group; empty for one that took no part."""
        start, end = self.spans[group]
        return self.data[start:end] if start >= 0 else b""


class Pattern(Asked):
    """One pattern over bytes, with the methods of `re`."""

    __slots__ = ()

    def search(self, data: bytes, start: int = 0, end: int | None = None) -> Match | None:
        """The first match between `start` and `end`."""
        return self._match(ANYWHERE, data, start, end)

    def match(self, data: bytes, start: int = 0, end: int | None = None) -> Match | None:
        """The match that begins at `start`."""
        return self._match(HERE, data, start, end)

    def fullmatch(self, data: bytes, start: int = 0, end: int | None = None) -> Match | None:
        """The match that is all between `start` and `end`."""
        return self._match(ALL, data, start, end)

    def finditer(self, data: bytes) -> Iterator[Match]:
        """All matches in order, without overlap. An empty match counts for nothing."""
        place = 0
        while (found := self.search(data, place)) is not None:
            if found.end() > found.start():
                yield found
            place = max(found.end(), found.start() + 1)
            if place > len(data):
                return

    def without(self, data: bytes) -> bytes:
        """`data` without its matches."""
        pieces: list[bytes] = []
        last = 0
        for found in self.finditer(data):
            pieces.append(data[last : found.start()])
            last = found.end()
        return b"".join((*pieces, data[last:]))

    def _match(self, anchor: object, data: bytes, start: int, end: int | None) -> Match | None:
        last = len(data) if end is None or end > len(data) else end
        if start > last:
            return None
        spans = self._raw(anchor, data, start, last)
        return None if spans[0] == NOWHERE else Match(data, spans)


def compiled(text: bytes) -> Pattern:
    """The pattern that `text` says, in linear time; one byte is one character."""
    return Pattern(text)
