"""Metrics made of spans, before any of them is sampled away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector import path
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.release import Component
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


if TYPE_CHECKING:
    from spanwise.semconv.descriptor import Instrument


_CALLS: Final = (
    values.GEN_AI_OPERATION_NAME_CHAT,
    values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
    values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
)
"""Operations that the convention calls inference."""

_RESOURCE: Final = (attr.SERVICE_NAME, attr.SERVICE_INSTANCE_ID, attr.DEPLOYMENT_ENVIRONMENT_NAME)
_SKIPPED: Final = frozenset({attr.GEN_AI_TOKEN_MODALITY})
_COUNTED: Final = (
    (metrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, attr.GEN_AI_USAGE_INPUT_TOKENS),
    (metrics.GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, attr.GEN_AI_USAGE_OUTPUT_TOKENS),
    (metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
    (metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
)
_FOREIGN: Final = f"{path.span(attr.SPANWISE_PROCESSED)} == nil"

_ABOUT: Final = (
    "The metrics that our SDK records, for spans that it did not see: they lack the marker, so that nothing is counted "
    "twice. An attribute that is absent is left out of the series."
)


def requests(configuration: Configuration) -> str:
    """The id of the connector whose metrics Jaeger's Monitor tab reads."""
    settings: Block = {
        "histogram": {"unit": "ms", "explicit": {"buckets": [f"{10 * 2**power}ms" for power in range(14)]}},
        "dimensions": [{"name": attr.GEN_AI_OPERATION_NAME}, {"name": attr.GEN_AI_REQUEST_MODEL}],
        "exemplars": {"enabled": True, "max_per_data_point": 5},
        "aggregation_temporality": "AGGREGATION_TEMPORALITY_CUMULATIVE",
        "aggregation_cardinality_limit": 5_000,
        "resource_metrics_key_attributes": [attr.SERVICE_NAME],
        "metrics_flush_interval": "15s",
        "metrics_expiration": "1h",
    }
    identity = configuration.add(
        Component.SPAN_METRICS, "", settings, "Calls, errors and durations of every span, for Jaeger's Monitor tab."
    )
    configuration.comment(
        "connectors",
        identity,
        "aggregation_cardinality_limit",
        text="Series above it become one, which says otel_metric_overflow.",
    )
    return identity


def of_foreign_spans(configuration: Configuration) -> str:
    """The id of the connector that makes our metrics of spans that no pipeline of ours has seen."""
    settings: Block = {"error_mode": "ignore", "spans": list(_instruments())}
    return configuration.add(Component.SIGNAL_TO_METRICS, "foreign", settings, _ABOUT)


def cumulative(configuration: Configuration) -> str:
    """The id of the processor that adds up what the connectors give in pieces, as Prometheus wants it."""
    settings: Block = {"max_stale": "1h", "max_streams": 50_000}
    return configuration.add(
        Component.CUMULATIVE,
        "",
        settings,
        "Prometheus refuses pieces. A series that is silent for an hour is forgotten.",
    )


def _instruments() -> Iterator[Block]:
    call = f"{_FOREIGN} and {_is_one_of(*_CALLS)}"
    duration = metrics.ALL[metrics.GEN_AI_CLIENT_INFERENCE_DURATION.name]
    yield _histogram(duration, call, "Seconds(span.end_time - span.start_time)")
    first = path.span(attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)
    yield _histogram(
        metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, f"{call} and {first} != nil", f"Double({first})"
    )
    for instrument, source in _COUNTED:
        tokens = path.span(source)
        yield _counter(instrument, f"{call} and {tokens} != nil", f"Int({tokens})")
    yield from _cost()


def _cost() -> Iterator[Block]:
    """Cost of calls that the rules price. A call that two spans report is counted twice: only a process can tell."""
    amount, status = path.span(attr.SPANWISE_COST_AMOUNT_USD), path.span(attr.SPANWISE_COST_STATUS)
    call = f"{_FOREIGN} and {_is_one_of(*_CALLS, values.GEN_AI_OPERATION_NAME_EMBEDDINGS)}"
    unpriced = path.text(values.SPANWISE_COST_STATUS_UNPRICED)
    yield _counter(metrics.SPANWISE_COST, f"{call} and {amount} != nil", f"Double({amount})")
    yield _counter(metrics.SPANWISE_COST_UNPRICED, f"{call} and {status} == {unpriced}", "1")


def _histogram(instrument: Instrument, condition: str, value: str) -> Block:
    buckets = list(instrument.buckets or ())
    return {**_head(instrument, condition), "histogram": {"buckets": buckets, "count": "1", "value": value}}


def _counter(instrument: Instrument, condition: str, value: str) -> Block:
    return {**_head(instrument, condition), "sum": {"value": value, "monotonic": True}}


def _head(instrument: Instrument, condition: str) -> Block:
    labels = [use.attribute for use in instrument.uses if use.attribute not in _SKIPPED]
    return {
        "name": instrument.name,
        "description": instrument.description,
        "unit": instrument.unit,
        "conditions": [condition],
        "include_resource_attributes": [{"key": key, "optional": True} for key in _RESOURCE],
        "attributes": [{"key": key, "optional": True} for key in labels],
    }


def _is_one_of(*operations: str) -> str:
    operation = path.span(attr.GEN_AI_OPERATION_NAME)
    return "(" + path.any_of(*(f"{operation} == {path.text(name)}" for name in operations)) + ")"
