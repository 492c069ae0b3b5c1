"""Redaction of metrics: labels, exemplars, names and origins, before any reader of a meter provider sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from opentelemetry.sdk.metrics import Exemplar, MeterProvider
from opentelemetry.sdk.metrics.export import Metric, MetricReader, MetricsData, ResourceMetrics, ScopeMetrics
from opentelemetry.sdk.resources import Resource
from opentelemetry.util.types import Attributes

from spanwise.pipeline.boundary import shield
from spanwise.pipeline.origin import Origins, plain, sdk
from spanwise.pipeline.series import Data, DataPoint, Replaced, labels_key, merged, together
from spanwise.redact import safe_labels


if TYPE_CHECKING:
    from spanwise.pipeline.driver import Pipeline


Collect: TypeAlias = Callable[..., MetricsData | None]
"""How a reader asks the SDK for its metrics: with itself and a timeout in milliseconds."""

_REMEMBERED_SETS: Final = 4096


def install(provider: MeterProvider, pipeline: Pipeline) -> bool:
    """Whether every reader of `provider`, also one that is added later, now gets clean metrics.

    Works for readers that push and for those that are asked. When cleaning fails for a set of labels, they lose their
    texts; the number stays. When it fails as a whole, nothing is handed on. From now on the counters of `pipeline` are
    added up where spans end and handed to the SDK before each collection.
    """
    consumer = provider._measurement_consumer
    if hasattr(consumer, "_spanwise_redacts"):
        return False
    cleaner = MetricsCleaner(pipeline)
    following: Collect = consumer.collect

    def collect(reader: MetricReader, timeout_millis: float = 10_000) -> MetricsData | None:
        pipeline.flush_counts()
        found = following(reader, timeout_millis=timeout_millis)
        return None if found is None else shield("metrics", cleaner.clean, found)

    # Readers hold on to the method they were given; those to come are given the one that is here now.
    vars(consumer).update(_spanwise_redacts=pipeline, collect=collect)
    pipeline.hold_counts(held=True)
    _hand_out(provider)
    return True


def uninstall(provider: MeterProvider) -> None:
    """Leave `provider` as it was."""
    pipeline: Pipeline | None = vars(provider._measurement_consumer).pop("_spanwise_redacts", None)
    vars(provider._measurement_consumer).pop("collect", None)
    if pipeline is not None:
        pipeline.hold_counts(held=False)
    _hand_out(provider)


def _hand_out(provider: MeterProvider) -> None:
    for reader in provider._metric_readers:
        reader._set_collect_callback(cast("Any", provider._measurement_consumer.collect))


class MetricsCleaner:
    """Cleans what a reader collects. What holds nothing stays the same object.

    Sets of labels are cleaned once and remembered, 4096 of them; a known one costs about 1 us for each collection.
    Points whose labels have become equal are put together: two persons behind one `[EMAIL]` are one series.

    Args:
        pipeline: what cleans texts and attributes.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._origins = Origins(pipeline)
        # `None` for a set that is clean as it is.
        self._sets: dict[tuple[object, ...], Attributes] = {}

    def clean(self, data: MetricsData) -> MetricsData:
        """`data` without secrets and personal data."""
        return MetricsData([self._resource(each) for each in data.resource_metrics])

    def _resource(self, given: ResourceMetrics) -> ResourceMetrics:
        scopes = [
            ScopeMetrics(
                self._origins.scope(each.scope, given.resource),
                [self._metric(metric, given.resource) for metric in each.metrics],
                each.schema_url,
            )
            for each in given.scope_metrics
        ]
        changed = any(
            new.scope is not old.scope or any(a.name != b.name for a, b in zip(new.metrics, old.metrics, strict=True))
            for new, old in zip(scopes, given.scope_metrics, strict=True)
        )
        return ResourceMetrics(
            self._origins.resource(given.resource), together(scopes) if changed else scopes, given.schema_url
        )

    def _metric(self, metric: Metric, resource: Resource) -> Metric:
        points = metric.data.data_points
        clean = [self._point(point, resource) for point in points]
        data: Data = metric.data
        if any(new is not old for new, old in zip(clean, points, strict=True)):
            data = merged(cast("Data", replace(cast("Replaced", data), data_points=clean)))
        name, description, unit = (
            self._origins.text(text or "") for text in (metric.name, metric.description, metric.unit)
        )
        if data is metric.data and (name, description, unit) == (metric.name, metric.description, metric.unit):
            return metric
        return Metric(name, description, unit, data)

    def _point(self, point: DataPoint, resource: Resource) -> DataPoint:
        attributes = self._labels(point.attributes, resource)
        exemplars = [self._exemplar(each, resource) for each in point.exemplars]
        same = all(new is old for new, old in zip(exemplars, point.exemplars, strict=True))
        if same and attributes is point.attributes:
            return point
        return cast("DataPoint", replace(cast("Replaced", point), attributes=attributes, exemplars=exemplars))

    def _exemplar(self, exemplar: Exemplar, resource: Resource) -> Exemplar:
        if not exemplar.filtered_attributes:
            return exemplar
        attributes = self._labels(exemplar.filtered_attributes, resource)
        return (
            exemplar
            if attributes is exemplar.filtered_attributes
            else replace(exemplar, filtered_attributes=attributes)
        )

    def _labels(self, attributes: Attributes, resource: Resource) -> Attributes:
        if not attributes:
            return attributes
        key = (id(resource), labels_key(attributes))
        if key in self._sets:
            return self._sets[key] or attributes
        given = plain(attributes)
        clean = self._pipeline.clean_attributes(given, plain(resource.attributes))
        if clean is None:
            return sdk(safe_labels(given))
        if len(self._sets) >= _REMEMBERED_SETS:
            self._sets.clear()
        self._sets[key] = None if clean == given else sdk(clean)
        return self._sets[key] or attributes
