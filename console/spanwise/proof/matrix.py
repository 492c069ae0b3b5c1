"""`Matrix`: which sink saw which planted value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Leak(NamedTuple):
    """A planted value that a sink saw. What the value was is not told.

    Attributes:
        sink: Where it was seen.
        carrier: Where it was planted.
        disguise: How it was hidden there; empty when it was not.
        family, kind, rule: What it is, and the rule whose example it was made from.
    """

    sink: str
    carrier: str
    disguise: str
    family: str
    kind: str
    rule: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One place where telemetry arrived.

    Attributes:
        sink: Its name.
        size_bytes: How much arrived.
        expected, arrived: Plantings that could arrive there, and those whose mark did.
    """

    sink: str
    size_bytes: int
    expected: int
    arrived: int

    @property
    def is_complete(self) -> bool:
        """Whether so much arrived that the silence of this sink says something."""
        return self.arrived >= self.expected


@dataclass(frozen=True, slots=True)
class Matrix:
    """What a self-test found.

    Attributes:
        planted: Values that were planted.
        families: Families of values, in order.
        kinds, carriers, rules: How many of each were planted.
        unmade: Kinds of which no new value could be made.
        seen: Every sink, in order.
        leaks: What they saw.
        seconds: How long it took.
    """

    planted: int
    families: Sequence[str]
    kinds: int
    carriers: int
    rules: int
    unmade: Sequence[str]
    seen: Sequence[Seen]
    leaks: Sequence[Leak]
    seconds: float = 0.0
    counts: Mapping[tuple[str, str], int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", Counter((leak.sink, leak.family) for leak in self.leaks))

    @property
    def ok(self) -> bool:
        """Whether no sink saw a value and every sink saw what it should."""
        return not self.leaks and all(seen.is_complete for seen in self.seen)

    def count(self, sink: str, family: str) -> int:
        """Values of `family` that `sink` saw."""
        return self.counts.get((sink, family), 0)
