"""Alerts of model calls in PromQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spanwise.alert import Alert
from spanwise.alert.calls import (
    CALLERS_OWN,
    LEAST_CALLS,
    MODEL,
    PROVIDER,
    PROVIDER_ERRORS,
    RATE_LIMIT_STORM,
    RATE_LIMITS,
    REFUSALS,
    RETRIES,
    TIME_TO_FIRST_CHUNK,
    TRUNCATION,
)
from spanwise.alert.config import AlertConfig
from spanwise.deploy.prometheus.promql import both, duration, increase, labels, matching, name, number, rate, sum_by
from spanwise.deploy.prometheus.record import Record
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.series import label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics


COUNT: Final = name(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, "count")
BY_MODEL: Final = labels(MODEL)
BY_PROVIDER: Final = labels(PROVIDER)


def records() -> Iterator[Record]:
    """What dashboards and alerts ask of model calls, by service and model."""
    calls = sum_by(BY_MODEL, rate(COUNT, "5m"))
    yield Record("spanwise:calls:rate5m", calls, "Model calls per second.")
    failed = COUNT + matching(f'error_type!~"|{"|".join(CALLERS_OWN)}"')
    errors = f"{sum_by(BY_MODEL, rate(failed, '5m'))}\nor 0 * {calls}"
    yield Record("spanwise:errors:rate5m", errors, "Failed model calls per second; 0 when none failed.")
    for what, metric in (
        ("duration_s", metrics.GEN_AI_CLIENT_INFERENCE_DURATION),
        ("time_to_first_chunk_s", metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK),
    ):
        buckets = sum_by((*BY_MODEL, "le"), rate(name(metric, "bucket"), "5m"))
        yield Record(f"spanwise:{what}:p95_5m", f"histogram_quantile(0.95, {buckets})", "95th percentile, seconds.")


def rules(config: AlertConfig) -> Iterator[Rule]:
    """The rules of this family."""
    first = name(metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, "count")
    limit = number(config.threshold(TIME_TO_FIRST_CHUNK.thresholds[0].key))
    slow = f"spanwise:time_to_first_chunk_s:p95_5m > {limit}"
    yield _rule(TIME_TO_FIRST_CHUNK, config, slow, _enough(config, BY_MODEL, first, "5m"))
    own, limits = "|".join(CALLERS_OWN), "|".join(RATE_LIMITS)
    failed = COUNT + matching(f'error_type!~"|{own}|{limits}"')
    yield _ratio(PROVIDER_ERRORS, config, BY_PROVIDER, failed, COUNT)
    yield _ratio(RATE_LIMIT_STORM, config, BY_PROVIDER, COUNT + matching(f'error_type=~"{limits}"'), COUNT)
    yield _ratio(RETRIES, config, BY_MODEL, name(metrics.SPANWISE_RETRIES), COUNT)
    ended = name(metrics.SPANWISE_RESPONSES)
    for alert in (TRUNCATION, REFUSALS):
        reasons = alert.query.where[attr.SPANWISE_FINISH_REASON]
        chosen = matching(f'{label_name(attr.SPANWISE_FINISH_REASON)}=~"{reasons}"')
        yield _ratio(alert, config, BY_MODEL, ended + chosen, ended)


def _ratio(alert: Alert, config: AlertConfig, by: tuple[str, ...], bad: str, all_of: str) -> Rule:
    window = duration(alert.query.window_s)
    limit = number(config.threshold(alert.query.above))
    share = f"{sum_by(by, rate(bad, window))}\n  / {sum_by(by, rate(all_of, window))}\n  > {limit}"
    return _rule(alert, config, share, _enough(config, by, all_of, window))


def _enough(config: AlertConfig, by: tuple[str, ...], selector: str, window: str) -> str:
    return f"{sum_by(by, increase(selector, window))} >= {number(config.threshold(LEAST_CALLS.key))}"


def _rule(alert: Alert, config: AlertConfig, *clauses: str) -> Rule:
    return Rule(alert, both(*clauses), config.threshold(alert.hold.key), alert.severity)
