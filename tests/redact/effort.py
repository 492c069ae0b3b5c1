"""`Effort`: what it takes to redact a text, counted and not timed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import NamedTuple

import pytest

from spanwise.redact.heads import Heads
from spanwise.redact.matcher import Matcher
from spanwise.redact.pattern import Match, Pattern
from tests.steps import steps


class Read:
    """The bytes that searches have read while `counted` was in force, which is until `context` ends."""

    def __init__(self, context: pytest.MonkeyPatch) -> None:
        self.count = 0
        of_matcher, of_pattern, of_heads = Matcher.search, Pattern.search, Heads._found

        def places(matcher: Matcher, data: bytes, start: int = 0, end: int | None = None) -> int:
            place = of_matcher(matcher, data, start, end)
            self._read(data, start, end, place)
            return place

        def matches(pattern: Pattern, data: bytes, start: int = 0, end: int | None = None) -> Match | None:
            match = of_pattern(pattern, data, start, end)
            self._read(data, start, end, -1 if match is None else match.start())
            return match

        def words(heads: Heads, data: bytes, most: int) -> list[tuple[int, int]] | None:
            self.count += len(data)
            return of_heads(heads, data, most)

        context.setattr(Matcher, "search", places)
        context.setattr(Pattern, "search", matches)
        context.setattr(Heads, "_found", words)

    def _read(self, data: bytes, start: int, end: int | None, found: int) -> None:
        last = found if found >= 0 else len(data) if end is None else end
        self.count += max(last - start, 0)


class Effort(NamedTuple):
    """What one piece of work takes.

    Attributes:
        steps: lines of Python and calls of functions in C.
        read: bytes that searches read.
        whole: how often each method of a text of some length or more was called, but for `find`, which is told where to
            end: each may have read or copied all of it.
    """

    steps: int
    read: int
    whole: Counter[str]


def effort(work: Callable[[], object], *, length: int) -> Effort:
    """What `work` takes, of which the first call is not counted: that compiles what is needed."""
    work()
    count = steps(work)
    with pytest.MonkeyPatch.context() as context:
        read = Read(context)
        work()
        found = read.count
    return Effort(count, found, _whole(work, length))


def _whole(work: Callable[[], object], length: int) -> Counter[str]:
    called: Counter[str] = Counter()

    def note(_frame: FrameType, event: str, about: object) -> None:
        text = getattr(about, "__self__", None)
        if event == "c_call" and isinstance(text, str | bytes) and len(text) >= length:
            called[getattr(about, "__name__", "")] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    del called["find"]
    return called
