"""Alerts of the telemetry itself: what our pipeline lost, and who fell silent."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.alert.alert import Alert, Query
from spanwise.alert.threshold import Threshold
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


SERVICE: Final = (attr.SERVICE_NAME, attr.DEPLOYMENT_ENVIRONMENT_NAME)

REDACT: Final = "redact"
"""The name of the step that takes secrets and personal data out."""

_REDACTION: Final = Threshold("redaction_failures", Decimal(0), "failures", "Failures of redaction that are accepted.")
_DROPPED: Final = Threshold("content_dropped", Decimal(0), "items", "Items that may lose content in an hour.")
_STEPS: Final = Threshold(
    "step_failures", Decimal(0), "failures", "Failures of other steps in an hour that are accepted."
)
_LABELS: Final = Threshold(
    "labels_replaced", Decimal(0), "measurements", "Measurements in an hour that may lose a label's value."
)
SILENT_S: Final = Threshold(
    "telemetry_silence_after_s",
    Decimal(900),
    "s",
    "Seconds without any metric after which a service is silent.",
    least=Decimal(5),
    most=Decimal(86_400),
)
KNOWN_S: Final = Threshold(
    "telemetry_silence_known_s",
    Decimal(21_600),
    "s",
    "Seconds that a service must have been heard of in the last day, so that a finished job is no silence.",
    most=Decimal(86_400),
)
_EXPORT: Final = Threshold(
    "export_failure_ratio", Decimal("0.05"), "ratio", "Share of spans whose export fails.", most=Decimal(1)
)
_EXPORT_LEAST: Final = Threshold(
    "export_least_spans", Decimal(20), "spans", "Spans in 15 minutes below which no share rings.", least=Decimal(1)
)
_LOST: Final = Threshold("export_dropped", Decimal(0), "spans", "Spans in 15 minutes that may be lost before export.")


def _counted(  # noqa: PLR0913 - one definition, said once
    alert: str,
    severity: str,
    threshold: Threshold,
    *,
    metric: str,
    window_s: int,
    where: dict[str, str],
    by: tuple[str, ...],
    means: str,
    summary: str,
    description: str,
) -> Alert:
    query = Query("sum", metric, window_s, where, above=threshold.key)
    return Alert(alert, severity, means, by, 0, (threshold,), summary, description, query, alert)


REDACTION_FAILURES: Final = _counted(
    "redaction_failures",
    "page",
    _REDACTION,
    metric=metrics.SPANWISE_PIPELINE_ERRORS.name,
    window_s=900,
    where={attr.SPANWISE_STEP: REDACT},
    by=(*SERVICE, attr.ERROR_TYPE),
    means="Redaction failed. The content was dropped, not passed on; until it is repaired spans have none.",
    summary="{service.name}: redaction failed {value:count} times ({error.type})",
    description=(
        "Redaction failed {value:count} times in the last 15 minutes with {error.type}. What it could not read was "
        "dropped: nothing left the process unread. Spans lack content until this is repaired."
    ),
)

CONTENT_DROPPED: Final = _counted(
    "content_dropped",
    "ticket",
    _DROPPED,
    metric=metrics.SPANWISE_PIPELINE_DROPPED.name,
    window_s=3_600,
    where={},
    by=(*SERVICE, attr.SPANWISE_REASON),
    means="Spans lose content, because a bound or a mistake in the policy keeps it from being read.",
    summary="{service.name}: {value:count} items lost content ({spanwise.reason})",
    description="In the last hour {value:count} spans or records of {service.name} lost content: {spanwise.reason}.",
)

STEP_FAILURES: Final = _counted(
    "step_failures",
    "ticket",
    _STEPS,
    metric=metrics.SPANWISE_PIPELINE_ERRORS.name,
    window_s=3_600,
    where={},
    by=(*SERVICE, attr.SPANWISE_STEP, attr.ERROR_TYPE),
    means="A step of the pipeline failed; its error boundary kept the span, without what the step adds.",
    summary="{service.name}: step {spanwise.step} failed {value:count} times ({error.type})",
    description=(
        "In the last hour step {spanwise.step} failed {value:count} times with {error.type}. The spans went on "
        "without what it adds."
    ),
)

LABELS_REPLACED: Final = _counted(
    "labels_replaced",
    "ticket",
    _LABELS,
    metric=metrics.SPANWISE_LABELS_REPLACED.name,
    window_s=3_600,
    where={},
    by=(*SERVICE, attr.SPANWISE_LABEL),
    means="A metric label has more values than allowed; the surplus is counted under `other`.",
    summary="{service.name}: label {spanwise.label} has too many values",
    description=(
        "In the last hour {value:count} measurements of {service.name} had a value of {spanwise.label} beyond the "
        "number allowed and were counted under other. Sums are right; the split by {spanwise.label} is not complete."
    ),
)

EXPORT_DROPS: Final = _counted(
    "export_drops",
    "page",
    _LOST,
    metric=metrics.SPANWISE_EXPORT_SPANS.name,
    window_s=900,
    where={attr.SPANWISE_OUTCOME: values.SPANWISE_OUTCOME_DROPPED},
    by=SERVICE,
    means="Spans are lost inside the application, before they are sent.",
    summary="{service.name}: {value:count} spans lost before export",
    description=(
        "In the last 15 minutes {service.name} lost {value:count} spans before its exporter had sent them: its queue "
        "was full. Metrics are complete; traces are not."
    ),
)

EXPORT_FAILURES: Final = Alert(
    id="export_failures",
    severity="ticket",
    means="The exporter of an application cannot deliver its spans.",
    by=SERVICE,
    hold_s=300,
    thresholds=(_EXPORT, _EXPORT_LEAST),
    summary="{service.name}: export of {value:percent} of spans fails",
    description=(
        "The export of {value:percent} of the spans of {service.name} failed in the last 15 minutes. The limit is "
        "{export_failure_ratio:percent}."
    ),
    query=Query(
        "ratio",
        metrics.SPANWISE_EXPORT_SPANS.name,
        900,
        {attr.SPANWISE_OUTCOME: values.SPANWISE_OUTCOME_FAILURE},
        above=_EXPORT.key,
        least=_EXPORT_LEAST.key,
    ),
    runbook="export_failures",
)

TELEMETRY_SILENCE: Final = Alert(
    id="telemetry_silence",
    severity="page",
    means="A service that used to send metrics sends none: it is down, or its telemetry is.",
    by=SERVICE,
    hold_s=0,
    thresholds=(SILENT_S, KNOWN_S),
    summary="{service.name}: no telemetry",
    description=(
        "{service.name} has sent no metric for {telemetry_silence_after_s:seconds}, after it had been heard of for "
        "{value:seconds} in the day before. A service without calls still sends; this one does not."
    ),
    query=Query("silence", metrics.SPANWISE_PIPELINE_SPANS.name, 900, {}, above=SILENT_S.key, least=KNOWN_S.key),
    runbook="telemetry_silence",
)

TELEMETRY_SILENCE_ALL: Final = Alert(
    id="telemetry_silence_all",
    severity="page",
    means="No service sends anything: the way of the telemetry is broken, and no other alert can ring.",
    by=(),
    hold_s=0,
    thresholds=(SILENT_S, KNOWN_S),
    summary="No telemetry from any service",
    description=(
        "No service has sent a metric for {telemetry_silence_after_s:seconds}; {value:count} did in the day before. "
        "All other alerts of Spanwise are blind until this is repaired."
    ),
    query=Query("silence_all", metrics.SPANWISE_PIPELINE_SPANS.name, 900, {}, above=SILENT_S.key, least=KNOWN_S.key),
    runbook="telemetry_silence_all",
)

TELEMETRY: Final = (
    REDACTION_FAILURES,
    CONTENT_DROPPED,
    STEP_FAILURES,
    LABELS_REPLACED,
    EXPORT_FAILURES,
    EXPORT_DROPS,
    TELEMETRY_SILENCE,
    TELEMETRY_SILENCE_ALL,
)
