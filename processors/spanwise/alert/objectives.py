"""Alerts of objectives: how fast the budget of bad calls is used up. One set for each kind of objective."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from spanwise.alert.alert import Alert, Query
from spanwise.alert.slo import ERRORS, LATENCY, TIME_TO_FIRST_CHUNK
from spanwise.alert.threshold import Threshold
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics
from spanwise.semconv.descriptor import Instrument


class Burn(NamedTuple):
    """One pair of windows. The long one says that it matters, the short one that it still goes on.

    Attributes:
        suffix: The end of the alert's id.
        severity: `page` or `ticket`.
        long_s: Seconds of the long window.
        short_s: Seconds of the short one.
        hold_s: Seconds it must hold.
        times: How many times as fast as the objective allows, when its window is 30 days.
    """

    suffix: str
    severity: str
    long_s: int
    short_s: int
    hold_s: int
    times: Decimal


BURNS: Final = (
    # 2 % of a month's budget in an hour, 5 % in six hours, 10 % in three days: the SRE Workbook, chapter 5.
    Burn("burn_fast", "page", 3_600, 300, 60, Decimal("14.4")),
    Burn("burn_slow", "page", 21_600, 1_800, 300, Decimal(6)),
    Burn("burn_creep", "ticket", 259_200, 21_600, 3_600, Decimal(1)),
)

SLO: Final = "slo"
"""Stands in texts and in `by` for the name of the objective."""

LEAST_CALLS: Final = Threshold(
    "burn_least_calls",
    Decimal(30),
    "calls",
    "Calls in the long window below which no objective rings.",
    least=Decimal(1),
)

_PREFIXES: Final = {ERRORS: "errors", LATENCY: "latency", TIME_TO_FIRST_CHUNK: "first_chunk"}
_BAD: Final = {
    ERRORS: "model calls failed",
    LATENCY: "successful model calls were slower than the objective",
    TIME_TO_FIRST_CHUNK: "streamed calls sent their first chunk later than the objective",
}
_METRICS: Final = {
    ERRORS: metrics.GEN_AI_CLIENT_INFERENCE_DURATION,
    LATENCY: metrics.GEN_AI_CLIENT_INFERENCE_DURATION,
    TIME_TO_FIRST_CHUNK: metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
}


def alert_id(kind: str, burn: Burn) -> str:
    """The id of the alert that watches objectives of `kind` over the windows of `burn`."""
    return f"{_PREFIXES[kind]}_{burn.suffix}"


def _alert(kind: str, burn: Burn, metric: Instrument) -> Alert:
    bad = _BAD[kind]
    times = Threshold(
        f"{burn.suffix}_times",
        burn.times,
        "times",
        f"How many times as fast as allowed {burn.suffix} rings, for a window of 30 days; shorter windows take less.",
        least=Decimal("0.1"),
    )
    window = {3_600: "hour", 21_600: "six hours", 259_200: "three days"}[burn.long_s]
    return Alert(
        id=alert_id(kind, burn),
        severity=burn.severity,
        means=f"Too many {bad}: at this pace the objective is missed before its window ends.",
        by=(attr.SERVICE_NAME, attr.DEPLOYMENT_ENVIRONMENT_NAME, SLO),
        hold_s=burn.hold_s,
        thresholds=(times, LEAST_CALLS),
        summary=f"{{service.name}}: {{value:percent}} of {bad} in the last {window}",
        description=(
            f"Objective {{{SLO}}}: in the last {window} {{value:percent}} of {bad}. That is {{{times.key}:number}} "
            "times or more of what it allows over {days} days, and it goes on."
        ),
        query=Query("burn", metric.name, burn.long_s, {}, above=times.key, least=LEAST_CALLS.key, past_s=burn.short_s),
        runbook=f"{_PREFIXES[kind]}_burn",
    )


OBJECTIVES: Final = tuple(_alert(kind, burn, _METRICS[kind]) for kind in _PREFIXES for burn in BURNS)
