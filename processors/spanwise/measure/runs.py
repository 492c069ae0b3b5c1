"""`Runs`: the calls that belong to the run of an agent that has not ended yet."""

from __future__ import annotations

from itertools import count
from typing import Final, NamedTuple, TypeAlias


Key: TypeAlias = tuple[int, int]
"""Trace and span."""

Made: TypeAlias = dict[Key, list[int]]

INFERENCE: Final = 1
TOOL: Final = 1 << 32
"""Calls are added up in one number: inference calls below, tool calls above."""

_LOW: Final = TOOL - 1
_MOST_PARENTS: Final = 8192
_MOST_ITEMS: Final = 512
_FOLDED: Final = 64


class Calls(NamedTuple):
    """What one run of an agent has called."""

    inference: int
    tool: int


class Runs:
    """Counts calls up the tree of a trace: a span that ends hands what was called below it to its parent.

    A run of an agent keeps what arrives at it, so each call is counted once, in the run of the agent that made it, and
    never in a run around that. Children end before their parents, so nothing but numbers is held: by open span, of
    which at most 8192 are remembered (about 200 bytes each), the longest untouched being forgotten first. What ends
    after its agent, and what a forgotten span held, is in no run.

    Takes no lock, because a span may end in a finaliser: one operation of a dict or a list is whole.
    """

    def __init__(self, most: int = _MOST_PARENTS) -> None:
        self._half = max(most // 2, 1)
        self._generations: tuple[Made, Made] = ({}, {})
        self._arrivals = count(1)

    def pass_on(self, trace_id: int, span_id: int, parent_span_id: int, own: int = 0) -> None:
        """A span has ended that is no run of an agent; `own` is what it is itself. Under 0.3 us for most spans."""
        young, old = self._generations
        key = (trace_id, span_id)
        made = own + (self._taken(key) if key in young or key in old else 0)
        if made and parent_span_id:
            self._give((trace_id, parent_span_id), made)

    def close(self, trace_id: int, span_id: int) -> Calls:
        """A run of an agent has ended: what it called itself."""
        made = self._taken((trace_id, span_id))
        return Calls(made & _LOW, made >> 32)

    def _taken(self, key: Key) -> int:
        young, old = self._generations
        return sum(young.pop(key, ())) + sum(old.pop(key, ()))

    def _give(self, key: Key, made: int) -> None:
        young, old = self._generations
        items = young.get(key)
        if items is None:
            if next(self._arrivals) % self._half == 0:
                young, old = self._generations = ({}, young)
            items = young.setdefault(key, [])
            # What was touched again is young again.
            items.extend(old.pop(key, ()))
        items.append(made)
        if len(items) > _MOST_ITEMS:
            # So many spare items that threads which fold at once find enough of them.
            items.append(sum(items.pop() for _ in range(_FOLDED)))
