"""The page about agents, their tools and everything else that is not a model call."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.alert.behaviour import AGENT_LOOP, TOOL_FAILURES
from spanwise.alert.calls import RETRIES as RETRIES_ALERT
from spanwise.deploy.grafana import link
from spanwise.deploy.grafana.dashboard import Dashboard, Row
from spanwise.deploy.grafana.limit import ceiling, threshold
from spanwise.deploy.grafana.panel import TABLE, TIME_SERIES, Panel, Query, legend, stat
from spanwise.deploy.grafana.promql import RANGE, Histogram, increase, or_zero, rate, share
from spanwise.deploy.grafana.vocabulary import AGENT, ERROR, MODEL, OPERATION, SERVICE, TOOL, Vocabulary, series
from spanwise.deploy.series import label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics


if TYPE_CHECKING:
    from spanwise.plan import Plan

_PER_SECOND: Final = "ops"
_WORKFLOW: Final = label_name(attr.GEN_AI_WORKFLOW_NAME)
_RETRIES: Final = series(metrics.SPANWISE_RETRIES)


def agents(plan: Plan, words: Vocabulary) -> Dashboard:
    """What agents do. The released metrics know neither agents nor tools; of them there is only what clients call."""
    rows: tuple[Row, ...] = (Row("Other operations", _operations(words)), Row("Retries", _retries(plan, words)))
    if words.is_current:
        runs, tools = _of(metrics.GEN_AI_INVOKE_AGENT_DURATION, words), _of(metrics.GEN_AI_EXECUTE_TOOL_DURATION, words)
        rows = (
            Row("Now", _now(plan, words, runs, tools)),
            Row("Agents", _agents(plan, words, runs)),
            Row("Tools", _tools(plan, tools)),
            Row("Workflows", _workflows(words)),
            *rows,
        )
    return Dashboard(
        uid=words.uid("agents"),
        title=words.title("Agents and tools"),
        about="Agents, tools, workflows, retrievals and embeddings: how often, how long, how well; and retries.",
        rows=rows,
        variables=words.variables,
        tags=words.tags,
    )


def _of(instrument: metrics.Instrument, words: Vocabulary) -> Histogram:
    # Agents and tools know no provider, and an agent a model only when it has one of its own.
    return Histogram(series(instrument), words.of_process)


def _now(plan: Plan, words: Vocabulary, runs: Histogram, tools: Histogram) -> tuple[Panel, ...]:
    loops = _of(metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, words)
    bad = f'{ERROR}!=""'
    return (
        stat("Runs of agents", "Runs that ended, per second.", runs.count(), _PER_SECOND),
        stat(
            "Failing runs",
            "Share of the runs of agents that ended in an error.",
            share(runs.where(bad).count(), runs.count()),
            "percentunit",
        ),
        stat("Runs of tools", "Tools that were executed, per second.", tools.count(), _PER_SECOND),
        stat(
            "Failing tools",
            "Share of the runs of tools that failed. An agent tries again, gives up or makes something up.",
            share(tools.where(bad).count(), tools.count()),
            "percentunit",
            steps=ceiling(threshold(plan, TOOL_FAILURES.thresholds[0].key)),
        ),
        stat(
            "Model calls per run",
            "The mean over agents of the calls an agent itself made in a run. It grows when agents go in circles.",
            loops.mean(),
            decimals=1,
        ),
        stat(
            "Runs in circles",
            f"Runs in the time shown with more model calls than the alert {AGENT_LOOP.id} accepts.",
            or_zero(loops.above(_loop(plan))),
            steps=ceiling(Decimal(0)),
            decimals=0,
            instant=True,
        ),
    )


def _loop(plan: Plan) -> str:
    return f"{threshold(plan, AGENT_LOOP.thresholds[0].key):f}"


def _agents(plan: Plan, words: Vocabulary, runs: Histogram) -> tuple[Panel, ...]:
    calls = _of(metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, words)
    tools = _of(metrics.GEN_AI_INVOKE_AGENT_TOOL_CALLS, words)
    ways = (link.of_agent(),)
    return (
        Panel(
            TIME_SERIES,
            "Runs by agent",
            "Runs that ended, per second.",
            (Query(runs.count(of=(AGENT,)), legend(AGENT)),),
            _PER_SECOND,
            stacked="normal",
            links=ways,
        ),
        Panel(
            TIME_SERIES,
            "Duration by agent, 95th percentile",
            "One run in twenty takes longer. Compare with the calls per run: more turns, or slower ones?",
            (Query(runs.quantile(0.95, of=(AGENT,)), legend(AGENT), exemplars=True),),
            "s",
            links=ways,
        ),
        Panel(
            TIME_SERIES,
            "Failing runs by agent",
            "Share of each agent's runs that ended in an error.",
            (
                Query(
                    share(runs.where(f'{ERROR}!=""').count(of=(AGENT,)), runs.count(of=(AGENT,))),
                    legend(AGENT),
                ),
            ),
            "percentunit",
            links=ways,
        ),
        Panel(
            TIME_SERIES,
            "Model calls per run, 95th percentile",
            "Calls that the agent itself made; those of its sub-agents are in their runs. Read from buckets, so a "
            "small number is coarse. The dashed line is where an alert rings.",
            (Query(calls.quantile(0.95, of=(AGENT,)), legend(AGENT)),),
            width=12,
            steps=ceiling(threshold(plan, AGENT_LOOP.thresholds[0].key)),
            lines=True,
            links=ways,
        ),
        Panel(
            TIME_SERIES,
            "Tool calls per run, mean",
            "How often an agent reaches for a tool. A jump is a tool that does not answer what was asked.",
            (Query(tools.mean(of=(AGENT,)), legend(AGENT)),),
            width=12,
            links=ways,
        ),
    )


def _tools(plan: Plan, tools: Histogram) -> tuple[Panel, ...]:
    ways = (link.of_tool(),)
    failing = share(tools.where(f'{ERROR}!=""').count(of=(TOOL,)), tools.count(of=(TOOL,)))
    labels = {SERVICE: "Service", AGENT: "Agent", TOOL: "Tool"}
    of = tuple(labels)
    all_runs = tools.count(of=of, window=RANGE, function="increase")
    failed = tools.where(f'{ERROR}!=""').count(of=of, window=RANGE, function="increase")
    return (
        Panel(
            TIME_SERIES,
            "Runs by tool",
            "Executions per second.",
            (Query(tools.count(of=(TOOL,)), legend(TOOL)),),
            _PER_SECOND,
            stacked="normal",
            links=ways,
        ),
        Panel(
            TIME_SERIES,
            "Failing runs by tool",
            "Share of each tool's runs that failed. The dashed line is where an alert rings.",
            (Query(failing, legend(TOOL)),),
            "percentunit",
            steps=ceiling(threshold(plan, TOOL_FAILURES.thresholds[0].key)),
            lines=True,
            links=ways,
        ),
        Panel(
            TIME_SERIES,
            "Duration by tool, 95th percentile",
            "Slow tools make slow agents.",
            (Query(tools.quantile(0.95, of=(TOOL,)), legend(TOOL), exemplars=True),),
            "s",
            links=ways,
        ),
        Panel(
            TABLE,
            "Tools",
            "Sums over the time shown. Click a row for its traces.",
            (
                Query(all_runs, "Runs", instant=True, unit="short"),
                Query(share(failed, all_runs), "Failing", instant=True, unit="percentunit"),
                Query(tools.mean(of=of, window=RANGE), "Mean", instant=True, unit="s"),
                Query(tools.quantile(0.95, of=of, window=RANGE), "p95", instant=True, unit="s"),
            ),
            width=24,
            labels=labels,
            sorted_by="Runs",
            links=(link.of_row({f"span.{attr.GEN_AI_TOOL_NAME}": "Tool"}),),
        ),
    )


def _workflows(words: Vocabulary) -> tuple[Panel, ...]:
    runs = _of(metrics.GEN_AI_INVOKE_WORKFLOW_DURATION, words)
    return (
        Panel(
            TIME_SERIES,
            "Runs by workflow",
            "Runs that ended, per minute.",
            (Query(f"60 * {runs.count(of=(_WORKFLOW,))}", legend(_WORKFLOW)),),
            "short",
            width=12,
            stacked="normal",
        ),
        Panel(
            TIME_SERIES,
            "Duration by workflow, 95th percentile",
            "From the first step of a workflow to its last.",
            (Query(runs.quantile(0.95, of=(_WORKFLOW,)), legend(_WORKFLOW)),),
            "s",
            width=12,
        ),
    )


def _operations(words: Vocabulary) -> tuple[Panel, ...]:
    others = words.other_operations
    return (
        Panel(
            TIME_SERIES,
            "Embeddings, retrievals and others",
            "Client operations that are no model call, per second.",
            (Query(others.count(of=(OPERATION,)), legend(OPERATION)),),
            _PER_SECOND,
            width=12,
            stacked="normal",
        ),
        Panel(
            TIME_SERIES,
            "Their duration, 95th percentile",
            "A slow retrieval is a slow answer.",
            (Query(others.quantile(0.95, of=(OPERATION,)), legend(OPERATION)),),
            "s",
            width=12,
        ),
    )


def _retries(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    per_call = share(rate(_RETRIES, words.of_calls, of=(MODEL,)), words.duration.count(of=(MODEL,)))
    return (
        Panel(
            TIME_SERIES,
            "Retries per model call",
            "Requests that the client library sent again. They hide errors and cost time. The dashed line is where an "
            "alert rings.",
            (Query(per_call, legend(MODEL)),),
            "short",
            width=16,
            steps=ceiling(threshold(plan, RETRIES_ALERT.thresholds[0].key)),
            lines=True,
            links=(link.of_model("span.http.request.resend_count > 0"),),
        ),
        stat(
            "Retries",
            "Requests sent again, in the time shown.",
            or_zero(increase(_RETRIES, words.of_calls)),
            decimals=0,
            instant=True,
            width=8,
            height=8,
        ),
    )
