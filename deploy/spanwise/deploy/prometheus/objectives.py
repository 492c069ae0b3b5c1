"""Objectives in PromQL: the share of bad calls over six windows, and how fast it uses the budget up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from spanwise.alert import Slo
from spanwise.alert.calls import CALLERS_OWN
from spanwise.alert.catalogue import ALERTS
from spanwise.alert.config import AlertConfig
from spanwise.alert.objectives import BURNS, LEAST_CALLS, Burn, alert_id
from spanwise.alert.slo import ERRORS, TIME_TO_FIRST_CHUNK
from spanwise.alert.spend import SERVICE
from spanwise.deploy.prometheus.promql import both, duration, labels, matching, name, number, rate, sum_by
from spanwise.deploy.prometheus.record import Record
from spanwise.deploy.prometheus.rule import Rule
from spanwise.semconv import metrics


BY: Final = labels(SERVICE)

SHORT: Final = ("5m", "30m", "1h")
"""Windows that are computed from the raw series."""

LONG: Final = ("6h", "3d")
"""Windows that are computed from the recorded 5 minutes: days of raw samples would be read every minute."""

NO_FAILURE: Final = f'error_type=~"|{"|".join(CALLERS_OWN)}"'
"""Calls that did not fail. `error_type` is absent from a success, and an empty alternative matches absence."""

_CALLS: Final = "Calls per second that an objective is about."
_BAD: Final = "Those of them that were not good."
_MONTH_DAYS: Final = Decimal(30)


def records(slos: Sequence[Slo]) -> Iterator[Record]:
    """Calls, bad calls and their share, over windows up to an hour."""
    for window in SHORT:
        for slo in slos:
            slo_label = {"slo": slo.name}
            yield Record(f"spanwise:slo_calls:rate{window}", _all(slo, window), _CALLS, slo_label)
            yield Record(f"spanwise:slo_bad:rate{window}", _bad(slo, window), _BAD, slo_label)
        if slos:
            yield _share(window)


def long_records(slos: Sequence[Slo]) -> Iterator[Record]:
    """The same over 6 hours and 3 days: the mean of the recorded 5 minutes."""
    for window in LONG if slos else ():
        for what, about in (("calls", _CALLS), ("bad", _BAD)):
            past = f"avg_over_time(spanwise:slo_{what}:rate5m[{window}])"
            yield Record(f"spanwise:slo_{what}:rate{window}", past, about)
        yield _share(window)


def rules(slo: Slo, config: AlertConfig) -> Iterator[Rule]:
    """Alerts of one objective. One that would need more than all calls to be bad is left out."""
    for burn in BURNS:
        alert = ALERTS[alert_id(slo.kind, burn)]
        times = burn_times(slo, burn, config)
        limit = times * (1 - slo.objective)
        if limit >= 1:
            continue
        chosen = matching(f'slo="{slo.name}"')
        long, short = duration(burn.long_s), duration(burn.short_s)
        yield Rule(
            alert,
            both(
                f"spanwise:slo_bad:ratio_rate{long}{chosen} > {number(limit)}",
                f"spanwise:slo_bad:ratio_rate{short}{chosen} > {number(limit)}",
                f"spanwise:slo_calls:rate{long}{chosen} * {burn.long_s} >= {number(config.threshold(LEAST_CALLS.key))}",
            ),
            config.threshold(alert.hold.key),
            alert.severity,
            variant={"slo": slo.name},
            fixed={alert.thresholds[0].key: times, "days": Decimal(slo.window_days)},
            slow=burn.suffix != BURNS[0].suffix,
        )


def burn_times(slo: Slo, burn: Burn, config: AlertConfig) -> Decimal:
    """How many times as fast as allowed: the same share of the whole budget in the same time, at least 1."""
    times = config.threshold(ALERTS[alert_id(slo.kind, burn)].thresholds[0].key)
    return max(times * slo.window_days / _MONTH_DAYS, min(times, Decimal(1)))


def _share(window: str) -> Record:
    expression = f"spanwise:slo_bad:rate{window} / (spanwise:slo_calls:rate{window} > 0)"
    return Record(f"spanwise:slo_bad:ratio_rate{window}", expression, "The share of calls that were not good.")


def _all(slo: Slo, window: str) -> str:
    """Calls that count. A failed call is neither fast nor slow: only the objective of errors sees it."""
    if slo.kind == TIME_TO_FIRST_CHUNK:
        return sum_by(BY, rate(name(metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, "count"), window))
    count = name(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, "count")
    return sum_by(BY, rate(count if slo.kind == ERRORS else count + matching(NO_FAILURE), window))


def _bad(slo: Slo, window: str) -> str:
    if slo.kind == ERRORS:
        failed = name(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, "count") + matching(NO_FAILURE.replace("=~", "!~"))
        # Without any failure there is no such series; that is 0, not unknown.
        return f"{sum_by(BY, rate(failed, window))}\nor 0 * {_all(slo, window)}"
    bound = f'le="{number(slo.threshold_s or Decimal(0))}"'
    if slo.kind == TIME_TO_FIRST_CHUNK:
        good = name(metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, "bucket") + matching(bound)
    else:
        good = name(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, "bucket") + matching(bound, NO_FAILURE)
    return f"clamp_min({_all(slo, window)} - {sum_by(BY, rate(good, window))}, 0)"
