"""Instruments made at first use, by their descriptor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from opentelemetry import metrics as metrics_api
from opentelemetry.metrics import Counter, Histogram, Meter

from spanwise.measure.held import HELD, Labels, Place, around
from spanwise.semconv import instrument as make
from spanwise.semconv.metrics import Instrument
from spanwise.semconv.schema import SCHEMA_URL


class Instruments:
    """The histograms and counters of one meter, with the convention's bucket advice.

    What is measured can be held back until somebody has time for it, see `Held`. Whoever asks for that calls `flush`
    before each collection.
    """

    def __init__(self) -> None:
        self._histograms: dict[str, Histogram] = {}
        self._counters: dict[str, Counter] = {}
        self.holds = False

    def record(self, instrument: Instrument, value: float, labels: Labels, place: Place | None = None) -> None:
        """Record `value` in the histogram that `instrument` describes; `labels` is not changed afterwards.

        Args:
            instrument: the descriptor.
            value: finite and not below 0.
            labels: the labels.
            place: the span that is measured, which an exemplar names; the current one if not given.
        """
        histogram = self._histograms.get(instrument.name) or self._histogram(instrument)
        if self.holds:
            HELD.put(histogram, value, labels, place)
        else:
            histogram.record(value, labels, around(place))

    def add(self, instrument: Instrument, value: float, labels: Labels) -> None:
        """Add `value` to the counter that `instrument` describes; `labels` is not changed afterwards."""
        counter = self._counters.get(instrument.name) or self._counter(instrument)
        if self.holds:
            HELD.put(counter, value, labels)
        else:
            counter.add(value, labels)

    def hold(self, *, held: bool) -> None:
        """Whether measurements wait for `flush` from now on."""
        self.holds = held
        if not held:
            self.flush()

    def flush(self) -> bool:
        """Whether what is held, by whomever, was handed on."""
        return HELD.flush()

    def later(self, call: Callable[[], None]) -> None:
        """Have `call` measure a span when there is time for it."""
        HELD.later(call)

    def prepare(self, instruments: Iterable[Instrument]) -> None:
        """Make `instruments` now: a provider that shuts down collects, and makes no meter any more."""
        for instrument in instruments:
            if instrument.kind == "histogram":
                self._histograms.get(instrument.name) or self._histogram(instrument)
            else:
                self._counters.get(instrument.name) or self._counter(instrument)

    def relieve(self) -> None:
        """Hand on what is held if that is much: for threads with time."""
        HELD.relieve()

    def _histogram(self, instrument: Instrument) -> Histogram:
        made = self._histograms[instrument.name] = make.histogram(_meter(), instrument)
        return made

    def _counter(self, instrument: Instrument) -> Counter:
        made = self._counters[instrument.name] = make.counter(_meter(), instrument)
        return made


def _meter() -> Meter:
    return metrics_api.get_meter("spanwise.measure", schema_url=SCHEMA_URL)
