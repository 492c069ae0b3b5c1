"""Questions about objectives: the share of bad calls over a long window and a short one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from spanwise.alert import ALERTS, AlertConfig, Slo
from spanwise.alert.calls import CALLERS_OWN
from spanwise.alert.objectives import BURNS, LEAST_CALLS, Burn, alert_id
from spanwise.alert.slo import ERRORS, TIME_TO_FIRST_CHUNK
from spanwise.alerting.asker import Asker
from spanwise.alerting.column import INFERENCE, counted, labelled, with_namespace
from spanwise.alerting.finding import Finding
from spanwise.alerting.rule import Question, StoreRule
from spanwise.deploy.prometheus.objectives import burn_times
from spanwise.semconv import attributes as attr


_BY = with_namespace((attr.SERVICE_NAME, attr.DEPLOYMENT_ENVIRONMENT_NAME))
_OWN = ", ".join(f"'{name}'" for name in CALLERS_OWN)
_GOOD_END = f"(error_type IS NULL OR error_type IN ({_OWN}))"
_SLOW_S = 60


def rules(slos: Sequence[Slo], config: AlertConfig) -> Iterator[StoreRule]:
    """The rules of every objective. One that would need more than all calls to be bad is left out."""
    for slo in slos:
        for burn in BURNS:
            alert = ALERTS[alert_id(slo.kind, burn)]
            times = burn_times(slo, burn, config)
            limit = times * (1 - slo.objective)
            if limit >= 1:
                continue
            yield StoreRule(
                alert,
                bad_share(slo, burn, limit, config.threshold(LEAST_CALLS.key)),
                int(config.threshold(alert.hold.key)),
                limit,
                "percent",
                alert.severity,
                variant={"slo": slo.name},
                fixed={"slo": slo.name, alert.thresholds[0].key: times, "days": Decimal(slo.window_days)},
                every_s=0 if burn is BURNS[0] else _SLOW_S,
            )


def bad_share(slo: Slo, burn: Burn, limit: Decimal, least: Decimal) -> Question:
    """The share of bad calls over the long window; it holds when it is too large over both."""
    counting, bad = _conditions(slo)
    recent = "end_unix_nano > ?"
    measures = f"count(*), count(*) FILTER ({bad}), count(*) FILTER ({recent}), count(*) FILTER ({recent} AND {bad})"
    sql = counted(_BY, measures, counting)

    def ask(asker: Asker) -> list[Finding]:
        short_ns, long_ns = asker.ago_ns(burn.short_s), asker.ago_ns(burn.long_s)
        rows = asker.rows(sql, [short_ns, short_ns, long_ns, asker.now_ns])
        return [
            Finding(
                labelled(_BY, group),
                failed / calls,
                calls >= least and Decimal(failed) > limit * calls and Decimal(late_failed) > limit * late,
            )
            for *group, calls, failed, late, late_failed in rows
        ]

    return ask


def _conditions(slo: Slo) -> tuple[str, str]:
    """Which calls count, and which of them are bad. A failed call is neither fast nor slow."""
    if slo.kind == ERRORS:
        return INFERENCE, f"NOT {_GOOD_END}"
    threshold_s = f"{slo.threshold_s or Decimal(0):f}::DOUBLE"
    if slo.kind == TIME_TO_FIRST_CHUNK:
        return f"time_to_first_chunk_s IS NOT NULL AND {INFERENCE}", f"time_to_first_chunk_s > {threshold_s}"
    return f"{INFERENCE} AND {_GOOD_END}", f"duration_s > {threshold_s}"
