"""The catalogue of what Prometheus holds of this distribution: name, kind and labels of every series we really emit.

Names follow the translation that Prometheus applies to OTLP by default (`UnderscoreEscapingWithSuffixes`), and that the
Collector's Prometheus exporters apply too. Rules and dashboards take their names from here, so that a query for
something nobody records cannot be written. Source of the rules: the specification "Prometheus and OpenMetrics
Compatibility" of OpenTelemetry, and Prometheus 3 itself, against which a test compares the whole catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour, metrics
from spanwise.semconv.descriptor import Instrument


COUNTER: Final = "counter"
HISTOGRAM: Final = "histogram"
GAUGE: Final = "gauge"

RESOURCE_LABELS: Final = (
    "service_name",
    "service_namespace",
    "service_instance_id",
    "deployment_environment_name",
    "job",
    "instance",
)
"""Labels of every series: resource attributes that our Prometheus promotes, and the two it makes of them itself."""

_UNITS: Final = {"s": "seconds", "ms": "milliseconds", "By": "bytes"}
"""Units that have a word in Prometheus; others stay as they are, in their case."""
_OTHER: Final = re.compile(r"[^A-Za-z0-9]+")
_RANGE: Final = ("bucket", "sum", "count")


@dataclass(frozen=True, slots=True)
class Series:
    """One metric as Prometheus holds it.

    Attributes:
        metric: Its name in OpenTelemetry: `gen_ai.client.inference.duration`.
        name: Its name in Prometheus, of a histogram without `_bucket`, `_sum` and `_count`.
        kind: counter, histogram or gauge.
        unit: In UCUM, as the instrument has it.
        labels: Every label it may carry, those of the resource left out. One that does not apply to a measurement is
            absent from its series, as `error_type` is of what succeeded.
        buckets: Upper bounds of a histogram, without infinity; empty where the SDK decides.
        of_call: Whether the labels that a policy adds (`measure.labels`) stand on it.
        flavours: States of the convention whose choice in `measure.flavours` records it.
    """

    metric: str
    name: str
    kind: str
    unit: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...] = ()
    of_call: bool = False
    flavours: tuple[str, ...] = tuple(flavour.ALL)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that queries use."""
        return tuple(f"{self.name}_{part}" for part in _RANGE) if self.kind == HISTOGRAM else (self.name,)

    def labelled(self, extra: Iterable[str]) -> tuple[str, ...]:
        """Its labels where the policy adds those of the attributes `extra`."""
        added = (label_name(name) for name in extra) if self.of_call else ()
        return tuple(dict.fromkeys((*self.labels, *added)))


def label_name(attribute: str) -> str:
    """The label that Prometheus makes of an attribute: `gen_ai.request.model` as `gen_ai_request_model`."""
    name = _OTHER.sub("_", attribute)
    return f"key_{name}" if name[:1].isdigit() else name


def series_name(metric: str, *, kind: str, unit: str) -> str:
    """The name that Prometheus gives to a metric: words joined by `_`, then the unit, then `total` on a counter.

    A unit in braces is an annotation and is left out; `1` becomes `ratio` on a gauge and nothing on others; a unit
    that the name has already as a word is not repeated.
    """
    words = [word for word in _OTHER.split(metric) if word]
    for part in _unit_words(unit):
        if part not in words:
            words.append(part)
    if unit == "1" and kind == GAUGE:
        words = [word for word in words if word != "ratio"] + ["ratio"]
    if kind == COUNTER:
        words = [word for word in words if word != "total"] + ["total"]
    name = "_".join(words)
    return f"_{name}" if name[:1].isdigit() else name


def find(name: str) -> Series | None:
    """The series that a query asks for by `name`, with or without a histogram's ending; `None` when nobody emits it."""
    return _BY_NAME.get(name)


def _unit_words(unit: str) -> list[str]:
    if unit == "1" or "{" in unit:
        return []
    return [word for word in _OTHER.split(_UNITS.get(unit, unit)) if word]


