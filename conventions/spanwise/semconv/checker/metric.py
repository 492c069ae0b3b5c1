"""The rules for one metric."""

from __future__ import annotations

from collections.abc import Iterator

from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics
from spanwise.semconv.checker.attribute import judge, renamed
from spanwise.semconv.checker.condition import Facts
from spanwise.semconv.checker.contextual import outdated_point
from spanwise.semconv.checker.label import variant
from spanwise.semconv.checker.namespace import governed, well_formed
from spanwise.semconv.checker.presence import missing
from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.checker.sample import MetricSample
from spanwise.semconv.deprecated import RENAMED
from spanwise.semconv.descriptor import Instrument


def judge_metric(sample: MetricSample) -> Iterator[Note]:
    """Everything to say about a metric; each thing once, however many data points it is true of."""
    yield from dict.fromkeys(_judge(sample))


def _judge(sample: MetricSample) -> Iterator[Note]:
    instrument = metrics.ALL.get(sample.name)
    if instrument is None:
        if sample.name in RENAMED:
            yield Note(Rule.DEPRECATED, None, renamed(sample.name))
        elif governed(sample.name):
            yield Note(Rule.MISSING_METRIC, None, "not in the registry")
            if not well_formed(sample.name):
                yield Note(Rule.INVALID_FORMAT, None, "not lower case, digits, single dots and underscores")
    else:
        yield from _instrument(sample, instrument)
    for point in sample.points:
        yield from judge(point, structured=False)
        if instrument is not None:
            facts = Facts(point, failed=point.get(attr.ERROR_TYPE) is not None)
            yield from missing(instrument.uses, facts)
            yield from outdated_point(sample.name, point)


def _instrument(sample: MetricSample, instrument: Instrument) -> Iterator[Note]:
    if sample.unit != instrument.unit:
        shown = variant(sample.unit) if sample.unit else "no unit"
        yield Note(Rule.UNIT_MISMATCH, None, f"{shown} where the convention has {variant(instrument.unit)}")
    if sample.instrument and sample.instrument != instrument.kind:
        yield Note(Rule.UNEXPECTED_INSTRUMENT, None, f"{sample.instrument} where the convention has {instrument.kind}")
