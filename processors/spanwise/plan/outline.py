"""The outline of a policy: every key there is, written down by the readers that read it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from spanwise.policy.entry import Entry, Kind
from spanwise.policy.recorder import Recorder


Keys: TypeAlias = tuple[str, ...]
"""Keys from the top of a policy down; `NAME` for a name that users give."""


class Line(NamedTuple):
    """One key of the outline, with its place."""

    keys: Keys
    dotted: str
    """As people write it: `budgets[].limit_usd`, `redact.actions.NAME`."""
    entry: Entry


@functools.cache
def outline() -> Recorder:
    """The keys of a whole policy. Costs some ten milliseconds at the first call."""
    from spanwise.plan.plan import Plan

    recorder = Recorder()
    Plan.read(recorder)
    return recorder


def lines(recorder: Recorder | None = None, keys: Keys = (), place: str = "") -> Iterator[Line]:
    """Every key, parents before their children, in the order in which they are read."""
    for key, entry in (recorder or outline()).entries.items():
        dotted = f"{place}.{key}" if place else key
        yield Line((*keys, key), dotted, entry)
        if entry.inner is not None:
            inner = f"{dotted}[]" if entry.kind is Kind.SECTIONS else dotted
            yield from lines(entry.inner, (*keys, key), inner)
