"""Alerts of what models and agents do, in PromQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spanwise.alert.behaviour import AGENT_LOOP, LOW_SCORE, TOOL_FAILURES
from spanwise.alert.config import AlertConfig
from spanwise.deploy.prometheus.promql import both, grown, increase, labels, matching, name, number, rate, sum_by
from spanwise.deploy.prometheus.rule import Rule
from spanwise.semconv import metrics


_HALF_A_RUN: Final = "0.5"  # two increases that should be equal may differ by a rounding error


def rules(config: AlertConfig) -> Iterator[Rule]:
    """The rules of this family."""
    for alert, expression in (
        (LOW_SCORE, _score(config)),
        (AGENT_LOOP, _loop(config)),
        (TOOL_FAILURES, _tools(config)),
    ):
        yield Rule(alert, expression, config.threshold(alert.hold.key), alert.severity)


def _score(config: AlertConfig) -> str:
    by = labels(LOW_SCORE.by)
    total, count = name(metrics.SPANWISE_SCORE, "sum"), name(metrics.SPANWISE_SCORE, "count")
    mean = f"{sum_by(by, rate(total, '1h'))}\n  / ({sum_by(by, rate(count, '1h'))} > 0)"
    enough = f"{sum_by(by, increase(count, '1h'))} >= {number(config.threshold(LOW_SCORE.query.least))}"
    return both(f"{mean}\n  < {number(config.threshold(LOW_SCORE.query.below))}", enough)


def _loop(config: AlertConfig) -> str:
    by = labels(AGENT_LOOP.by)
    runs = name(metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, "count")
    # Prometheus writes the bound 50 as 50 when it was pushed and as 50.0 when it was scraped.
    bound = f'le=~"{number(config.threshold(AGENT_LOOP.query.above))}([.]0)?"'
    calm = name(metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, "bucket") + matching(bound)
    return f"{grown(by, runs, '15m')}\n- {grown(by, calm, '15m')}\n> {_HALF_A_RUN}"


def _tools(config: AlertConfig) -> str:
    by = labels(TOOL_FAILURES.by)
    runs = name(metrics.GEN_AI_EXECUTE_TOOL_DURATION, "count")
    failed = runs + matching('error_type!=""')
    share = f"{sum_by(by, rate(failed, '15m'))}\n  / {sum_by(by, rate(runs, '15m'))}"
    enough = f"{sum_by(by, increase(runs, '15m'))} >= {number(config.threshold(TOOL_FAILURES.query.least))}"
    return both(f"{share}\n  > {number(config.threshold(TOOL_FAILURES.query.above))}", enough)
