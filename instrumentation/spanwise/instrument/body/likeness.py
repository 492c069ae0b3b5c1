"""`Likeness`: what the events of a stream that carry nothing but text have in common."""

from __future__ import annotations

import re
from typing import Final


LESSONS: Final = 8
"""Events that a feed learns from. A stream whose events never repeat themselves is searched event by event."""

_LONGEST: Final = 8192
_MOST_GAPS: Final = 16
_TEXT: Final = rb'"(?:content|text|delta|arguments|partial_json|thinking|reasoning|reasoning_content)"\s*:\s*"'
_OTHER_TEXT: Final = rb'"(?:obfuscation|p)"\s*:\s*"'
_NUMBER: Final = rb'"(?:sequence_number|[A-Za-z]*[Tt]okenCount)"\s*:\s*'
_GAP: Final = re.compile(
    rb'(?P<text>%b(?P<said>(?:[^"\\]|\\.)*))|(?P<other>%b[^"\\]*)|(?P<number>%b[0-9]+)(?=[,}])'
    % (_TEXT, _OTHER_TEXT, _NUMBER)
)
"""Strings that a model wrote, padding (`p` is that of Amazon Bedrock), and numbers that count up."""
_DIGITS: Final = b"0123456789"
_TO_ZERO: Final = bytes.maketrans(_DIGITS, b"0" * len(_DIGITS))
_DIGIT: Final = re.compile(rb"[0-9]")


class Likeness:
    """One event, taken apart into what stays and gaps for text, padding and numbers.

    An event that fits differs from the one that was learned inside its gaps alone. No gate of a codec looks there:
    what a model wrote can hold no quote that is not escaped. So such an event needs no search, which takes ten times as
    long, and a run of them needs to be parsed only once.
    """

    __slots__ = ("_after", "_between", "_first", "_joins", "_last", "_rest", "_size", "_skip", "_until", "_zeros")

    def __init__(self, pieces: list[bytes], joins: list[bool]) -> None:
        self._first, self._size = pieces[0], len(pieces[0])
        self._joins = joins
        # What a gap ends with is what the next piece begins with: a quote, or what stands behind a number.
        self._rest = [(piece[:1], piece, len(piece), piece[:1] != b'"') for piece in pieces[1:]]
        # Where nothing but numbers follows the text, as in each event of Gemini, they are compared at once: what
        # stands between the first and the last of them, less its digits.
        self._after, self._last, between = pieces[1], pieces[-1], b"".join(pieces[2:-1])
        self._skip, self._until = len(self._after), -len(self._last)
        is_counted = joins[0] and all(piece[:1] != b'"' for piece in pieces[2:]) and not _DIGIT.search(between)
        self._between = between if is_counted else b""
        self._zeros = b""

    @staticmethod
    def of(event: bytes) -> Likeness | None:
        """The likeness of `event`; `None` where it holds no text."""
        if len(event) > _LONGEST:
            return None
        pieces, joins, after = [], [], 0
        for found in _GAP.finditer(event):
            joins.append(found["said"] is not None)
            start = found.start("said") if joins[-1] else _value_start(found)
            pieces.append(event[after:start])
            after = found.end()
        if True not in joins or len(joins) > _MOST_GAPS:
            return None
        return Likeness([*pieces, event[after:]], joins)

    def fits(self, event: bytes) -> bool:
        """Whether `event` differs from the learned one in its gaps alone; about 1 us."""
        if not event.startswith(self._first):
            return False
        place = self._size
        if len(self._rest) == 1:
            _, piece, size, _ = self._rest[0]
            return event.endswith(piece) and event.find(b'"', place) == len(event) - size
        if self._between:
            place = event.find(b'"', place)
            counts = event[place + self._skip : self._until].translate(_TO_ZERO)
            if counts != self._zeros:
                if counts.translate(None, b"0") != self._between:
                    return False
                self._zeros = counts  # A number has got another digit, which is rare; this costs three times as much.
            return event.startswith(self._after, place) and event.endswith(self._last)
        for end, piece, size, is_number in self._rest:
            begin, place = place, event.find(end, place)
            if place < 0 or not event.startswith(piece, place):
                return False
            if is_number and not event[begin:place].isdigit():
                return False
            place += size
        return place == len(event)

    def joined(self, events: list[bytes]) -> bytes:
        """One event that says what `events`, which fit, say one after the other: texts joined, all else as the last."""
        if len(self._rest) == 1:
            until = -self._rest[0][2]
            return self._first + b"".join([event[self._size : until] for event in events]) + self._rest[0][1]
        if self._between:
            texts = [event[self._size : event.find(b'"', self._size)] for event in events]
            return self._first + b"".join(texts) + events[-1][self._size + len(texts[-1]) :]
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


def _value_start(found: re.Match[bytes]) -> int:
    """Where the padding or the number begins."""
    whole = found[0]
    return found.end() - len(whole) + (whole.rindex(b'"') + 1 if found["other"] else len(whole.rstrip(b"0123456789")))
