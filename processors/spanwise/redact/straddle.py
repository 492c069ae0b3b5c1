"""Values that were cut in two by the border between two texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from spanwise.redact.budget import Budget
from spanwise.redact.fold import needs_folding
from spanwise.redact.scanner import Hit, Scanner
from spanwise.redact.tally import Tally
from spanwise.redact.text import Dropped, Sight, behind_disguises, replaced


def without_straddling(scanner: Scanner, texts: Sequence[str], tally: Tally, budget: Budget) -> list[str] | None:
    """`texts` without the values that stand across a border of two of them; `None` when there are none.

    What stands in for a value goes where the value began. Values inside one text are left to whoever reads that text.

    Raises:
        Exhausted: when there are more candidates than `budget` has left, or its time is over.
        Dropped: when a value was found whose text may not stay.
    """
    pieces = [text.encode("utf-8", "surrogatepass") for text in texts]
    joined = b"".join(pieces)
    if not scanner.suspects(joined):
        return None
    borders = [0, *accumulate(map(len, pieces))]
    sights = [Sight(joined, 0, hit) for hit in scanner.hits(joined, budget)]
    crossing = [sight for sight in sights if _crosses(sight, borders)]
    if not crossing and needs_folding(joined):
        crossing = [sight for sight in behind_disguises(scanner, joined, budget) if _crosses(sight, borders)]
    if not crossing:
        return None
    clean = list(pieces)
    for sight in reversed(crossing):
        for index, before, after in _shares(sight.span(), borders):
            piece = clean[index]
            stands = b""
            if borders[index] <= sight.span()[0]:
                found = replaced(sight.data[sight.hit.start : sight.hit.end], [_moved(sight.hit)], tally)
                if found is None:
                    raise Dropped
                stands = found
            clean[index] = piece[:before] + stands + piece[after:]
    return [piece.decode("utf-8", "replace") for piece in clean]


def _moved(hit: Hit) -> Hit:
    return hit._replace(start=0, end=hit.end - hit.start)


def _crosses(sight: Sight, borders: Sequence[int]) -> bool:
    first, last = sight.span()
    return any(first < border < last for border in borders)


def _shares(span: tuple[int, int], borders: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Which piece holds which part of the bytes `span`: its number, and the part's place in it."""
    for index, (start, end) in enumerate(pairwise(borders)):
        before, after = max(span[0], start), min(span[1], end)
        if before < after:
            yield index, before - start, after - start
