"""The parts on their own: the comparison of two spans, and the order in which threads see each other."""

from __future__ import annotations

from typing import Any

from spanwise.dedupe.evidence import evidence
from spanwise.dedupe.memory import Memory
from spanwise.dedupe.sighting import Sighting
from tests.dedupe.sample import OFFICIAL, SECOND, UNIQUE, call


WINDOW = 60 * SECOND


def sight(span_id: int, **changes: Any) -> Sighting:
    """What is remembered of a call; `changes` as in `call`."""
    return Sighting(call(span_id, **changes), "chat")


def test_evidence_is_symmetric() -> None:
    """Two spans are one call whichever is asked about the other."""
    one = sight(1, parent=9)
    for other, reason in (
        (sight(2, parent=9, scope=OFFICIAL), "overlap"),
        (sight(2, parent=1, scope=OFFICIAL), "nested"),
        (sight(2, parent=9), None),
        (sight(2, parent=1), None),
        (sight(2, parent=8, scope=OFFICIAL), None),
    ):
        assert evidence(one, other, WINDOW) == evidence(other, one, WINDOW) == reason


def test_roots_are_no_neighbours() -> None:
    """Spans without a parent do not have one in common."""
    assert evidence(sight(1), sight(2, scope=OFFICIAL), WINDOW) is None


def test_a_pair_meets_in_one_place() -> None:
    """Spans that share an id and a parent find each other by the id alone, so that only one of two sees the other."""
    memory = Memory(10)
    first = sight(1, parent=9, gen_ai__response__id=UNIQUE)
    second = sight(2, parent=9, scope=OFFICIAL, gen_ai__response__id=UNIQUE)
    third = sight(3, parent=9, scope="a")
    assert memory.remember(first) == []
    assert memory.remember(second) == [first]
    assert memory.remember(third) == [second, first]


class Overtaken(list[Sighting]):
    """A list into which another thread puts `other` right after any span."""

    other = sight(99)

    def append(self, sighting: Sighting, /) -> None:
        super().append(sighting)
        super().append(self.other)


def test_a_thread_that_came_later_is_not_seen() -> None:
    """Of two spans that arrive at once the later sees the earlier, and the earlier not the later."""
    memory = Memory(10)
    earlier, mine = sight(1, gen_ai__response__id=UNIQUE), sight(2, gen_ai__response__id=UNIQUE)
    bucket = Overtaken()
    list.append(bucket, earlier)
    memory._generations[0][UNIQUE] = bucket
    assert memory.remember(mine) == [earlier]
    assert bucket[-1] is Overtaken.other
