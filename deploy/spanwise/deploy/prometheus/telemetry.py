"""Alerts of the telemetry itself, in PromQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spanwise.alert.config import AlertConfig
from spanwise.alert.telemetry import (
    CONTENT_DROPPED,
    EXPORT_DROPS,
    EXPORT_FAILURES,
    KNOWN_S,
    LABELS_REPLACED,
    REDACT,
    REDACTION_FAILURES,
    SERVICE,
    SILENT_S,
    STEP_FAILURES,
    TELEMETRY_SILENCE,
    TELEMETRY_SILENCE_ALL,
)
from spanwise.deploy.prometheus.promql import (
    WATCHING,
    both,
    duration,
    grown,
    increase,
    labels,
    matching,
    name,
    number,
    rate,
    sum_by,
)
from spanwise.deploy.prometheus.record import Record
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.series import label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics


BY: Final = labels(SERVICE)
HEARD: Final = "spanwise:service:heard"
"""A recorded 1 for each service whose metrics still come."""

_STEP: Final = label_name(attr.SPANWISE_STEP)
_OUTCOME: Final = label_name(attr.SPANWISE_OUTCOME)


def records(config: AlertConfig) -> Iterator[Record]:
    """That these rules run, and who is heard of."""
    yield Record(WATCHING, "vector(1)", "These rules were running.")
    window = duration(config.threshold(SILENT_S.key))
    heard = "\nor ".join(
        f"group by ({', '.join(BY)}) (count_over_time({series}[{window}]))"
        for series in (
            name(metrics.SPANWISE_PIPELINE_SPANS),
            name(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, "count"),
        )
    )
    # Samples, not calls: a service that nobody calls still sends its metrics.
    yield Record(HEARD, heard, f"Services that sent a metric in the last {window}, whether they had calls or not.")


def rules(config: AlertConfig) -> Iterator[Rule]:
    """The rules of this family."""
    errors = name(metrics.SPANWISE_PIPELINE_ERRORS)
    dropped = name(metrics.SPANWISE_EXPORT_SPANS) + matching(
        f'{_OUTCOME}="{EXPORT_DROPS.query.where[attr.SPANWISE_OUTCOME]}"'
    )
    for alert, selector in (
        (REDACTION_FAILURES, errors + matching(f'{_STEP}="{REDACT}"')),
        (CONTENT_DROPPED, name(metrics.SPANWISE_PIPELINE_DROPPED)),
        (STEP_FAILURES, errors + matching(f'{_STEP}!="{REDACT}"')),
        (LABELS_REPLACED, name(metrics.SPANWISE_LABELS_REPLACED)),
        (EXPORT_DROPS, dropped),
    ):
        count = grown(labels(alert.by), selector, duration(alert.query.window_s))
        limit = number(config.threshold(alert.query.above))
        yield Rule(alert, f"{count} > {limit}", config.threshold(alert.hold.key), alert.severity)
    for alert, expression in (
        (EXPORT_FAILURES, _export(config)),
        (TELEMETRY_SILENCE, f"{_known(config)}\nunless {HEARD}"),
        (TELEMETRY_SILENCE_ALL, f"count({_known(config)})\nunless on () group({HEARD})"),
    ):
        yield Rule(alert, expression, config.threshold(alert.hold.key), alert.severity)


def _known(config: AlertConfig) -> str:
    """Seconds for which each service was heard of in the last day, where they are enough."""
    seconds = f"count_over_time({HEARD}[1d]) * {config.interval_s}"
    return f"{seconds} >= {number(config.threshold(KNOWN_S.key))}"


def _export(config: AlertConfig) -> str:
    spans = name(metrics.SPANWISE_EXPORT_SPANS)
    failed = spans + matching(f'{_OUTCOME}="{EXPORT_FAILURES.query.where[attr.SPANWISE_OUTCOME]}"')
    share = f"{sum_by(BY, rate(failed, '15m'))}\n  / {sum_by(BY, rate(spans, '15m'))}"
    enough = f"{sum_by(BY, increase(spans, '15m'))} >= {number(config.threshold(EXPORT_FAILURES.query.least))}"
    return both(f"{share}\n  > {number(config.threshold(EXPORT_FAILURES.query.above))}", enough)
