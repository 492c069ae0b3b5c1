"""The page that is looked at first: rate, errors, duration, cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.alert.slo import ERRORS, LATENCY, TIME_TO_FIRST_CHUNK
from spanwise.deploy.grafana import link
from spanwise.deploy.grafana.dashboard import Dashboard, Row
from spanwise.deploy.grafana.limit import ceiling, objective, threshold
from spanwise.deploy.grafana.panel import HEATMAP, TABLE, TIME_SERIES, Panel, Query, legend, stat
from spanwise.deploy.grafana.promql import PER_HOUR, PER_MINUTE, RANGE, RATE, increase, or_none, or_zero, rate, share
from spanwise.deploy.grafana.vocabulary import ERROR, FAILED, MODEL, PROVIDER, SERVICE, Vocabulary, series
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics


if TYPE_CHECKING:
    from spanwise.plan import Plan

_CALLS_UNIT: Final = "reqps"
_USD: Final = "currencyUSD"


def overview(plan: Plan, words: Vocabulary) -> Dashboard:
    """How much is asked, how much of it fails, how long it takes and what it costs."""
    return Dashboard(
        uid=words.uid("overview"),
        title=words.title("Overview"),
        about="Model calls of all services: rate, errors, duration, time to first chunk, tokens and cost.",
        rows=(
            Row("Now", _now(plan, words)),
            Row("Traffic and errors", _traffic(words)),
            Row("Duration", _duration(plan, words)),
            Row("Tokens and cost", _spend(words)),
            Row("By service and model", (_table(words),)),
        ),
        variables=words.variables,
        tags=words.tags,
    )


def _now(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    failed = share(words.duration.where(FAILED).count(), words.duration.count())
    cost = series(metrics.SPANWISE_COST)
    unpriced = increase(series(metrics.SPANWISE_COST_UNPRICED), (*words.of_calls, f'{ERROR}=""'))
    return (
        stat(
            "Calls per second",
            "Model calls that ended, failed ones too. A fall to nothing is an outage or a loss of telemetry: look at "
            "Pipeline health.",
            words.duration.count(),
            _CALLS_UNIT,
        ),
        stat(
            "Failing calls",
            "Share of calls that failed; calls that their own caller gave up are not among them. Red: the error "
            "objective of the policy is not held. Look at the errors by type below.",
            failed,
            "percentunit",
            steps=ceiling(objective(plan, ERRORS)),
        ),
        stat(
            "Duration, 95th percentile",
            "One call in twenty takes longer. Red: longer than the latency objective of the policy. See which model "
            "it is below, then open a slow trace.",
            words.duration.quantile(0.95),
            "s",
            steps=ceiling(objective(plan, LATENCY)),
        ),
        stat(
            "First chunk, 95th percentile",
            "How long people wait for the first word of a streamed answer. Empty where nobody streams.",
            words.first_chunk.quantile(0.95),
            "s",
            steps=ceiling(objective(plan, TIME_TO_FIRST_CHUNK)),
        ),
        stat(
            "Cost per hour",
            "US dollars at the pace of now. Calls without a known price are not in it: see the panel beside.",
            f"{PER_HOUR} {rate(cost, words.of_calls)}",
            _USD,
            decimals=2,
        ),
        stat(
            "Calls without a price",
            "In the time shown. Their cost is unknown, not 0, and no budget sees it. Add a price to the policy.",
            or_zero(unpriced),
            "short",
            steps=ceiling(threshold(plan, "unpriced_calls")),
            decimals=0,
            instant=True,
        ),
    )


def _traffic(words: Vocabulary) -> tuple[Panel, ...]:
    by_model = words.duration.count(of=(MODEL,))
    errors = words.duration.where(f'{ERROR}!=""').count(of=(ERROR,))
    failing = share(words.duration.where(FAILED).count(of=(MODEL,)), by_model)
    return (
        Panel(
            TIME_SERIES,
            "Calls by model",
            "Model calls per second by the model that was asked for.",
            (Query(by_model, legend(MODEL)),),
            _CALLS_UNIT,
            stacked="normal",
            links=(link.of_model(),),
        ),
        Panel(
            TIME_SERIES,
            "Failing calls by model",
            "Share of each model's calls that fail. One model: look at its provider. All of them: look at your network "
            "and credentials.",
            (Query(failing, legend(MODEL)),),
            "percentunit",
            links=(link.of_model("status = error"),),
        ),
        Panel(
            TIME_SERIES,
            "Errors by type",
            "Failed calls per second by error.type: the status code, or the class of the exception. 429 and rate "
            "limits: slow down or raise the quota. 401: credentials. 5xx and timeouts: the provider.",
            (Query(or_none(errors, ERROR), legend(ERROR)),),
            _CALLS_UNIT,
            stacked="normal",
            links=(link.traces("Failed traces", f'span.{attr.ERROR_TYPE} = "${{__field.labels.{ERROR}}}"'),),
        ),
    )


def _duration(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    parts = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    return (
        Panel(
            TIME_SERIES,
            "Duration of calls",
            "Half, 95 % and 99 % of calls take at most this long; a stream until its last chunk. Dots are calls: "
            "click one to open its trace. The dashed line is the latency objective.",
            tuple(Query(words.duration.quantile(part), name, exemplars=name == "p95") for name, part in parts),
            "s",
            steps=ceiling(objective(plan, LATENCY)),
            lines=True,
        ),
        Panel(
            TIME_SERIES,
            "Duration by model, 95th percentile",
            "Which model is slow. Long answers take longer: compare with the output tokens below.",
            (Query(words.duration.quantile(0.95, of=(MODEL,)), legend(MODEL)),),
            "s",
            links=(link.of_model("kind = client"),),
        ),
        Panel(
            TIME_SERIES,
            "Time to first chunk",
            "What people wait for in a chat, by model, 95th percentile. Streamed calls only. The dashed line is the "
            "objective.",
            (Query(words.first_chunk.quantile(0.95, of=(MODEL,)), legend(MODEL), exemplars=True),),
            "s",
            steps=ceiling(objective(plan, TIME_TO_FIRST_CHUNK)),
            lines=True,
            links=(link.of_model(),),
        ),
        Panel(
            HEATMAP,
            "Durations",
            "How many calls a second fell into each span of time. Two bands are two kinds of calls, or a cache.",
            (Query(words.duration.buckets(), "{{le}}"),),
            "s",
            width=24,
            height=7,
        ),
    )


def _spend(words: Vocabulary) -> tuple[Panel, ...]:
    cost = series(metrics.SPANWISE_COST)
    return (
        Panel(
            TIME_SERIES,
            "Tokens per minute",
            "Input tokens include those read from a cache. Input that grows while calls do not is a prompt, a history "
            "or a retrieval that grew.",
            tuple(
                Query(f"{PER_MINUTE} {words.tokens(direction, window=RATE)}", direction)
                for direction in ("input", "output")
            ),
            "short",
        ),
        Panel(
            TIME_SERIES,
            "Cost per hour by model",
            "US dollars at the pace of the moment, priced when the call was made.",
            (Query(f"{PER_HOUR} {rate(cost, words.of_calls, of=(MODEL,))}", legend(MODEL)),),
            _USD,
            stacked="normal",
            links=(link.of_model(f"span.{attr.SPANWISE_COST_MICRO_USD} > 10000"),),
        ),
        Panel(
            TIME_SERIES,
            "Cost per hour by service",
            "Who spends it. Follow the link to the service's traces, or go to Cost and budgets.",
            (Query(f"{PER_HOUR} {rate(cost, words.of_calls, of=(SERVICE,))}", legend(SERVICE)),),
            _USD,
            stacked="normal",
            links=(link.of_service(),),
        ),
    )


def _table(words: Vocabulary) -> Panel:
    labels = {SERVICE: "Service", PROVIDER: "Provider", MODEL: "Model"}
    of = tuple(labels)
    calls = words.duration.count(of=of, window=RANGE, function="increase")
    failed = words.duration.where(FAILED).count(of=of, window=RANGE, function="increase")
    cost = increase(series(metrics.SPANWISE_COST), words.of_calls, of=of)
    return Panel(
        TABLE,
        "Calls, errors, duration and cost",
        "Sums over the time shown. Click a row for its traces.",
        (
            Query(calls, "Calls", instant=True, unit="short"),
            Query(share(failed, calls), "Failing", instant=True, unit="percentunit"),
            Query(words.duration.quantile(0.5, of=of, window=RANGE), "p50", instant=True, unit="s"),
            Query(words.duration.quantile(0.95, of=of, window=RANGE), "p95", instant=True, unit="s"),
            Query(cost, "Cost", instant=True, unit=_USD),
            Query(f"{cost} / {calls}", "Cost per call", instant=True, unit=_USD),
        ),
        width=24,
        height=9,
        labels=labels,
        sorted_by="Cost",
        links=(
            link.of_row({f"resource.{attr.SERVICE_NAME}": "Service", f"span.{attr.GEN_AI_REQUEST_MODEL}": "Model"}),
        ),
    )
