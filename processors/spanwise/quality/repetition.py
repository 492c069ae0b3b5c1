"""Answers that turn in a loop."""

from __future__ import annotations

import zlib
from collections import Counter
from typing import Final

from spanwise.quality.check import HEURISTIC, REPETITION
from spanwise.quality.score import Score, passed


_TAIL: Final = 4_000
_LEAST: Final = 160
"""Characters below which nothing is called a loop."""
_DENSE: Final = 0.18
"""Compressed size, as a share, above which no text repeats itself enough to be searched."""
_TIMES: Final = 5
_LINE_TIMES: Final = 8
_LINE: Final = 24
_LETTERS: Final = 4


def repetition(answer: str) -> Score:
    """Whether `answer` ends in a passage said five times or more, or says a line of 24 characters eight times.

    Compression, in C, passes over nearly every answer (50 us for 4,000 characters); only what compresses to less than
    a fifth is searched, in time linear in the tail.
    """
    tail = answer[-_TAIL:]
    if len(tail) >= _LEAST:
        data = tail.encode("utf-8", "surrogatepass")
        if len(zlib.compress(data, 1)) <= _DENSE * len(data):
            if times := _loop(tail):
                reason = f"the answer ends in one passage that stands there {times} times in a row"
                return Score(REPETITION, 0.0, "loop", reason, HEURISTIC)
            if times := _lines(tail):
                return Score(REPETITION, 0.0, "loop", f"one line stands in the answer {times} times", HEURISTIC)
    return passed(REPETITION, "no passage is repeated in a row", HEURISTIC)


def _loop(text: str) -> int:
    """How often the last passage of `text` stands at its end in a row, where that is often and long enough; else 0.

    Borders of the reversed text: a beginning of length n with a border of n - p has the period p.
    """
    back = text[::-1]
    borders = [0] * len(back)
    length = best = 0
    for place in range(1, len(back)):
        while length and back[place] != back[length]:
            length = borders[length - 1]
        if back[place] == back[length]:
            length += 1
        borders[place] = length
        period = place + 1 - length
        if place + 1 >= max(_LEAST, _TIMES * period) and _has_words(back[:period]):
            best = max(best, (place + 1) // period)
    return best


def _lines(text: str) -> int:
    lines = Counter(line.strip() for line in text.splitlines() if len(line) >= _LINE and _has_words(line))
    most = lines.most_common(1)
    return most[0][1] if most and most[0][1] >= _LINE_TIMES else 0


def _has_words(passage: str) -> bool:
    """Whether a passage is more than ruling of tables and numbers."""
    letters = 0
    for character in passage:
        letters += character.isalpha()
        if letters >= _LETTERS:
            return True
    return False
