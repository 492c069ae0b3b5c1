"""The time a text takes grows with its length, and no text takes many times as long as others of its length."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Final

from spanwise.redact import RedactConfig, Redactor
from tests.fuzz.broken import Broken
from tests.fuzz.pieces import every_example, hidden, in_json, piece


_MOST: Final = 150
"""So many times the time of ordinary text full of values is too much. Numbers that look like telephones, each asked of
the plans of thirty countries, take up to 100 times as long, at any length."""

_GROWTH: Final = 2.0
"""Each byte of four times the text may take so many times as long: caches and clocks cost something. It would be 4 in
quadratic time."""

_SMALL: Final = 4_000
_LARGE: Final = 64_000
_SECONDS: Final = 60.0
_NOISE_S: Final = 0.02

# The time bound of the engine would hide what is looked for.
ENGINE: Final = Redactor(RedactConfig(max_span_bytes=16 << 20, max_span_s=_SECONDS))


def hostile(chance: Random) -> None:
    """Repeats of fragments, near misses, nested encodings: linear time, and not much of it."""
    text = _hostile(chance)
    cost_s = spent_s(text)
    if cost_s < _NOISE_S + _MOST * _expected_s(len(text.encode("utf-8", "surrogatepass"))):
        return
    cost_s = min(cost_s, spent_s(text))  # once more: another process may have had the processor
    expected_s = _expected_s(len(text.encode("utf-8", "surrogatepass")))
    if cost_s >= _NOISE_S + _MOST * expected_s:
        raise Broken("time per byte is bounded", text, detail=f"{cost_s / expected_s:.0f} times as long")


def growing(chance: Random) -> None:
    """The same fragment, repeated four times as often, takes about four times as long."""
    fragment = _fragment(chance)
    if fragment and grows(fragment):
        raise Broken("time is linear", fragment)


def grows(fragment: str) -> bool:
    """Whether repeats of `fragment` take the longer for each byte the more there are, and do so again and again."""
    often = ((1, 4), 1), ((4, 16), 3), ((1, 4, 16), 5)
    return all(_grows(fragment, factors, tries=tries) for factors, tries in often)


def _grows(fragment: str, factors: Sequence[int], *, tries: int) -> bool:
    """Whether each of so many times the text takes much longer than the one before it, per byte."""
    times = max(1, _SMALL // len(fragment))
    costs_s = [min(spent_s(fragment * (times * factor)) for _ in range(tries)) / factor for factor in factors]
    return costs_s[-1] * factors[-1] > _NOISE_S and all(more > _GROWTH * less for less, more in pairwise(costs_s))


def spent_s(text: str) -> float:
    """Seconds of the processor that redacting `text` takes.

    Raises:
        Broken: it raised.
    """
    start_s = time.thread_time()
    error = raised(text)
    if error:
        raise Broken(f"no exception, but {error}", text, lambda shorter: raised(shorter) == error)
    return time.thread_time() - start_s


def raised(text: str) -> str:
    """The class of the exception that redacting `text` ends in; empty when it does not."""
    try:
        ENGINE.find(text)
    except Exception as error:
        return type(error).__name__
    return ""


def _hostile(chance: Random) -> str:
    fragment = _fragment(chance)
    text = fragment * max(1, chance.randrange(1, _LARGE) // max(1, len(fragment)))
    kind = chance.randrange(6)
    if kind == 0:
        text = hidden(text[: _LARGE // 4], chance)
    elif kind == 1:
        for _ in range(chance.randrange(1, 4)):
            text = in_json(text[:_LARGE], chance)
    elif kind == 2:
        text = "".join(piece(chance) for _ in range(chance.randrange(400)))
    return text[: 4 * _LARGE]


def _fragment(chance: Random) -> str:
    parts = [piece(chance) for _ in range(chance.randrange(1, 4))]
    if chance.randrange(4) == 0:
        parts.append(hidden(piece(chance), chance))
    return "".join(parts)[: chance.randrange(1, 200)]


def _expected_s(size: int) -> float:
    return size * _rate_s()


@functools.cache
def _rate_s() -> float:
    """Seconds per byte of text that is full of values, as measured here and now: every example of every rule."""
    text = "\n".join(example.text for example in every_example()[::7])
    spent_s(text)
    return min(spent_s(text) for _ in range(3)) / len(text.encode())
