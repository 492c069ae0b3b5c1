"""`Likeness`: what the events of a stream that carry nothing but text have in common."""

from __future__ import annotations

import re
from collections.abc import Callable
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

    __slots__ = ("_first", "_is_counted", "_joins", "_rest", "_size", "fits")

    fits: Callable[[bytes], bool]
    """Whether an event differs from the learned one in its gaps alone; about 1 us."""

    def __init__(self, pieces: list[bytes], joins: list[bool]) -> None:
        self._first, self._size = pieces[0], len(pieces[0])
        self._joins = joins
        # What a gap ends with is what the next piece begins with: a quote, or what stands behind a number.
        self._rest = [(piece[:1], piece, len(piece), piece[:1] != b'"') for piece in pieces[1:]]
        # Where nothing but numbers follows the text, as in each event of Gemini, they are compared at once: what
        # stands between the first and the last of them, less its digits.
        between = b"".join(pieces[2:-1])
        is_counted = joins[0] and all(piece[:1] != b'"' for piece in pieces[2:]) and not _DIGIT.search(between)
        self._is_counted = bool(between) and is_counted
        if len(self._rest) == 1:
            self.fits = _one_text(pieces[0], pieces[1])
        elif self._is_counted:
            self.fits = _text_and_numbers(pieces[0], pieces[1], between, pieces[-1])
        else:
            self.fits = _gaps(pieces[0], self._rest)

    @staticmethod
    def of(event: bytes) -> Likeness | None:
        """The likeness of `event`; `None` where it holds no text."""
        if len(event) > _LONGEST:
            return None
        pieces, joins, after = [], [], 0
        for found in _GAP.finditer(event):
            joins.append(found.lastgroup == "said")
            start, end = found.span(found.lastgroup or 0)
            pieces.append(event[after:start])
            after = end
        if True not in joins or len(joins) > _MOST_GAPS:
            return None
        return Likeness([*pieces, event[after:]], joins)

    def joined(self, events: list[bytes]) -> bytes:
        """One event that says what `events`, which fit, say one after the other: texts joined, all else as the last."""
        if len(self._rest) == 1:
            size, until = self._size, -self._rest[0][2]
            return self._first + b"".join([event[size:until] for event in events]) + self._rest[0][1]
        if self._is_counted:
            size = self._size
            texts = [event[size : event.find(b'"', size)] for event in events]
            return self._first + b"".join(texts) + events[-1][size + len(texts[-1]) :]
        gaps: list[list[bytes]] = [[] for _ in self._joins]
        for event in events:
            place = self._size
            for gap, (end, _, size, _) in zip(gaps, self._rest, strict=True):
                until = event.find(end, place)
                gap.append(event[place:until])
                place = until + size
        said = [b"".join(gap) if joins else gap[-1] for gap, joins in zip(gaps, self._joins, strict=True)]
        return self._first + b"".join([gap + rest[1] for gap, rest in zip(said, self._rest, strict=True)])


class Run(list[bytes]):
    """Events that fit one likeness, as they came."""

    __slots__ = ("like",)

    def __init__(self, like: Likeness, first: bytes) -> None:
        super().__init__((first,))
        self.like = like

    def event(self) -> bytes:
        """All of them as one."""
        return self.like.joined(self)


def _one_text(first: bytes, last: bytes) -> Callable[[bytes], bool]:
    """Asks whether an event is a text between `first` and `last`."""
    size, until, least = len(first), -len(last), len(first) + len(last)

    def fits(event: bytes) -> bool:
        # Slices take two thirds of the time of methods that are told where to look.
        return (
            event[until:] == last and event[:size] == first and _QUOTE not in event[size:until] and len(event) >= least
        )

    return fits


def _text_and_numbers(first: bytes, after: bytes, between: bytes, last: bytes) -> Callable[[bytes], bool]:
    """Asks whether an event is a text behind `first`, then `after`, then numbers with `between` in all, then `last`."""
    size, skip, until = len(first), len(after), -len(last)
    known = zeros = b""

    def fits(event: bytes) -> bool:
        nonlocal known, zeros
        if event[:size] != first:
            return False
        rest = event[event.find(b'"', size) :]
        if rest == known:
            return True
        counts = rest[skip:until].translate(_TO_ZERO)
        if counts != zeros:
            if counts.translate(None, b"0") != between:
                return False
            zeros = counts  # A number has got another digit, which is rare; this costs three times as much.
        if rest[:skip] != after or rest[until:] != last:
            return False
        known = rest
        return True

    return fits


def _gaps(first: bytes, pieces: list[tuple[bytes, bytes, int, bool]]) -> Callable[[bytes], bool]:
    """Asks whether an event has all `pieces` behind `first`, and what a gap may hold in between."""
    skip = len(first)

    def fits(event: bytes) -> bool:
        if not event.startswith(first):
            return False
        place = skip
        for end, piece, size, is_number in pieces:
            begin, place = place, event.find(end, place)
            if place < 0 or not event.startswith(piece, place):
                return False
            if is_number and not event[begin:place].isdigit():
                return False
            place += size
        return place == len(event)

    return fits
