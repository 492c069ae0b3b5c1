"""Spans whose end is known but not yet carried out, and who can carry it out.

A stream dropped by the application is noticed by the garbage collector, at a moment when any lock of the SDK may be
held by this very thread. Whoever defers such ends registers here, so that a flush or a shutdown waits for them.
"""

from __future__ import annotations

from collections.abc import Callable


Settle = Callable[[float], bool]
"""Carries out what is deferred within so many seconds; says whether it got all done."""

_settlers: list[Settle] = []


def register(settle: Settle) -> None:
    """Have `settle` called before every flush and shutdown of a hosted provider."""
    if settle not in _settlers:
        _settlers.append(settle)


def settle(timeout_s: float) -> bool:
    """Whether everything deferred was carried out within `timeout_s` seconds."""
    return all([settler(timeout_s) for settler in _settlers])  # noqa: C419 - every one is asked, the first refusal ends nothing
