"""Counts and prices to quotes: code that is generated once per arrangement of counts, not per model.

The generated text holds nothing but place numbers: how many counts are priced, which of them are parts of which, and
which bucket each belongs to. Keys and prices come in as arguments, so no text of a price book is ever compiled, and all
models with the same arrangement share one code object.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from spanwise.cost.quote import Quote, Terms, Usage


MAX_COUNT: Final = 10**12
"""More of anything in one call is a fault of the reporter; keeps micro-dollars inside 64 bits."""

Quoting: TypeAlias = Callable[[Usage], Quote]
"""What prices usages of one shape: all of them have the same keys in the same order."""

_MOST_ARRANGEMENTS = 1024


class Line(NamedTuple):
    """One priced count: the lines that are parts of it, and the place of its bucket."""

    parts: tuple[int, ...]
    bucket: int


class Arrangement(NamedTuple):
    """How a call is added up. Parts stand before their wholes; `flat` is the bucket of what every call costs."""

    lines: tuple[Line, ...]
    buckets: int
    unpriced: int = 0
    """How many counts have no price; they must be there all the same."""
    flat: int | None = None


class Figures(NamedTuple):
    """What an arrangement is filled with: a key and a price for each line, other keys, and what every call costs."""

    keys: Sequence[str]
    prices: Sequence[int]
    others: Sequence[str]
    flat: int


def adding(arrangement: Arrangement, figures: Figures, terms: Terms, wrong: Quote) -> Quoting:
    """What quotes usages under `terms`.

    A whole is billed without its parts, so nothing is billed twice. A count below 0 or above `MAX_COUNT`, or a part
    larger than its whole, is answered with `wrong`. About 0.3 us per quote.

    What is returned raises `KeyError` for a usage that lacks one of the keys.
    """
    numbers = (*figures.keys, *figures.others, *figures.prices, figures.flat)
    made: Quoting = _compiled(arrangement)(*numbers, terms, wrong, Quote, object.__new__)
    return made


@lru_cache(maxsize=_MOST_ARRANGEMENTS)
def _compiled(arrangement: Arrangement) -> Callable[..., Any]:
    scope: dict[str, Any] = {}
    exec(compile(_source(arrangement), "<arithmetic of prices>", "exec"), scope)  # noqa: S102 - place numbers only
    make: Callable[..., Any] = scope["make"]
    return make


def _source(arrangement: Arrangement) -> str:
    lines = arrangement.lines
    others = [f"o{index}" for index in range(arrangement.unpriced)]
    arguments = [f"k{index}" for index in range(len(lines))] + others + [f"p{index}" for index in range(len(lines))]
    body = [f"    c{index} = usage[k{index}]" for index in range(len(lines))]
    body += [f"    usage[{other}]" for other in others]
    body += [f"    n{index} = {_rest(index, line)}" for index, line in enumerate(lines)]
    contained = {part for line in lines for part in line.parts}
    checks = [f"n{index} < 0" for index in range(len(lines))]
    checks += [f"c{index} > {MAX_COUNT}" for index in range(len(lines)) if index not in contained]
    if checks:
        body.append(f"    if {' or '.join(checks)}: return wrong")
    body += [f"    b{bucket} = {_sum(arrangement, bucket)}" for bucket in range(arrangement.buckets)]
    names = "".join(f"b{bucket}, " for bucket in range(arrangement.buckets))
    total = " + ".join(f"b{bucket}" for bucket in range(arrangement.buckets)) or "0"
    # What `Quote(terms, sums)` does, without a call of Python code.
    body += [
        "    quote = new(Quote)",
        "    quote.terms = terms",
        f"    quote.sums = ({total}, {names})",
        "    return quote",
    ]
    given = [*arguments, "flat", "terms", "wrong", "Quote", "new"]
    head = [f"def make({', '.join(given)}):", "  def quoting(usage):"]
    return "\n".join([*head, *body, "  return quoting", ""])


def _rest(index: int, line: Line) -> str:
    return " - ".join([f"c{index}", *(f"n{part}" for part in line.parts)])


def _sum(arrangement: Arrangement, bucket: int) -> str:
    terms = [f"n{index} * p{index}" for index, line in enumerate(arrangement.lines) if line.bucket == bucket]
    return " + ".join([*terms, *(["flat"] if arrangement.flat == bucket else [])]) or "0"
