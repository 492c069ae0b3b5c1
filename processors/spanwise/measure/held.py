"""`Held`: measurements that wait for a thread that has time for them."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Mapping
from typing import Final, TypeAlias

from opentelemetry.context import Context
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from spanwise.record import SpanRecord


Labels: TypeAlias = Mapping[str, str | int]

Place: TypeAlias = tuple[int, int, int]
"""Trace id, span id and flags of the span that is measured: what an exemplar names."""

_Measurement: TypeAlias = tuple[Counter | Histogram, float, Labels, Place | None]

_MOST_HELD: Final = 4096
_WORTH_IT: Final = 256
_AT_ONCE: Final = 64
_PATIENCE_S: Final = 1.0


class Held:
    """What was measured where spans end and is not in the SDK yet: 0.3 us each instead of 10 or more.

    Whoever collects calls `flush` before; whoever cleans spans calls `relieve`, which is another thread than the
    application's wherever spans leave in batches. Where neither happens for long, the threads that measure hand on 64
    of the oldest at a time. Increments of one counter with the same labels are added up.
    """

    def __init__(self) -> None:
        # One operation of a deque is whole, so threads that end spans take no lock; only one at a time empties it.
        self._waiting: deque[_Measurement] = deque()
        self._emptying = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, instrument: Counter | Histogram, value: float, labels: Labels, place: Place | None = None) -> None:
        """Have `value` added or recorded later; `labels` is not changed afterwards."""
        self._waiting.append((instrument, value, labels, place))
        if len(self._waiting) >= _MOST_HELD and self._emptying.acquire(blocking=False):
            self._empty(_AT_ONCE)

    def relieve(self) -> None:
        """Hand on what is held if that is much and nobody else does it: for threads with time."""
        if len(self._waiting) >= _WORTH_IT and self._emptying.acquire(blocking=False):
            self._empty(len(self._waiting))

    def flush(self) -> None:
        """Hand on what is held. A lock that a fork left behind is not waited for."""
        if self._waiting and self._emptying.acquire(timeout=_PATIENCE_S):
            self._empty(len(self._waiting))

    def _empty(self, most: int) -> None:
        """Hand on the oldest and let go of the lock."""
        sums: dict[tuple[int, frozenset[tuple[str, str | int]]], tuple[Counter, float, Labels]] = {}
        try:
            for _ in range(min(most, len(self._waiting))):
                instrument, value, labels, place = self._waiting.popleft()
                if isinstance(instrument, Histogram):
                    instrument.record(value, labels, around(place))
                    continue
                key = id(instrument), frozenset(labels.items())
                before = sums[key][1] if key in sums else 0
                sums[key] = instrument, before + value, labels
            for counter, value, labels in sums.values():
                counter.add(value, labels)
        finally:
            self._emptying.release()

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
