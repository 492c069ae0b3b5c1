"""`Condition`: the state of one alert for one group of labels, and how it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias


Key: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""A rule and sorted labels."""

INACTIVE: Final = "inactive"
PENDING: Final = "pending"
FIRING: Final = "firing"
RESOLVED: Final = "resolved"

KEEP_FIRING_S: Final = 300
"""Seconds for which it must not hold any more before it counts as resolved, so that it does not flap."""

GAP_S: Final = 600
"""Seconds without evaluation after which what was pending, or calm, begins anew: nobody knows what was meanwhile."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One alert for one group of labels. Times are seconds since 1970.

    Attributes:
        rule: The key of the rule.
        labels: The labels of the group and of the rule.
        state: `pending`, `firing` or `resolved`; what is inactive is not kept.
        since_s: When it came into this state.
        started_s: When it began to hold.
        held_s: When it held last.
        seen_s: When it was evaluated last.
        value: The value when it held last.
        told: `firing` or `resolved`, which a receiver has taken last; empty for neither.
        told_s: When that was.
        failures: How often telling it failed since it was told last.
        next_s: The earliest moment at which it is told again after failures.
    """

    rule: str
    labels: Mapping[str, str]
    state: str
    since_s: float
    started_s: float
    held_s: float
    seen_s: float
    value: float
    told: str = ""
    told_s: float = 0.0
    failures: int = 0
    next_s: float = 0.0

    @property
    def key(self) -> Key:
        """What tells it from others."""
        return self.rule, tuple(sorted(self.labels.items()))


def begun(rule: str, labels: Mapping[str, str], *, value: float, hold_s: int, now_s: float) -> Condition:
    """A condition that holds for the first time."""
    state = PENDING if hold_s > 0 else FIRING
    return Condition(rule, labels, state, now_s, now_s, now_s, now_s, value)


def advanced(old: Condition, *, holds: bool, value: float | None, hold_s: int, now_s: float) -> Condition | None:
    """The condition after one more evaluation; `None` when there is nothing left to remember.

    What holds for `hold_s` fires. What fires is resolved once it has not held for five minutes; until then it fires.
    A condition that was resolved and holds again begins anew.
    """
    if holds:
        return _held(replace(old, value=old.value if value is None else value), hold_s, now_s)
    if old.state == PENDING:
        # An earlier ringing whose end was never told ends now.
        return replace(old, state=RESOLVED, since_s=now_s, seen_s=now_s) if old.told == FIRING else None
    if old.state == FIRING and now_s - old.seen_s > GAP_S:
        # Nobody knows when it ended: the five minutes begin now.
        return replace(old, held_s=now_s, seen_s=now_s)
    if old.state == FIRING and now_s - old.held_s >= KEEP_FIRING_S:
        return replace(old, state=RESOLVED, since_s=now_s, seen_s=now_s)
    return replace(old, seen_s=now_s)


def _held(old: Condition, hold_s: int, now_s: float) -> Condition:
    if old.state == FIRING:
        return replace(old, held_s=now_s, seen_s=now_s)
    if old.state == RESOLVED:
        fresh = begun(old.rule, old.labels, value=old.value, hold_s=hold_s, now_s=now_s)
        # Its end may not have been told: then nobody needs to hear that it goes on.
        return replace(fresh, told=old.told, told_s=old.told_s, failures=old.failures, next_s=old.next_s)
    if now_s - old.seen_s > max(GAP_S, hold_s):
        return replace(old, since_s=now_s, started_s=now_s, held_s=now_s, seen_s=now_s)
    if now_s - old.started_s >= hold_s:
        return replace(old, state=FIRING, since_s=now_s, held_s=now_s, seen_s=now_s)
    return replace(old, held_s=now_s, seen_s=now_s)
