"""The page of searches: from a number to the calls behind it, in Tempo and in Jaeger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.grafana import link
from spanwise.deploy.grafana.dashboard import Dashboard, Row
from spanwise.deploy.grafana.panel import TABLE, TEXT, TIME_SERIES, Panel, Query, legend
from spanwise.deploy.grafana.promql import PER_HOUR, rate
from spanwise.deploy.grafana.source import Source
from spanwise.deploy.grafana.vocabulary import MODEL, Vocabulary, series
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values
from spanwise.sink.traces import JAEGER, TEMPO


if TYPE_CHECKING:
    from spanwise.plan import Plan

_SERVICE: Final = f'resource.{attr.SERVICE_NAME} =~ "${{service:regex}}"'
_CHAT: Final = f'span.{attr.GEN_AI_OPERATION_NAME} = "{values.GEN_AI_OPERATION_NAME_CHAT}"'
_MICRO_USD: Final = f"span.{attr.SPANWISE_COST_MICRO_USD}"
_MODEL: Final = f"span.{attr.GEN_AI_REQUEST_MODEL}"

_WAYS: Final = """\
**From a number to the call behind it**

1. *A dot in a duration panel* is one call (an exemplar): click it, then **Open trace**.
2. *A line*: click it, then **Traces of this model** (or service, agent, tool): Tempo opens with that search.
3. *A row of a table*: click the value, then **Traces of this row**.
4. *A trace*: click a span, then **Related metrics**: back to the rate, duration and cost of its model.

Metrics count every call. Traces are a sample: errors, slow, dear, refused and poorly scored calls are kept, of the rest
the share that `sampling.ratio` says. Count with metrics, understand with traces.
"""

_JAEGER: Final = f"""\
**The same in Jaeger's own page** (Search, field *Tags*; each line is one search)

```
error=true
{attr.GEN_AI_OPERATION_NAME}=execute_tool error=true
{attr.GEN_AI_REQUEST_MODEL}=gpt-4.1-mini
{attr.GEN_AI_AGENT_NAME}=support
{attr.SPANWISE_COST_STATUS}=unpriced
{attr.SPANWISE_RESPONSE_REFUSED}=true
```

