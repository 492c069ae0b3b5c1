"""Alerts of the OpenTelemetry Collector: what it refuses, cannot send, or decides too late.

`Query.of` names the Collector's own metric as it stands in its documentation, without `_total`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.alert.alert import Alert, Query
from spanwise.alert.threshold import Threshold


INSTANCE: Final = ("job", "instance")
"""One collector, as Prometheus knows it."""

RECEIVER: Final = "receiver"
EXPORTER: Final = "exporter"
PROCESSOR: Final = "processor"

_QUEUE: Final = Threshold(
    "collector_queue_ratio", Decimal("0.8"), "ratio", "How full an exporter's queue may be.", most=Decimal(1)
)


def _lost(  # noqa: PLR0913 - one definition, said once
    alert: str,
    severity: str,
    *,
    metric: str,
    part: str,
    hold_s: int,
    means: str,
    what: str,
    then: str,
    accepted: int = 0,
) -> Alert:
    threshold = Threshold(f"{alert}_items", Decimal(accepted), "items", f"Items in 5 minutes that {alert} accepts.")
    return Alert(
        id=alert,
        severity=severity,
        means=means,
        by=(*INSTANCE, part),
        hold_s=hold_s,
        thresholds=(threshold,),
        summary=f"Collector {{instance}}: {{{part}}} {what} {{value:count}} items in 5 minutes",
        description=f"{{{part}}} of collector {{instance}} {what} {{value:count}} items in the last 5 minutes. {then}",
        query=Query("sum", metric, 300, {}, above=threshold.key),
        runbook=alert,
    )


REFUSED: Final = _lost(
    "collector_refused",
    "ticket",
    metric="otelcol_receiver_refused_*",
    part=RECEIVER,
    hold_s=120,
    means="A collector refuses telemetry; senders keep it and try again, as long as their queues last.",
    what="refused",
    then="Senders try again; when their queues are full, it is lost.",
)

SEND_FAILED: Final = _lost(
    "collector_send_failed",
    "page",
    metric="otelcol_exporter_send_failed_*",
    part=EXPORTER,
    hold_s=60,
    means="A collector gave telemetry up, because a backend would not take it.",
    what="gave up",
    then="They are lost: retries had ended, or the backend called them invalid.",
)

DATA_LOST: Final = _lost(
    "collector_enqueue_failed",
    "page",
    metric="otelcol_exporter_enqueue_failed_*",
    part=EXPORTER,
    hold_s=0,
    means="The queue of an exporter was full and telemetry was thrown away.",
    what="had no room for",
    then="They are lost, unless the sender heard of it and tries again.",
)

MEMORY: Final = _lost(
    "collector_memory",
    "page",
    metric="otelcol_processor_memory_limiter_refused_*",
    part=PROCESSOR,
    hold_s=60,
    means="A collector is out of memory and refuses telemetry so as not to die.",
    what="refused for want of memory",
    then="Senders try again; when their queues are full, it is lost.",
)

UNDECIDED: Final = _lost(
    "collector_undecided_traces",
    "ticket",
    metric="otelcol_processor_tail_sampling_sampling_trace_dropped_too_early",
    part=PROCESSOR,
    hold_s=300,
    means="Tail sampling drops traces before it has decided on them, because it holds too many at once.",
    what="dropped undecided",
    then="Whether they would have been kept is unknown: the promise to keep errors and dear calls does not hold.",
)

LATE_SPANS: Final = _lost(
    "collector_late_spans",
    "ticket",
    metric="otelcol_processor_tail_sampling_sampling_late_span_age",
    part=PROCESSOR,
    hold_s=300,
    means="Spans arrive after tail sampling has decided on their trace: the decision did not see them.",
    what="was late for",
    then="A trace whose error or cost came late may have been dropped. decision_wait_s is too short for them.",
    accepted=100,
)

QUEUE: Final = Alert(
    id="collector_queue",
    severity="ticket",
    means="The queue of an exporter fills: its backend is slow or away, and soon telemetry is lost.",
    by=(*INSTANCE, EXPORTER),
    hold_s=300,
    thresholds=(_QUEUE,),
    summary="Collector {instance}: queue of {exporter} is {value:percent} full",
    description=(
        "The queue of {exporter} in collector {instance} is {value:percent} full; the limit is "
        "{collector_queue_ratio:percent}. When it is full, telemetry is refused or lost."
    ),
    query=Query("level", "otelcol_exporter_queue_size", 300, {}, above=_QUEUE.key),
    runbook="collector_queue",
)

COLLECTOR: Final = (REFUSED, SEND_FAILED, DATA_LOST, QUEUE, MEMORY, UNDECIDED, LATE_SPANS)
