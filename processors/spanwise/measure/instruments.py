"""Instruments made at first use, by their descriptor."""

from __future__ import annotations

from collections.abc import Mapping

from opentelemetry import metrics as metrics_api
from opentelemetry.metrics import Counter, Histogram

from spanwise.semconv import instrument as make
from spanwise.semconv.metrics import Instrument
from spanwise.semconv.schema import SCHEMA_URL


class Instruments:
    """The histograms and counters of one meter, with the convention's bucket advice."""

    def __init__(self) -> None:
        self._histograms: dict[str, Histogram] = {}
        self._counters: dict[str, Counter] = {}

    def record(self, instrument: Instrument, value: float, labels: Mapping[str, str | int]) -> None:
        """Record `value` in the histogram that `instrument` describes."""
        histogram = self._histograms.get(instrument.name)
        if histogram is None:
            meter = metrics_api.get_meter("spanwise.measure", schema_url=SCHEMA_URL)
            histogram = make.histogram(meter, instrument)
            self._histograms[instrument.name] = histogram
        histogram.record(value, labels)

    def add(self, instrument: Instrument, value: float, labels: Mapping[str, str | int]) -> None:
        """Add `value` to the counter that `instrument` describes."""
        counter = self._counters.get(instrument.name)
        if counter is None:
            meter = metrics_api.get_meter("spanwise.measure", schema_url=SCHEMA_URL)
            counter = make.counter(meter, instrument)
            self._counters[instrument.name] = counter
        counter.add(value, labels)
