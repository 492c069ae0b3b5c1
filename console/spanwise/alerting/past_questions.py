"""Questions that compare now with the hours before: unusual spend, calls that grow, a cache that is lost.

The past is read in steps of 5 minutes, counted back from now, and every window is a sum of whole steps.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from spanwise.alert import Alert, AlertConfig
from spanwise.alert.calls import LEAST_CALLS
from spanwise.alert.spend import CACHE_HIT_COLLAPSE, SPEND_ANOMALY, TOKENS_PER_CALL
from spanwise.alerting.asker import SECOND_NS, Asker
from spanwise.alerting.column import INFERENCE, SPENDING, USD, counted, labelled, with_namespace
from spanwise.alerting.finding import Finding
from spanwise.alerting.rule import Question, StoreRule


Steps: TypeAlias = Mapping[int, Sequence[float]]
"""What was measured in each step that had anything, by its number: 0 is that which ends now."""

_STEP_S: Final = 300
_OF_HOUR: Final = 3_600 // _STEP_S
_OF_HALF: Final = 1_800 // _STEP_S
_OF_DAY: Final = 86_400 // _STEP_S
_OF_SIX_HOURS: Final = 21_600 // _STEP_S
_HALF_A_DAY: Final = 13 * _OF_HOUR
_HALVES_IN_SIX_HOURS: Final = 12
_STEADY: Final = 0.1
"""The share of the mean that stands for a deviation where spend never moves."""


def rules(config: AlertConfig) -> list[StoreRule]:
    """The rules of this family."""
    least = float(config.threshold(LEAST_CALLS.key))
    return [
        _rule(
            SPEND_ANOMALY,
            config,
            _windows(SPEND_ANOMALY, "sum(cost)::DOUBLE", f"{USD} AND {SPENDING}", _anomaly(config), _OF_DAY),
            "number",
        ),
        _rule(
            TOKENS_PER_CALL,
            config,
            _windows(
                TOKENS_PER_CALL,
                "(coalesce(sum(input_tokens), 0) + coalesce(sum(output_tokens), 0))::DOUBLE, count(*)",
                INFERENCE,
                _tokens(config, least),
                _OF_SIX_HOURS,
            ),
            "number",
        ),
        _rule(
            CACHE_HIT_COLLAPSE,
            config,
            _windows(
                CACHE_HIT_COLLAPSE,
                "coalesce(sum(cache_read_tokens), 0)::DOUBLE, coalesce(sum(input_tokens), 0)::DOUBLE, count(*)",
                INFERENCE,
                _cache(config, least),
                _OF_SIX_HOURS,
            ),
            "percent",
        ),
    ]


Judge: TypeAlias = Callable[[Steps, int], tuple[float, bool] | None]
"""What the steps of one group say, given the number of the oldest: value and whether it holds; `None` for nothing."""


def _windows(alert: Alert, measures: str, where: str, judge: Judge, past: int) -> Question:
    by = with_namespace(alert.by)
    steps = past + 2 * _OF_HOUR
    step_ns = _STEP_S * SECOND_NS
    sql = counted(by, f"((? - end_unix_nano) // {step_ns})::INTEGER AS step, {measures}", where)

    def ask(asker: Asker) -> list[Finding]:
        groups: dict[tuple[object, ...], dict[int, Sequence[float]]] = defaultdict(dict)
        for cells in asker.rows(sql, [asker.now_ns, asker.ago_ns(steps * _STEP_S), asker.now_ns]):
            groups[cells[: len(by)]][cells[len(by)]] = cells[len(by) + 1 :]
        judged = ((group, judge(found, max(found))) for group, found in groups.items())
        return [Finding(labelled(by, group), *verdict) for group, verdict in judged if verdict is not None]

    return ask


def _anomaly(config: AlertConfig) -> Judge:
    distance = float(config.threshold(SPEND_ANOMALY.query.above))
    least = float(config.threshold(SPEND_ANOMALY.query.least))

    def judge(steps: Steps, oldest: int) -> tuple[float, bool] | None:
        hour = window(steps, 0, _OF_HOUR, 0)
        # Half a day of history, or the first busy hour of a new service would be an anomaly.
        if oldest < _HALF_A_DAY:
            return None
        last = min(_OF_HOUR + _OF_DAY, oldest + 1)
        past = [window(steps, at, _OF_HOUR, 0) for at in range(_OF_HOUR, last)]
        mean = statistics.fmean(past)
        if mean <= 0:
            return None
        deviation = max(statistics.pstdev(past), _STEADY * mean)
        far = (hour - mean) / deviation
        return far, far > distance and hour > least

    return judge


def _tokens(config: AlertConfig, least: float) -> Judge:
    times = float(config.threshold(TOKENS_PER_CALL.query.above))

    def judge(steps: Steps, oldest: int) -> tuple[float, bool] | None:
        now = _ratio(steps, 0, 0, 1)
        before = _mean_ratio(steps, oldest, 0, 1)
        if now is None or not before:
            return None
        return now / before, now / before > times and _has_traffic(steps, oldest, 1, least)

    return judge


def _cache(config: AlertConfig, least: float) -> Judge:
    share, was_cached = (float(config.threshold(each.key)) for each in CACHE_HIT_COLLAPSE.thresholds[:2])

    def judge(steps: Steps, oldest: int) -> tuple[float, bool] | None:
        now = _ratio(steps, 0, 0, 1)
        before = _mean_ratio(steps, oldest, 0, 1)
        if now is None or before is None:
            return None
        return now, now < share * before and before > was_cached and _has_traffic(steps, oldest, 2, least)

    return judge


def window(steps: Steps, at: int, length: int, measure: int) -> float:
    """The sum of a measure over `length` steps, of which the newest is number `at`."""
    return sum(float(steps[step][measure]) for step in range(at, at + length) if step in steps)


def _ratio(steps: Steps, at: int, measure: int, to: int) -> float | None:
    """A measure against another in the half hour that ends with step `at`; `None` when the other is 0."""
    whole = window(steps, at, _OF_HALF, to)
    return window(steps, at, _OF_HALF, measure) / whole if whole > 0 else None


def _mean_ratio(steps: Steps, oldest: int, measure: int, to: int) -> float | None:
    """The mean of the ratios of the six hours that ended an hour ago."""
    last = min(_OF_HOUR + _OF_SIX_HOURS, oldest + 1)
    found = [_ratio(steps, at, measure, to) for at in range(_OF_HOUR, last)]
    known = [ratio for ratio in found if ratio is not None]
    return statistics.fmean(known) if known else None


def _has_traffic(steps: Steps, oldest: int, calls: int, least: float) -> bool:
    """Whether there are enough calls now, and were in the past that they are compared with."""
    last = min(_OF_HOUR + _OF_SIX_HOURS, oldest + 1)
    past = [window(steps, at, _OF_HALF, calls) for at in range(_OF_HOUR, last)]
    before = statistics.fmean(past) * _HALVES_IN_SIX_HOURS if past else 0.0
    return window(steps, 0, _OF_HALF, calls) >= least and before >= least


def _rule(alert: Alert, config: AlertConfig, question: Question, form: str) -> StoreRule:
    limit = config.threshold(alert.query.above or alert.query.below)
    return StoreRule(alert, question, int(config.threshold(alert.hold.key)), limit, form, alert.severity, every_s=60)