def _series(instrument: Instrument, *, of_call: bool = False, flavours: tuple[str, ...] = tuple(flavour.ALL)) -> Series:
    return Series(
        metric=instrument.name,
        name=series_name(instrument.name, kind=instrument.kind, unit=instrument.unit),
        kind=instrument.kind,
        unit=instrument.unit,
        labels=tuple(label_name(use.attribute) for use in instrument.uses),
        buckets=instrument.buckets or (),
        of_call=of_call,
        flavours=flavours,
    )


def _past(metric: flavour.PastMetric, base: Instrument, *extra: str) -> Series:
    """A metric of older conventions, with the labels of what took its place and those of its own."""
    made = _series(
        base._replace(name=metric.name, unit=metric.unit),
        of_call=True,
        flavours=tuple(one.name for one in flavour.ALL.values() if metric in one.metrics),
    )
    labels = (*made.labels, *map(label_name, (*extra, flavour.SYSTEM)))
    return Series(made.metric, made.name, made.kind, made.unit, labels, made.buckets, True, made.flavours)  # noqa: FBT003


_CURRENT: Final = (flavour.CURRENT.name,)
_CALLS: Final = (
    metrics.GEN_AI_CLIENT_INFERENCE_DURATION,
    metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
    metrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    metrics.GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    metrics.GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
    metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
    metrics.GEN_AI_CLIENT_OPERATION_DURATION,
    metrics.GEN_AI_EXECUTE_TOOL_DURATION,
    metrics.GEN_AI_INVOKE_AGENT_DURATION,
    metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
    metrics.GEN_AI_INVOKE_AGENT_TOOL_CALLS,
    metrics.GEN_AI_INVOKE_WORKFLOW_DURATION,
)
"""What is recorded of finished spans in the current convention."""
_OURS: Final = (
    metrics.SPANWISE_COST,
    metrics.SPANWISE_COST_UNPRICED,
    metrics.SPANWISE_COST_CACHE_SAVINGS,
    metrics.SPANWISE_RESPONSES,
    metrics.SPANWISE_RETRIES,
    metrics.SPANWISE_SCORE,
)
"""What is recorded of finished spans whatever flavour is chosen."""
_PROCESS: Final = (
    metrics.SPANWISE_BUDGET_SPEND,
    metrics.SPANWISE_BUDGET_LIMIT,
    metrics.SPANWISE_BUDGET_HIGHEST_SHARE,
    metrics.SPANWISE_BUDGET_DECISIONS,
    metrics.SPANWISE_BUDGET_AGE,
    metrics.SPANWISE_COST_BOOK_TIME,
    metrics.SPANWISE_LABELS_REPLACED,
    metrics.SPANWISE_EXPORT_SPANS,
    metrics.SPANWISE_PIPELINE_SPANS,
    metrics.SPANWISE_PIPELINE_ERRORS,
    metrics.SPANWISE_PIPELINE_REDACTIONS,
    metrics.SPANWISE_PIPELINE_DROPPED,
)
"""What a process says of itself."""

SERIES: Final[Mapping[str, Series]] = {
    series.metric: series
    for series in (
        *(_series(instrument, of_call=True, flavours=_CURRENT) for instrument in _CALLS),
        *(_series(instrument, of_call=True) for instrument in _OURS),
        *(_series(instrument) for instrument in _PROCESS),
    )
}
"""Every series of the current convention and of our own, by the name of its metric."""

PAST_SERIES: Final[Mapping[str, Series]] = {
    series.metric: series
    for series in (
        _past(
            flavour.TOKEN_USAGE,
            metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS._replace(
                uses=tuple(
                    use
                    for use in metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS.uses
                    if use.attribute != attr.ERROR_TYPE
                )
            ),
            flavour.TOKEN_TYPE,
        ),
        _past(flavour.OPERATION_DURATION, metrics.GEN_AI_CLIENT_INFERENCE_DURATION),
        _past(flavour.TIME_TO_FIRST_CHUNK, metrics.GEN_AI_CLIENT_INFERENCE_DURATION),
    )
}
"""The series that `released` and `legacy` record, by the name of their metric. The duration of operations has one name
in all flavours: in `current` it is without inference calls."""

_BY_NAME: Final = {
    name: series
    for catalogue in (PAST_SERIES, SERIES)
    for series in catalogue.values()
    for name in (series.name, *series.names)
}
