"""One text: what is taken out of it, and what is left."""

from __future__ import annotations

import functools
from collections import Counter
from typing import Final, NamedTuple

import re2

from spanwise.redact.fold import Folded, needs_folding
from spanwise.redact.kinds import label
from spanwise.redact.scanner import Budget, Scanner


_ROUNDS: Final = 4
SHORTEST: Final = 6
"""Characters of the shortest value: a@b.co."""

_LONGEST_CONTEXT: Final = 64
_CONTEXT: Final = re2.compile(rb"(?i)phone|mobile|tel|cell|fax|sms|whatsapp|msisdn|ssn|social|secret")


class Found(NamedTuple):
    """A text without its values, and how many of each kind were taken out."""

    text: str
    kinds: dict[str, int]


def redact_text(scanner: Scanner, text: str, kinds: Counter[str], budget: Budget, context: str = "") -> str:
    """`text` with labels in place of values, counted in `kinds`; the same object when there is nothing to take out.

    `context` is the key the text stands under: it can make nine digits a social security number.
    A label can bring two neighbours into a new light, so the search is repeated until it finds nothing.

    Raises:
        Exhausted: when there are more candidates than `budget` has left.
    """
    if len(text) < SHORTEST:
        return text
    prefix = context_prefix(context)
    data = prefix + text.encode("utf-8", "surrogatepass")
    ascii_only = len(data) == len(prefix) + len(text)
    changed = False
    for _ in range(_ROUNDS):
        replaced = _once(scanner, data, len(prefix), budget, may_fold=not ascii_only)
        if replaced is None:
            break
        data, changed = replaced[0], True
        kinds.update(replaced[1])
    return data[len(prefix) :].decode("utf-8", "surrogatepass") if changed else text


@functools.lru_cache(maxsize=1024)
def context_prefix(context: str) -> bytes:
    """`context` as it stands before a value, when it holds a word that some rule looks for."""
    if not context:
        return b""
    data = context[-_LONGEST_CONTEXT:].encode("utf-8", "surrogatepass")
    return data + b": " if _CONTEXT.search(data) else b""


def _once(
    scanner: Scanner, data: bytes, floor: int, budget: Budget, *, may_fold: bool
) -> tuple[bytes, list[str]] | None:
    """`data` with labels for what stands behind `floor`, and the kinds of it; `None` when there is nothing."""
    folded = Folded(data) if may_fold and needs_folding(data) else None
    pieces: list[bytes] = []
    kinds: list[str] = []
    last = floor
    for hit in scanner.hits(folded.data if folded else data, budget):
        start, end = (folded.original(hit.start), folded.original(hit.end)) if folded else (hit.start, hit.end)
        if end > floor:
            pieces += (data[last : max(start, last)], label(hit.kind).encode())
            kinds.append(hit.kind)
            last = end
    return (b"".join((data[:floor], *pieces, data[last:])), kinds) if pieces else None
