"""`Memory`: the spans seen last, found by what they share with a new one."""

from __future__ import annotations

from itertools import count
from typing import Final, TypeAlias

from spanwise.dedupe.sighting import Sighting


Buckets: TypeAlias = dict[int | str, list[Sighting]]

_MOST_COMPARED: Final = 16
"""Spans of one bucket that a new one is compared with, the latest. A loop of a thousand calls shares one parent."""


class Memory:
    """At most `size` sightings and at least the latest half of that, under their response id and their family.

    The family of a span id is the span and its children: a pair of parent and child, or of two children, has exactly
    one in common. Two generations: a full young one becomes the old one, and what was old is forgotten.

    Takes no lock, because a span may end in a finaliser, in a signal handler or in a forked child. A list's `append`
    puts two spans that arrive at once in an order, and only the later one sees the other; so no two see each other.
    """

    def __init__(self, size: int) -> None:
        self._half = max(size // 2, 1)
        self._generations: tuple[Buckets, Buckets] = ({}, {})
        self._arrivals = count(1)

    def count_all(self) -> int:
        """Sightings held. Walks over all of them, and over a copy: other threads go on."""
        buckets = [bucket for held in self._generations for bucket in list(held.values())]
        return len({id(sighting) for bucket in buckets for sighting in list(bucket)})

    def remember(self, mine: Sighting) -> list[Sighting]:
        """Earlier sightings that may be of the same call as `mine`, the latest first; `mine` is held from now on."""
        generations = self._generations
        if next(self._arrivals) % self._half == 0:
            self._generations = ({}, generations[0])
        response_id, parent = mine.response_id, mine.parent_span_id
        found = _earlier(generations, response_id, mine) if response_id is not None else []
        family = _earlier(generations, mine.span_id, mine)
        if parent and parent != mine.span_id:
            family += _earlier(generations, parent, mine)
        if family:
            # Spans with one id are compared where they share the id: in one place, hence in one order. Those of one
            # scope are never the same call for their place alone.
            scope = mine.scope
            found += [
                other
                for other in family
                if other.scope != scope and (response_id is None or other.response_id != response_id)
            ]
        return found


def _earlier(generations: tuple[Buckets, Buckets], key: int | str, mine: Sighting) -> list[Sighting]:
    """What stood under `key` when `mine` was put there, the latest first."""
    young, old = generations
    bucket = young.setdefault(key, [])
    bucket.append(mine)
    found: list[Sighting] = []
    if (before := len(bucket) - 1) > 0:
        # Another thread may have put something behind it since.
        while bucket[before] is not mine:
            before -= 1
        found = bucket[max(before - _MOST_COMPARED, 0) : before]
        found.reverse()
    if key in old and len(found) < _MOST_COMPARED:
        found += old[key][: -_MOST_COMPARED - 1 : -1]
    return found
