"""`Loops`: what the traces that run now have taken, against the guard of the policy."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from spanwise.budget.config import BLOCK
from spanwise.budget.exceeded import LOOP_GUARD, BudgetExceeded
from spanwise.budget.loop_guard import LoopGuard
from spanwise.budget.sums import EXACT, ZERO


MOST_TRACES: Final = 10_000
"""Traces that are remembered; beyond it the one that was quiet for longest begins anew."""

_logger = logging.getLogger("spanwise.budget")


@dataclass(slots=True)
class _Trace:
    calls: int = 0
    tokens: int = 0
    usd: Decimal = ZERO
    warned: set[str] = field(default_factory=set)


class Loops:
    """Counts calls when they begin, tokens and cost when they end.

    Args:
        guard: the limits.
        most_traces: traces that are remembered, about 300 bytes each.
    """

    def __init__(self, guard: LoopGuard, *, most_traces: int = MOST_TRACES) -> None:
        self._guard = guard
        self._most_traces = most_traces
        self._traces: OrderedDict[int, _Trace] = OrderedDict()
        self._lock = threading.Lock()
        _alive.add(self)

    def begin(self, trace_id: int, depth: int) -> BudgetExceeded | None:
        """Count a call that begins; why it is to be refused, or `None`. A refused call does not count.

        Args:
            trace_id: the trace that it belongs to.
            depth: steps that it stands in.
        """
        with self._lock:
            trace = self._of(trace_id)
            passed = self._passed(trace, depth)
            if passed is None or self._guard.action != BLOCK:
                trace.calls += 1
            is_news = passed is not None and passed[0] not in trace.warned
            if passed is not None:
                trace.warned.add(passed[0])
        if passed is None:
            return None
        unit, limit, spent = passed
        if self._guard.action == BLOCK:
            return BudgetExceeded(LOOP_GUARD, key={"trace": f"{trace_id:032x}"}, limit=limit, spent=spent, unit=unit)
        if is_news:
            _logger.warning("spanwise: loop guard: trace %032x has used %s of %s %s", trace_id, spent, limit, unit)
        return None

    def add(self, trace_id: int, tokens: int, usd: Decimal, *, call: bool) -> None:
        """Add what a call has taken that has ended.

        Args:
            trace_id: the trace that it belongs to.
            tokens: its tokens.
            usd: its cost in US dollars; 0 where it is not known.
            call: whether nobody counted the call when it began.
        """
        with self._lock:
            trace = self._of(trace_id)
            trace.tokens += tokens
            trace.usd = EXACT.add(trace.usd, usd)
            trace.calls += call

    def _of(self, trace_id: int) -> _Trace:
        trace = self._traces.get(trace_id)
        if trace is None:
            if len(self._traces) >= self._most_traces:
                self._traces.popitem(last=False)
            trace = self._traces[trace_id] = _Trace()
        else:
            self._traces.move_to_end(trace_id)
        return trace

    def _passed(self, trace: _Trace, depth: int) -> tuple[str, Decimal | int, Decimal | int] | None:
        """The first limit that one more call would pass: its unit, the limit, and what is used."""
        guard = self._guard
        taken: tuple[tuple[str, Decimal | int | None, Decimal | int], ...] = (
            ("calls", guard.calls, trace.calls),
            ("tokens", guard.tokens, trace.tokens),
            ("cost_usd", guard.cost_usd, trace.usd),
        )
        for unit, limit, spent in taken:
            if limit is not None and spent >= limit:
                return unit, limit, spent
        if guard.depth is not None and depth > guard.depth:
            return "depth", guard.depth, depth
        return None

    def _after_fork(self) -> None:
        self._lock = threading.Lock()


_alive: Final[weakref.WeakSet[Loops]] = weakref.WeakSet()


def _renew_locks() -> None:
    for loops in _alive:
        loops._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)
