"""Which characters an engine took out, told from its output alone."""

from __future__ import annotations

import base64
import bisect
import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple


_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_TOKEN: Final = re.compile(r"\w+|\W")
_ESCAPE: Final = re.compile(r"\\+u([0-9a-fA-F]{4})")


_Characters = Sequence[tuple[str, int]]


class Taken(NamedTuple):
    """A run of characters that an engine took out, and what it called it."""

    start: int
    end: int
    kind: str


def align(text: str, output: str, kinds: Sequence[str], planted: Sequence[tuple[int, int]]) -> list[Taken]:
    """What of `text` is missing in `output`, where labels of `kinds` stand in for it.

    Among several readings (`[PHONE] [EMAIL]` has a space, and so has the phone number) the one that takes the fewest
    characters outside `planted` spans is meant.
    """
    if text == output:
        return []
    labels = re.compile("|".join(re.escape(f"[{kind.upper()}]") for kind in (*kinds, "dropped")))
    names = [match[1:-1].lower() for match in labels.findall(output)]
    gaps = _places(text, labels.split(output), planted) if names else None
    if gaps is not None:
        return [Taken(start, end, name) for (start, end), name in zip(gaps, names, strict=True)]
    # What changed in an encoding is written anew: base64 has other characters, escapes may have become characters.
    plain, places = _decoded(text)
    output, _ = _decoded(output)
    there = [(bisect.bisect_left(places, start), bisect.bisect_left(places, end)) for start, end in planted]
    names = [match[1:-1].lower() for match in labels.findall(output)]
    gaps = _places(plain, labels.split(output), there) if names else None
    if gaps is not None:
        return [Taken(places[start], places[end], name) for (start, end), name in zip(gaps, names, strict=True)]
    return [Taken(places[start], places[end], name) for start, end, name in _by_difference(plain, output, labels)]


def _decoded(text: str) -> tuple[str, list[int]]:
    """`text` with base64 and Unicode escapes decoded, and where each character (and the end) stands in `text`."""
    plain, places = _replaced(text, _BASE64, _from_base64)
    inner, more = _replaced(plain, _ESCAPE, lambda run: ((chr(int(run[-4:], 16)), 0),))
    return inner, [places[place] for place in more]


def _replaced(text: str, pattern: re.Pattern[str], decode: Callable[[str], _Characters]) -> tuple[str, list[int]]:
    """`text` with `decode` applied to what `pattern` finds, and where each character stands in `text`."""
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for match in pattern.finditer(text):
        characters = decode(match.group())
        if not characters:
            continue
        pieces += (text[last : match.start()], *(letter for letter, _ in characters))
        places += (*range(last, match.start()), *(match.start() + place for _, place in characters))
        last = match.end()
    return "".join((*pieces, text[last:])), [*places, *range(last, len(text) + 1)]


def _from_base64(run: str) -> _Characters:
    """The characters in a run of base64, each with the place of its first sextet; none when it is no UTF-8."""
    try:
        text = base64.b64decode(run, validate=True).decode("utf-8")
    except ValueError:
        return ()
    sizes = [0, *accumulate(len(letter.encode()) for letter in text)]
    return [(letter, size * 4 // 3) for letter, size in zip(text, sizes, strict=False)]


def _places(text: str, pieces: list[str], planted: Sequence[tuple[int, int]]) -> list[tuple[int, int]] | None:
    """The gaps between `pieces` in `text`, or `None` when they do not all stand there in this order."""
    if len(pieces) < 2 or not text.startswith(pieces[0]) or not text.endswith(pieces[-1]):
        return None
    outside = _outside(len(text), planted)
    # Per piece: place -> (cost so far, place of the piece before).
    columns: list[dict[int, tuple[int, int]]] = [{0: (0, -1)}]
    rest = sum(map(len, pieces)) + len(pieces) - 1
    for number, piece in enumerate(pieces[1:], 1):
        rest -= len(pieces[number - 1]) + 1
        before = [(place + len(pieces[number - 1]), cost, place) for place, (cost, _) in sorted(columns[-1].items())]
        last = number == len(pieces) - 1
        column: dict[int, tuple[int, int]] = {}
        best, origin, index = 1 << 60, -1, 0
        for place in (
            [len(text) - len(piece)] if last else _occurrences(text, piece, before[0][0] + 1, len(text) - rest)
        ):
            while index < len(before) and before[index][0] < place:
                end, cost, start = before[index]
                if cost - outside[end] < best:
                    best, origin = cost - outside[end], start
                index += 1
            if origin >= 0:
                column[place] = (best + outside[place], origin)
        if not column:
            return None
        columns.append(column)
    return _gaps(columns, pieces)


def _outside(size: int, planted: Sequence[tuple[int, int]]) -> list[int]:
    """For every place, how many characters before it are outside `planted` spans."""
    marks = [1] * size
    for start, end in planted:
        marks[start:end] = [0] * (end - start)
    return [0, *accumulate(marks)]


def _occurrences(text: str, piece: str, first: int, last: int) -> Iterator[int]:
    place = text.find(piece, first)
    while 0 <= place <= last:
        yield place
        place = text.find(piece, place + 1)


def _gaps(columns: list[dict[int, tuple[int, int]]], pieces: list[str]) -> list[tuple[int, int]]:
    place = next(iter(columns[-1]))
    starts = [place]
    for column in reversed(columns[1:]):
        place = column[place][1]
        starts.append(place)
    starts.reverse()
    return [(start + len(piece), end) for (start, end), piece in zip(pairwise(starts), pieces, strict=False)]


def _by_difference(text: str, output: str, labels: re.Pattern[str]) -> Iterator[Taken]:
    """The same for an output that is written otherwise: escapes decoded, a number turned into a string."""
    before = _TOKEN.findall(text)
    after: list[str] = []
    last = 0
    for match in labels.finditer(output):
        after += [*_TOKEN.findall(output[last : match.start()]), match.group()]
        last = match.end()
    after += _TOKEN.findall(output[last:])
    places = [0, *accumulate(map(len, before))]
    for tag, start, end, new, newer in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag in ("equal", "insert") or start == end:
            continue
        names = [token[1:-1].lower() for token in after[new:newer] if labels.fullmatch(token)]
        if names or "".join(before[start:end]) != "".join(after[new:newer]):
            yield Taken(places[start], places[end], names[0] if names else "changed")
