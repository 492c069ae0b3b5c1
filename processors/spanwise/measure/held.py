"""`Held`: measurements that wait for a thread that has time for them."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from opentelemetry.context import Context
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from spanwise.record import SpanRecord


Labels: TypeAlias = Mapping[str, str | int]

Place: TypeAlias = tuple[int, int, int]
"""Trace id, span id and flags of the span that is measured: what an exemplar names."""

_Measurement: TypeAlias = tuple[Counter | Histogram, float, Labels, Place | None]

_MOST_CALLS: Final = 1024
_MOST_VALUES: Final = 4096
_WORTH_IT: Final = 32
_AT_ONCE: Final = 8
_PATIENCE_S: Final = 1.0


class Held:
    """What is to be measured and what was measured, until a thread has time for it: 1 us for a call instead of 100.

    A call waits as a whole; what is recorded of others waits value by value. Whoever collects calls `flush` before;
    whoever cleans spans calls `relieve`, which is another thread than the application's wherever spans leave in
    batches. Where neither happens for long, the threads that end spans hand on a few of the oldest at a time.
    Increments of one counter with the same labels are added up.
    """

    def __init__(self) -> None:
        # One operation of a deque is whole, so threads that end spans take no lock; only one at a time empties them.
        self._calls: deque[Callable[[], None]] = deque()
        self._values: deque[_Measurement] = deque()
        self._emptying = threading.Lock()

    def __len__(self) -> int:
        return len(self._calls) + len(self._values)

    def later(self, call: Callable[[], None]) -> None:
        """Have `call`, which measures one span, carried out later."""
        self._calls.append(call)
        if len(self._calls) >= _MOST_CALLS and self._emptying.acquire(blocking=False):
            self._empty(_AT_ONCE, len(self._values))

    def put(self, instrument: Counter | Histogram, value: float, labels: Labels, place: Place | None = None) -> None:
        """Have `value` added or recorded later; `labels` is not changed afterwards."""
        self._values.append((instrument, value, labels, place))
        if len(self._values) >= _MOST_VALUES and self._emptying.acquire(blocking=False):
            self._empty(0, 8 * _AT_ONCE)

    def relieve(self) -> None:
        """Hand on what is held if that is much and nobody else does it: for threads with time."""
        if max(len(self._calls), len(self._values) // 8) >= _WORTH_IT and self._emptying.acquire(blocking=False):
            self._empty(len(self._calls))

    def flush(self) -> bool:
        """Whether what is held was handed on. A lock that somebody holds for long is not waited for.

        Raises what a call raises; that call is then no longer held.
        """
        if not self:
            return True
        if not self._emptying.acquire(timeout=_PATIENCE_S):
            return False
        self._empty(len(self._calls))
        return True

    def _empty(self, calls: int, values: int | None = None) -> None:
        """Hand on so many of the oldest, all values if not said otherwise, and let go of the lock."""
        try:
            for _ in range(min(calls, len(self._calls))):
                self._calls.popleft()()
            self._hand_on(len(self._values) if values is None else min(values, len(self._values)))
        finally:
            self._emptying.release()

    def _hand_on(self, values: int) -> None:
        sums: dict[tuple[int, frozenset[tuple[str, str | int]]], tuple[Counter, float, Labels]] = {}
        for _ in range(values):
            instrument, value, labels, place = self._values.popleft()
            if isinstance(instrument, Histogram):
                instrument.record(value, labels, around(place))
                continue
            key = id(instrument), frozenset(labels.items())
            before = sums[key][1] if key in sums else 0
            sums[key] = instrument, before + value, labels
        for counter, value, labels in sums.values():
            counter.add(value, labels)

    def _after_fork(self) -> None:
        self._emptying = threading.Lock()


def around(place: Place | None) -> Context | None:
    """The context of the span that is measured, for its exemplar; `None`, the current one, when it is not known."""
    if place is None:
        return None
    trace_id, span_id, flags = place
    if not flags & TraceFlags.SAMPLED:
        return Context()
    span = SpanContext(trace_id, span_id, is_remote=False, trace_flags=TraceFlags(flags & 0xFF))
    return set_span_in_context(NonRecordingSpan(span), Context())


def place_of(span: SpanRecord) -> Place:
    """What an exemplar says of `span`."""
    return span.trace_id, span.span_id, span.flags


HELD: Final = Held()
"""The one of the process: what waits outlives the pipeline that measured it."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=HELD._after_fork)
