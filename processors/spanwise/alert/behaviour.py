"""Alerts of what models and agents do: poor answers, loops, tools that fail."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.alert.alert import Alert, Query
from spanwise.alert.threshold import Threshold
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics


SERVICE: Final = (attr.SERVICE_NAME, attr.DEPLOYMENT_ENVIRONMENT_NAME)

# The convention gives this histogram no boundaries; these are the SDK's own.
_AGENT_CALLS: Final = tuple(map(Decimal, (5, 10, 25, 50, 75, 100, 250, 500, 750, 1000)))

_SCORE: Final = Threshold(
    "score", Decimal("0.7"), "score", "Mean score below which quality is too low.", most=Decimal(1)
)
_SCORE_LEAST: Final = Threshold(
    "score_least_evaluations", Decimal(20), "evaluations", "Evaluations in an hour below which no mean rings."
)
_LOOP: Final = Threshold(
    "agent_loop_calls", Decimal(50), "calls", "Model calls in one run of an agent.", accepted=_AGENT_CALLS
)
_TOOL: Final = Threshold(
    "tool_failure_ratio", Decimal("0.2"), "ratio", "Share of a tool's runs that fail.", most=Decimal(1)
)
_TOOL_LEAST: Final = Threshold(
    "tool_least_runs", Decimal(10), "runs", "Runs of a tool in the window below which no share rings.", least=Decimal(1)
)

LOW_SCORE: Final = Alert(
    id="low_score",
    severity="ticket",
    means="Evaluations say that answers are poor.",
    by=(*SERVICE, attr.GEN_AI_EVALUATION_NAME),
    hold_s=600,
    thresholds=(_SCORE, _SCORE_LEAST),
    summary="{service.name}: {gen_ai.evaluation.name} scores {value:number} on average",
    description=(
        "The mean score of {gen_ai.evaluation.name} in {service.name} was {value:number} in the last hour, out of 1. "
        "It rings below {score:number}, with at least {score_least_evaluations:number} evaluations."
    ),
    query=Query("mean", metrics.SPANWISE_SCORE.name, 3_600, {}, below=_SCORE.key, least=_SCORE_LEAST.key),
    runbook="low_score",
)

AGENT_LOOP: Final = Alert(
    id="agent_loop",
    severity="page",
    means="A run of an agent called the model so often that it was most likely going in circles.",
    by=(*SERVICE, attr.GEN_AI_AGENT_NAME),
    hold_s=0,
    thresholds=(_LOOP,),
    summary="{service.name}: {value:count} runs of {gen_ai.agent.name} made over {agent_loop_calls:number} calls",
    description=(
        "In the last 15 minutes {value:count} runs of agent {gen_ai.agent.name} ended after more than "
        "{agent_loop_calls:number} model calls each. A run that still goes on is not counted yet: look at the spend."
    ),
    query=Query("level", metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS.name, 900, {}, above=_LOOP.key),
    runbook="agent_loop",
)

TOOL_FAILURES: Final = Alert(
    id="tool_failures",
    severity="ticket",
    means="A tool fails often; agents retry it, give up or make something up.",
    by=(*SERVICE, attr.GEN_AI_TOOL_NAME),
    hold_s=300,
    thresholds=(_TOOL, _TOOL_LEAST),
    summary="{service.name}: tool {gen_ai.tool.name} fails in {value:percent} of its runs",
    description=(
        "{value:percent} of the runs of tool {gen_ai.tool.name} in {service.name} failed in the last 15 minutes. The "
        "limit is {tool_failure_ratio:percent}."
    ),
    query=Query(
        "ratio",
        metrics.GEN_AI_EXECUTE_TOOL_DURATION.name,
        900,
        {attr.ERROR_TYPE: "*"},
        above=_TOOL.key,
        least=_TOOL_LEAST.key,
    ),
    runbook="tool_failures",
)

BEHAVIOUR: Final = (LOW_SCORE, AGENT_LOOP, TOOL_FAILURES)
