"""Data points, metrics and scopes that have become one because what told them apart was taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias, TypeVar, cast

from opentelemetry.sdk.metrics.export import (
    Buckets,
    ExponentialHistogram,
    ExponentialHistogramDataPoint,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    ScopeMetrics,
    Sum,
)
from opentelemetry.util.types import Attributes


DataPoint: TypeAlias = NumberDataPoint | HistogramDataPoint | ExponentialHistogramDataPoint
Data: TypeAlias = Sum | Gauge | Histogram | ExponentialHistogram
Replaced: TypeAlias = Any
"""A data point, or what holds some, with other fields: `dataclasses.replace` loses which of the classes it is."""

Point = TypeVar("Point", NumberDataPoint, HistogramDataPoint, ExponentialHistogramDataPoint)

_MOST_EXEMPLARS: Final = 16


def labels_key(attributes: Attributes) -> frozenset[tuple[str, object]]:
    """Something equal for equal attributes, that can be a key. Lists count as tuples."""
    items = (attributes or {}).items()
    try:
        return frozenset(items)
    except TypeError:  # a list or a map among them
        return frozenset((key, _hashable(value)) for key, value in items)


def together(scopes: Sequence[ScopeMetrics]) -> list[ScopeMetrics]:
    """`scopes` with one entry for each scope, and in it one metric of each name: an exporter keeps one of two."""
    found: dict[object, ScopeMetrics] = {}
    for each in scopes:
        known = found.get((each.scope, each.schema_url))
        metrics = [*known.metrics, *each.metrics] if known is not None else each.metrics
        found[each.scope, each.schema_url] = ScopeMetrics(each.scope, metrics, each.schema_url)
    return [ScopeMetrics(each.scope, _of_each_name(each.metrics), each.schema_url) for each in found.values()]


def _of_each_name(metrics: Sequence[Metric]) -> list[Metric]:
    found: dict[object, Metric] = {}
    for metric in metrics:
        data = metric.data
        kind = type(data), getattr(data, "aggregation_temporality", None), getattr(data, "is_monotonic", None)
        known = found.get((metric.name, metric.unit, kind))
        if known is None:
            found[metric.name, metric.unit, kind] = metric
            continue
        points = [*known.data.data_points, *data.data_points]
        both = merged(cast("Data", replace(cast("Replaced", data), data_points=points)))
        found[metric.name, metric.unit, kind] = Metric(known.name, known.description, known.unit, both)
    return list(found.values())


def merged(data: Data) -> Data:
    """`data` with one point for each set of labels; a back end would refuse two, or keep one of them.

    Sums and histograms are added up, of gauges the latest stays. Histograms with other bounds stay apart.
    """
    if isinstance(data, Sum):
        return replace(data, data_points=_grouped(data.data_points, _sum))
    if isinstance(data, Gauge):
        return replace(data, data_points=_grouped(data.data_points, _latest))
    if isinstance(data, Histogram):
        return replace(data, data_points=_grouped(data.data_points, _histogram))
    return replace(data, data_points=_grouped(data.data_points, _exponential))


def _grouped(points: Sequence[Point], add: Callable[[Point, Point], Point | None]) -> list[Point]:
    by_labels: dict[frozenset[tuple[str, object]], Point] = {}
    apart: list[Point] = []
    for point in points:
        key = labels_key(point.attributes)
        known = by_labels.get(key)
        both = point if known is None else add(known, point)
        if both is None:
            apart.append(point)
        else:
            by_labels[key] = both
    return list(by_labels.values()) + apart


def _sum(one: NumberDataPoint, other: NumberDataPoint) -> NumberDataPoint:
    return NumberDataPoint(
        one.attributes,
        min(one.start_time_unix_nano, other.start_time_unix_nano),
        max(one.time_unix_nano, other.time_unix_nano),
        one.value + other.value,
        [*one.exemplars, *other.exemplars][:_MOST_EXEMPLARS],
    )


def _latest(one: NumberDataPoint, other: NumberDataPoint) -> NumberDataPoint:
    return other if other.time_unix_nano >= one.time_unix_nano else one


def _histogram(one: HistogramDataPoint, other: HistogramDataPoint) -> HistogramDataPoint | None:
    if tuple(one.explicit_bounds) != tuple(other.explicit_bounds):
        return None
    return replace(
        one,
        start_time_unix_nano=min(one.start_time_unix_nano, other.start_time_unix_nano),
        time_unix_nano=max(one.time_unix_nano, other.time_unix_nano),
        count=one.count + other.count,
        sum=one.sum + other.sum,
        bucket_counts=[a + b for a, b in zip(one.bucket_counts, other.bucket_counts, strict=True)],
        min=min(one.min, other.min),
        max=max(one.max, other.max),
        exemplars=[*one.exemplars, *other.exemplars][:_MOST_EXEMPLARS],
    )


def _exponential(
    one: ExponentialHistogramDataPoint, other: ExponentialHistogramDataPoint
) -> ExponentialHistogramDataPoint:
    scale = min(one.scale, other.scale)
    return replace(
        one,
        start_time_unix_nano=min(one.start_time_unix_nano, other.start_time_unix_nano),
        time_unix_nano=max(one.time_unix_nano, other.time_unix_nano),
        count=one.count + other.count,
        sum=one.sum + other.sum,
        scale=scale,
        zero_count=one.zero_count + other.zero_count,
        positive=_buckets((one.positive, one.scale - scale), (other.positive, other.scale - scale)),
        negative=_buckets((one.negative, one.scale - scale), (other.negative, other.scale - scale)),
        min=min(one.min, other.min),
        max=max(one.max, other.max),
        exemplars=[*one.exemplars, *other.exemplars][:_MOST_EXEMPLARS],
    )


def _buckets(*given: tuple[Buckets, int]) -> Buckets:
    """Buckets added up at a scale that is so many steps coarser: each step puts two neighbours into one."""
    counts: dict[int, int] = {}
    for buckets, steps in given:
        for place, count in enumerate(buckets.bucket_counts):
            if count:
                index = (buckets.offset + place) >> steps
                counts[index] = counts.get(index, 0) + count
    if not counts:
        return Buckets(0, [])
    low, high = min(counts), max(counts)
    return Buckets(low, [counts.get(index, 0) for index in range(low, high + 1)])


def _hashable(value: object) -> object:
    if isinstance(value, Mapping):
        return labels_key(value)
    return tuple(map(_hashable, value)) if isinstance(value, list | tuple) else value
