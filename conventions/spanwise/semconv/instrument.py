"""Instruments of a meter, made from their descriptors."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackT, Counter, Histogram, Meter, ObservableGauge

    from spanwise.semconv.descriptor import Instrument


def create(meter: Meter, instrument: Instrument) -> Counter | Histogram:
    """The counter or histogram that `instrument` describes, made by `meter`.

    A histogram carries the convention's bucket advice, which a view of the application overrides. A meter returns an
    instrument of its own for every call, so keep the answer.

    Raises:
        ValueError: `instrument` is neither a counter nor a histogram.
    """
    if instrument.kind == "counter":
        return counter(meter, instrument)
    return histogram(meter, instrument)


def histogram(meter: Meter, instrument: Instrument) -> Histogram:
    """The histogram that `instrument` describes; see `create`.

    Raises:
        ValueError: `instrument` is not a histogram.
    """
    if instrument.kind != "histogram":
        raise ValueError(f"{instrument.name} is a {instrument.kind}, not a histogram")
    return meter.create_histogram(
        instrument.name,
        unit=instrument.unit,
        description=instrument.description,
        explicit_bucket_boundaries_advisory=instrument.buckets,
    )


def counter(meter: Meter, instrument: Instrument) -> Counter:
    """The counter that `instrument` describes; see `create`.

    Raises:
        ValueError: `instrument` is not a counter.
    """
    if instrument.kind != "counter":
        raise ValueError(f"{instrument.name} is a {instrument.kind}, not a counter")
    return meter.create_counter(instrument.name, unit=instrument.unit, description=instrument.description)


def gauge(meter: Meter, instrument: Instrument, callback: CallbackT) -> ObservableGauge:
    """The gauge that `instrument` describes; whoever collects asks `callback` for its values.

    Raises:
        ValueError: `instrument` is not a gauge.
    """
    if instrument.kind != "gauge":
        raise ValueError(f"{instrument.name} is a {instrument.kind}, not a gauge")
    return meter.create_observable_gauge(
        instrument.name, [callback], unit=instrument.unit, description=instrument.description
    )
