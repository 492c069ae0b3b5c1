"""`Likeness`: what the events of a stream that carry nothing but text have in common."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final


LESSONS: Final = 8
"""Events that a feed learns from. A stream whose events never repeat themselves is searched event by event."""

_LONGEST: Final = 8192
_MOST_GAPS: Final = 16
_SAID: Final = rb"content|text|delta|arguments|partial_json|thinking|reasoning|reasoning_content"
_PADDING: Final = rb"obfuscation|p"
_NUMBER: Final = rb"sequence_number|[A-Za-z]*[Tt]okenCount"
_GAP: Final = re.compile(
    rb'"(?:'
    rb'(?:%b)"\s*:\s*"(?P<said>(?:[^"\\]|\\.)*)|(?:%b)"\s*:\s*"(?P<padding>[^"\\]*)|(?:%b)"\s*:\s*(?P<number>[0-9]+)(?=[,}])'
    rb")" % (_SAID, _PADDING, _NUMBER)
)
"""Strings that a model wrote, padding (`p` is that of Amazon Bedrock), and numbers that count up."""
_TEXT: Final = "said"
_QUOTE: Final = ord('"')
_DIGITS: Final = b"0123456789"
_TO_ZERO: Final = bytes.maketrans(_DIGITS, b"0" * len(_DIGITS))
_DIGIT: Final = re.compile(rb"[0-9]")


class Likeness:
    """One event, taken apart into what stays and gaps for text, padding and numbers.

    An event that fits differs from the one that was learned inside its gaps alone. No gate of a codec looks there:
    what a model wrote can hold no quote that is not escaped. So such an event needs no search, which takes ten times as
    long, and a run of them needs to be parsed only once.
    """

    __slots__ = ("_first", "_joins", "_rest", "_size", "piece")

    piece: Callable[[bytes], bytes | None]
    """What a run has to keep of an event: its text where it says nothing else; `None` where it does not fit. 1 us."""

    def __init__(self, pieces: list[bytes], gaps: list[str]) -> None:
        self._first, self._size = pieces[0], len(pieces[0])
        self._joins = [gap == _TEXT for gap in gaps]
        self._rest: list[tuple[bytes, bytes, int, bool]] = []
        numbers = gaps.count("number")
        # Where nothing but numbers follows the text, as in each event of Gemini, most of it is compared at once.
        if len(gaps) == 1:
            self.piece = _one_text(pieces[0], pieces[1])
        elif gaps[0] == _TEXT and numbers == len(gaps) - 1 and not _DIGIT.search(b"".join(pieces[2:-1])):
            self.piece = _text_and_numbers(pieces[0], pieces[1:])
        else:
            # What a gap ends with is what the next piece begins with: a quote, or what stands behind a number.
            self._rest = [(piece[:1], piece, len(piece), piece[:1] != b'"') for piece in pieces[1:]]
            self.piece = _gaps(pieces[0], self._rest)

    @staticmethod
    def of(event: bytes) -> Likeness | None:
        """The likeness of `event`; `None` where it holds no text."""
        if len(event) > _LONGEST:
            return None
        pieces, gaps, after = [], [], 0
        for found in _GAP.finditer(event):
            gap = found.lastgroup or ""
            start, end = found.span(gap)
            gaps.append(gap)
            pieces.append(event[after:start])
            after = end
        if _TEXT not in gaps or len(gaps) > _MOST_GAPS:
            return None
        return Likeness([*pieces, event[after:]], gaps)

    def fits(self, event: bytes) -> bool:
        """Whether `event` differs from the learned one in its gaps alone."""
        return self.piece(event) is not None

    def joined(self, pieces: list[bytes], last: bytes) -> bytes:
        """One event that says what many say one after the other: their texts joined, all else as the last says it.

        Args:
            pieces: of events that fit, at least one.
            last: the last of them, whole.
        """
        if not self._rest:
            return self._first + b"".join(pieces) + last[self._size + len(pieces[-1]) :]
        gaps: list[list[bytes]] = [[] for _ in self._joins]
        for event in pieces:
            place = self._size
            for gap, (end, _, size, _) in zip(gaps, self._rest, strict=True):
                until = event.find(end, place)
                gap.append(event[place:until])
                place = until + size
        said = [b"".join(gap) if joins else gap[-1] for gap, joins in zip(gaps, self._joins, strict=True)]
        return self._first + b"".join([gap + rest[1] for gap, rest in zip(said, self._rest, strict=True)])


class Run(list[bytes]):
    """Events that fit one likeness: the piece of each, as they came, and the last one whole."""

    __slots__ = ("last", "like")

    def __init__(self, like: Likeness) -> None:
        super().__init__()
        self.like = like
        self.last = b""

    def add(self, event: bytes) -> bool:
        """Whether `event` fits, and is the last of the run now."""
        piece = self.like.piece(event)
        if piece is None:
            return False
        self.append(piece)
        self.last = event
        return True

    def event(self) -> bytes:
        """All of them as one; nothing where there is none."""
        return self.like.joined(self, self.last) if self else b""


def _one_text(first: bytes, last: bytes) -> Callable[[bytes], bytes | None]:
    """Finds the text of an event between `first` and `last`."""
    size, until, least = len(first), -len(last), len(first) + len(last)

    def piece(event: bytes) -> bytes | None:
        # Slices take two thirds of the time of methods that are told where to look.
        if event[until:] != last or event[:size] != first:
            return None
        text = event[size:until]
        # Where there is no text, `first` and `last` may share a quote.
        return None if _QUOTE in text or (not text and len(event) < least) else text

    return piece


def _text_and_numbers(first: bytes, pieces: list[bytes]) -> Callable[[bytes], bytes | None]:
    """Finds the text of an event between `first` and `pieces`, which have a number between each and the next.

    Most numbers are the same in each event, and those that count seldom get another digit. So what stands behind the
    text is as long as it was before, and, but for a few bytes, the same. An event where it is not is taken apart, which
    takes five times as long, and says what to expect of the next.
    """
    size = len(first)
    changing: set[int] = set()
    before: list[bytes] = []
    # Slices that are there already take half of the time of those that are made each time.
    head, said, least = slice(size), slice(0), 0
    front = counts = back = slice(0)
    same = zeros = rest = b"?"

    def piece(event: bytes) -> bytes | None:
        if event[back] != rest or event[front] != same or event[counts].translate(_TO_ZERO) != zeros:
            return anew(event)
        if event[head] != first:
            return None
        text = event[said]
        return None if _QUOTE in text or (not text and len(event) < least) else text

    def anew(event: bytes) -> bytes | None:
        nonlocal before, said, least, front, counts, back, same, zeros, rest
        start, end = event.find(b'"', size), len(event)
        if not event.startswith(first) or start < 0 or (places := _numbers(event, start, pieces)) is None:
            return None
        numbers = [event[place] for place in places]
        changing.update(index for index, was in enumerate(before) if numbers[index] != was)
        before = numbers
        begin = places[min(changing)].start if changing else places[-1].stop
        until = places[max(changing)].stop if changing else begin
        said, least = slice(size, start - end), size + end - start
        front, counts, back = slice(start - end, begin - end), slice(begin - end, until - end), slice(until - end, None)
        same, zeros, rest = event[front], event[counts].translate(_TO_ZERO), event[back]
        return event[size:start]

    return piece


def _numbers(event: bytes, place: int, pieces: list[bytes]) -> list[slice] | None:
    """Where the numbers of `event` are that has nothing but `pieces` from `place` on, with numbers between them."""
    found = []
    for piece, following in pairwise(pieces):
        place += len(piece)
        until = event.find(following[:1], place)
        if until < 0 or event[place - len(piece) : place] != piece or not event[place:until].isdigit():
            return None
        found.append(slice(place, until))
        place = until
    return found if event[place:] == pieces[-1] else None


def _gaps(first: bytes, pieces: list[tuple[bytes, bytes, int, bool]]) -> Callable[[bytes], bytes | None]:
    """Finds whether an event has all `pieces` behind `first`, and what a gap may hold in between: all of it is kept."""
    skip = len(first)

    def whole(event: bytes) -> bytes | None:
        if not event.startswith(first):
            return None
        place = skip
        for end, piece, size, is_number in pieces:
            begin, place = place, event.find(end, place)
            if place < 0 or not event.startswith(piece, place):
                return None
            if is_number and not event[begin:place].isdigit():
                return None
            place += size
        return event if place == len(event) else None

    return whole
