"""Calls as the series that Prometheus would hold of them: through the real step that measures, minute by minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, NumberDataPoint

from spanwise.deploy.series import SERIES, label_name
from spanwise.measure import Measure, MeasureConfig
from spanwise.record import SpanRecord
from tests.measure.metering import reading


MINUTE_NS: Final = 60 * 10**9

Samples = dict[str, list[str]]
"""Values by series, one for each minute; `_` where there is none yet."""


def series_of(records: Sequence[SpanRecord], *, minutes: int, labels: tuple[str, ...] = ()) -> dict[str, str]:
    """The series of `records` over so many minutes from 1970 on, in promtool's notation.

    Each service is a process of its own that exports every minute, until a minute after its last call or the end.
    """
    services: dict[tuple[tuple[str, str], ...], list[SpanRecord]] = defaultdict(list)
    for record in sorted(records, key=lambda each: each.end_unix_nano):
        told = {name: str(value) for name, value in record.resource.attributes.items()}
        services[tuple(sorted(told.items()))].append(record)
    found: dict[str, str] = {}
    for resource, own in services.items():
        for name, values in _exported(own, dict(resource), minutes, labels).items():
            found[name] = " ".join(values)
    return found


def _exported(
    records: Sequence[SpanRecord], resource: Mapping[str, str], minutes: int, labels: tuple[str, ...]
) -> Samples:
    samples: Samples = {}
    with pytest.MonkeyPatch.context() as patch:
        readers = reading(patch)
        reader = next(readers)
        measure = Measure(MeasureConfig(labels=labels))
        waiting = iter([*records, None])
        record = next(waiting)
        last = min(minutes, records[-1].end_unix_nano // MINUTE_NS + 1)
        for minute in range(last + 1):
            while record is not None and record.end_unix_nano <= minute * MINUTE_NS:
                measure(record)
                record = next(waiting)
            for name, value in _points(reader, resource):
                series = samples.setdefault(name, ["_"] * minute)
                series.append(f"{value:g}" if value == int(value) else repr(float(value)))
        next(readers, None)
    return samples


def _points(reader: InMemoryMetricReader, resource: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    data = reader.get_metrics_data()
    for group in data.resource_metrics if data else ():
        for scope in group.scope_metrics:
            for metric in scope.metrics:
                name = SERIES[metric.name].name
                for point in metric.data.data_points:
                    told = {**resource, **{str(key): str(value) for key, value in (point.attributes or {}).items()}}
                    if isinstance(point, NumberDataPoint):
                        yield _named(name, told), point.value
                    elif isinstance(point, HistogramDataPoint):
                        yield from _histogram(name, told, point)


def _histogram(name: str, told: Mapping[str, str], point: HistogramDataPoint) -> Iterator[tuple[str, float]]:
    yield _named(f"{name}_sum", told), point.sum
    yield _named(f"{name}_count", told), point.count
    below = 0
    for bound, count in zip([*point.explicit_bounds, float("inf")], point.bucket_counts, strict=True):
        below += count
        yield _named(f"{name}_bucket", {**told, "le": "+Inf" if bound == float("inf") else f"{bound:g}"}), below


def _named(name: str, told: Mapping[str, str]) -> str:
    written = ", ".join(f'{label_name(key)}="{value}"' for key, value in _sorted(told) if value)
    return f"{name}{{{written}}}"


def _sorted(told: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return sorted(told.items())
