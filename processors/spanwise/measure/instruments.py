"""Instruments made at first use, by their descriptor."""

from __future__ import annotations

from collections.abc import Mapping

from opentelemetry import metrics as metrics_api
from opentelemetry.metrics import Counter, Histogram

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
            histogram = metrics_api.get_meter("spanwise.measure", schema_url=SCHEMA_URL).create_histogram(
                instrument.name,
                unit=instrument.unit,
                description=instrument.description,
                explicit_bucket_boundaries_advisory=instrument.buckets,
            )
            self._histograms[instrument.name] = histogram
        histogram.record(value, labels)

    def add(self, instrument: Instrument, value: float, labels: Mapping[str, str | int]) -> None:
        """Add `value` to the counter that `instrument` describes."""
        counter = self._counters.get(instrument.name)
        if counter is None:
            counter = metrics_api.get_meter("spanwise.measure", schema_url=SCHEMA_URL).create_counter(
                instrument.name, unit=instrument.unit, description=instrument.description
            )
            self._counters[instrument.name] = counter
        counter.add(value, labels)
