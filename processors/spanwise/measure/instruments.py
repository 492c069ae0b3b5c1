"""Instruments made at first use, by their descriptor."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import Final, TypeAlias

from opentelemetry import metrics as metrics_api
from opentelemetry.metrics import Counter, Histogram, Meter

from spanwise.semconv import instrument as make
from spanwise.semconv.metrics import Instrument
from spanwise.semconv.schema import SCHEMA_URL


Labels: TypeAlias = Mapping[str, str | int]

_Held: TypeAlias = tuple[Instrument, float, Labels]

_MOST_HELD: Final = 4096
_PATIENCE_S: Final = 1.0


class Instruments:
    """The histograms and counters of one meter, with the convention's bucket advice.

    What is added to counters can be held back and added up until somebody collects: 0.3 us instead of 10 or more on the
    thread that ends a span. Whoever asks for that calls `flush` before each collection.
    """

    def __init__(self) -> None:
        self._histograms: dict[str, Histogram] = {}
        self._counters: dict[str, Counter] = {}
        self._holds = False
        # One operation of a deque is whole, so threads that end spans take no lock; only one at a time empties it.
        self._held: deque[_Held] = deque()
        self._emptying = threading.Lock()

    def record(self, instrument: Instrument, value: float, labels: Labels) -> None:
        """Record `value` in the histogram that `instrument` describes."""
        histogram = self._histograms.get(instrument.name)
        if histogram is None:
            histogram = make.histogram(_meter(), instrument)
            self._histograms[instrument.name] = histogram
        histogram.record(value, labels)

    def add(self, instrument: Instrument, value: float, labels: Labels) -> None:
        """Add `value` to the counter that `instrument` describes; `labels` is not changed afterwards."""
        # Made now, also when it is added to later: a provider that shuts down collects, and makes no meter any more.
        counter = self._counters.get(instrument.name) or self._counter(instrument)
        if not self._holds:
            counter.add(value, labels)
            return
        self._held.append((instrument, value, labels))
        if len(self._held) >= _MOST_HELD and self._emptying.acquire(blocking=False):
            self._empty()

    def hold(self, *, held: bool) -> None:
        """Whether counters wait for `flush` from now on."""
        self._holds = held
        if not held:
            self.flush()

    def flush(self) -> None:
        """Hand on what is held. A lock that a fork left behind is not waited for."""
        if self._held and self._emptying.acquire(timeout=_PATIENCE_S):
            self._empty()

    def _empty(self) -> None:
        """Add up what is held and hand it on; lets go of the lock."""
        try:
            for instrument, value, labels in self._sums():
                self._counters[instrument.name].add(value, labels)
        finally:
            self._emptying.release()

    def _sums(self) -> list[_Held]:
        sums: dict[tuple[str, frozenset[tuple[str, str | int]]], _Held] = {}
        for _ in range(len(self._held)):
            instrument, value, labels = self._held.popleft()
            key = (instrument.name, frozenset(labels.items()))
            before = sums[key][1] if key in sums else 0
            sums[key] = (instrument, before + value, labels)
        return list(sums.values())

    def _counter(self, instrument: Instrument) -> Counter:
        made = self._counters[instrument.name] = make.counter(_meter(), instrument)
        return made


def _meter() -> Meter:
    return metrics_api.get_meter("spanwise.measure", schema_url=SCHEMA_URL)