Jaeger compares for equality: for *slower than* use Min Duration, for *dearer than* use TraceQL above. A span's
**GenAI** tab shows tokens, messages and tool calls.
"""

_SEARCHES: Final = (
    ("Failed model calls", "With the error's type. Newest first.", f"{_CHAT} && status = error"),
    ("Slow model calls", "Longer than ten seconds.", f"{_CHAT} && span:duration > 10s"),
    ("Dear model calls", "More than five cents a call.", f"{_MICRO_USD} > 50000"),
    (
        "Failed tools",
        "Tools that failed inside an agent's run.",
        f'span.{attr.GEN_AI_OPERATION_NAME} = "{values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL}" && status = error',
    ),
    (
        "Declined and filtered answers",
        "What the model refused, or a filter of the provider stopped.",
        (
            f"span.{attr.SPANWISE_RESPONSE_REFUSED} = true"
            f' || span.{attr.GEN_AI_RESPONSE_FINISH_REASONS} =~ ".*content_filter.*"'
        ),
    ),
    ("Poor answers", "With a score below one half.", f"span.{attr.GEN_AI_EVALUATION_SCORE_VALUE} < 0.5"),
    ("Large prompts", "More than 50,000 input tokens.", f"span.{attr.GEN_AI_USAGE_INPUT_TOKENS} > 50000"),
    ("Calls without a price", "Add their models to the policy.", f'span.{attr.SPANWISE_COST_STATUS} = "unpriced"'),
)


def explore(plan: Plan, words: Vocabulary) -> Dashboard:
    """Searches that are worth having at hand, in the stores of traces that the policy names."""
    sources = (
        Source.PROMETHEUS,
        *((Source.TEMPO,) if plan.sinks.trace(TEMPO) else ()),
        *((Source.JAEGER,) if plan.sinks.trace(JAEGER) else ()),
    )
    rows = [Row("How to get from a number to a call", _ways(words))]
    if Source.TEMPO in sources:
        rows += [Row("Searches (TraceQL)", _tempo()), Row("Metrics from traces (TraceQL)", _trace_metrics())]
    if Source.JAEGER in sources:
        rows.append(Row("Searches in Jaeger", _jaeger()))
    return Dashboard(
        uid=words.uid("explore"),
        title=words.title("Explore"),
        about="Searches for single calls and traces, and the ways from metrics to them and back.",
        rows=tuple(rows),
        variables=words.variables,
        sources=sources,
        since="now-1h",
        refresh="",
        tags=words.tags,
    )


def _ways(words: Vocabulary) -> tuple[Panel, ...]:
    cost = series(metrics.SPANWISE_COST)
    return (
        Panel(TEXT, "Ways", "From metrics to traces and back.", width=12, height=9, text=_WAYS),
        Panel(
            TIME_SERIES,
            "Duration, with single calls",
            "Dots are calls. Click one, then Open trace.",
            (Query(words.duration.quantile(0.95), "p95", exemplars=True),),
            "s",
            width=6,
            height=9,
        ),
        Panel(
            TIME_SERIES,
            "Cost per hour, with a way to the dear calls",
            "Click a line, then Traces of this model: calls that cost more than a cent.",
            (Query(f"{PER_HOUR} {rate(cost, words.of_calls, of=(MODEL,))}", legend(MODEL)),),
            "currencyUSD",
            width=6,
            height=9,
            links=(link.of_model(f"{_MICRO_USD} > 10000"),),
        ),
    )


def _tempo() -> tuple[Panel, ...]:
    chosen = ", ".join((f"resource.{attr.SERVICE_NAME}", _MODEL, _MICRO_USD, f"span.{attr.ERROR_TYPE}"))
    return tuple(
        Panel(
            TABLE,
            title,
            f"{about} Click a trace to open it.",
            (Query(f"{{ {_SERVICE} && ({condition}) }} | select({chosen})", title),),
            width=12,
            source=Source.TEMPO,
        )
        for title, about, condition in _SEARCHES
    )


def _trace_metrics() -> tuple[Panel, ...]:
    nested = f'{{ span.{attr.GEN_AI_OPERATION_NAME} = "{values.GEN_AI_OPERATION_NAME_INVOKE_AGENT}" }}'
    questions = (
        (
            "Model calls inside agents, by model",
            "Per second, of kept traces only.",
            f"{nested} >> {{ {_CHAT} && {_SERVICE} }} | rate() by ({_MODEL})",
            "ops",
        ),
        (
            "Cost of kept traces, by model",
            "Millionths of a US dollar in each step. Sums of all calls are on Cost and budgets.",
            f"{{ {_SERVICE} && {_MICRO_USD} > 0 }} | sum_over_time({_MICRO_USD}) by ({_MODEL})",
            "short",
        ),
        (
            "Duration of kept calls, 95th percentile",
            "With single calls as dots. Errors and slow calls are kept more often, so it is above that of all calls.",
            f"{{ {_CHAT} && {_SERVICE} }} | quantile_over_time(span:duration, .95) by ({_MODEL}) with (exemplars=true)",
            "s",
        ),
    )
    return tuple(
        Panel(TIME_SERIES, title, about, (Query(question, title),), unit, source=Source.TEMPO)
        for title, about, question, unit in questions
    )


def _jaeger() -> tuple[Panel, ...]:
    searches = (
        ("Failed calls", "error=true", {"service": "$service"}),
        ("Failed tools", f"{attr.GEN_AI_OPERATION_NAME}=execute_tool error=true", {"service": "$service"}),
        (
            "Calls slower than ten seconds",
            f"{attr.GEN_AI_OPERATION_NAME}=chat",
            {"service": "$service", "minDuration": "10s"},
        ),
    )
    tables = tuple(
        Panel(
            TABLE,
            title,
            "Choose one service above: Jaeger searches one at a time. Click a trace to open it.",
            (Query(tags, title, more=more),),
            source=Source.JAEGER,
        )
        for title, tags, more in searches
    )
    return (*tables, Panel(TEXT, "In Jaeger", "Searches to copy.", width=24, height=9, text=_JAEGER))
