"""Alerts of the OpenTelemetry Collector, in PromQL.

The Collector's own endpoint leaves `_total` away; pushed by OTLP, Prometheus adds it. Every selector takes both. Its
counters are one for each signal with the same labels, so each signal has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spanwise.alert import Alert
from spanwise.alert.collector import DATA_LOST, LATE_SPANS, MEMORY, QUEUE, REFUSED, SEND_FAILED, UNDECIDED
from spanwise.alert.config import AlertConfig
from spanwise.deploy.prometheus.promql import grown, number
from spanwise.deploy.prometheus.rule import Rule


SIGNALS: Final = ("spans", "metric_points", "log_records")

COUNTERS: Final = {
    REFUSED.id: tuple(f"otelcol_receiver_refused_{signal}" for signal in SIGNALS),
    SEND_FAILED.id: tuple(f"otelcol_exporter_send_failed_{signal}" for signal in SIGNALS),
    DATA_LOST.id: tuple(f"otelcol_exporter_enqueue_failed_{signal}" for signal in SIGNALS),
    MEMORY.id: tuple(f"otelcol_processor_memory_limiter_refused_{signal}" for signal in SIGNALS),
    UNDECIDED.id: ("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early",),
    LATE_SPANS.id: ("otelcol_processor_tail_sampling_sampling_late_span_age_count",),
}
"""The Collector's counters by the alert that watches them. Source: `documentation.md` of exporterhelper,
receiverhelper, the memory limiter and the tail sampling processor, version 0.155."""

QUEUE_SIZE: Final = "otelcol_exporter_queue_size"
QUEUE_CAPACITY: Final = "otelcol_exporter_queue_capacity"

NAMES: Final = frozenset({name for names in COUNTERS.values() for name in names} | {QUEUE_SIZE, QUEUE_CAPACITY})
"""Every series of the Collector that a rule asks for, without `_total`."""

_BY_QUEUE: Final = ("job", "instance", "exporter")


def rules(config: AlertConfig) -> Iterator[Rule]:
    """The rules of this family."""
    for alert in (REFUSED, SEND_FAILED, DATA_LOST, MEMORY, UNDECIDED, LATE_SPANS):
        for counter in COUNTERS[alert.id]:
            yield _counted(alert, counter, config)
    # One exporter has a queue for each signal: the fullest one rings.
    full = f"max by ({', '.join(_BY_QUEUE)}) ({QUEUE_SIZE} / ({QUEUE_CAPACITY} > 0))"
    expression = f"{full} > {number(config.threshold(QUEUE.query.above))}"
    yield Rule(QUEUE, expression, config.threshold(QUEUE.hold.key), QUEUE.severity)


def _counted(alert: Alert, counter: str, config: AlertConfig) -> Rule:
    count = grown(alert.by, selector(counter), "5m")
    expression = f"{count} > {number(config.threshold(alert.query.above))}"
    several = len(COUNTERS[alert.id]) > 1
    signal = next((signal for signal in SIGNALS if counter.endswith(signal)), "spans")
    variant = {"signal": signal} if several else {}
    return Rule(alert, expression, config.threshold(alert.hold.key), alert.severity, variant=variant)


def selector(counter: str) -> str:
    """The series of a counter by either of its names."""
    name = f"{counter.removesuffix('_count')}(_seconds)?_count" if counter.endswith("_count") else f"{counter}(_total)?"
    return f'{{__name__=~"{name}"}}'
