"""Metrics go through redaction as spans do: labels, exemplars, names and origins, for every kind of reader."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.sdk.metrics import AlwaysOnExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource

from spanwise.pipeline import Pipeline, PipelineConfig, metrics
from spanwise.redact import KeyRing, PseudonymConfig, RedactConfig


JANE, JOE = "jane.doe@example.com", "joe@example.org"


def provider_with(reader: MetricReader, pipeline: Pipeline | None = None, **settings: Any) -> MeterProvider:
    """A provider whose readers get clean metrics."""
    provider = MeterProvider(metric_readers=[reader], shutdown_on_exit=False, **settings)
    assert metrics.install(provider, pipeline or Pipeline())
    assert not metrics.install(provider, Pipeline())
    return provider


def points(reader: InMemoryMetricReader, name: str) -> list[Any]:
    """The data points of the metric `name`."""
    data = reader.get_metrics_data()
    assert data is not None
    found = [metric for each in data.resource_metrics for scope in each.scope_metrics for metric in scope.metrics]
    return [point for metric in found if metric.name == name for point in metric.data.data_points]


def everything(reader: InMemoryMetricReader) -> str:
    """All that a reader got."""
    data = reader.get_metrics_data()
    assert data is not None
    return data.to_json()


def test_labels_names_descriptions_and_origins_are_clean() -> None:
    """No place of a metric in which an application may write keeps an address."""
    reader = InMemoryMetricReader()
    provider = provider_with(
        reader, resource=Resource({"service.name": "shop", "owner": JANE, "host.ip": "198.51.100.7"})
    )
    meter = provider.get_meter(f"scope {JANE}", f"1 {JANE}", attributes={"author": JANE})
    meter.create_counter("calls", description=f"for {JANE}", unit="{call}").add(
        3, {"user": JANE, JANE: 1, "n": 2, "ok": True}
    )
    seen = everything(reader)
    assert JANE not in seen
    assert seen.count("[EMAIL]") >= 6
    assert '"host.ip": "198.51.100.7"' in seen
    assert '"n": 2' in seen and '"ok": true' in seen and '"shop"' in seen
    provider.shutdown()


def test_what_is_clean_stays_the_same_object() -> None:
    """Metrics without anything to hide are handed on as they are."""
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader], shutdown_on_exit=False)
    provider.get_meter("m").create_histogram("h", unit="s", description="d").record(
        1, {"route": "/a", "tags": ["x", "y"]}
    )
    raw = reader.get_metrics_data()
    assert raw is not None
    clean = metrics.MetricsCleaner(Pipeline()).clean(raw)
    assert clean == raw
    assert clean.resource_metrics[0].scope_metrics[0].metrics[0] is raw.resource_metrics[0].scope_metrics[0].metrics[0]
    assert clean.resource_metrics[0].resource is raw.resource_metrics[0].resource
    provider.shutdown()


def test_persons_behind_one_label_are_one_series() -> None:
    """Sums and histograms are added up, so that no back end sees two points with the same labels."""
    reader = InMemoryMetricReader()
    provider = provider_with(
        reader, views=[View(instrument_name="e", aggregation=ExponentialBucketHistogramAggregation())]
    )
    meter = provider.get_meter("m")
    counter, histogram, exponential = (
        meter.create_counter("c"),
        meter.create_histogram("h"),
        meter.create_histogram("e"),
    )
    for user, value in ((JANE, 3), (JOE, 4), ("nobody", 5)):
        counter.add(value, {"user": user})
        for factor in (1, 1000):
            histogram.record(value * factor, {"user": user})
            exponential.record(value * factor, {"user": user})
    assert {point.attributes["user"]: point.value for point in points(reader, "c")} == {"[EMAIL]": 7, "nobody": 5}
    (both,) = (point for point in points(reader, "h") if point.attributes["user"] == "[EMAIL]")
    assert (both.count, both.sum, both.min, both.max, sum(both.bucket_counts)) == (4, 7007, 3, 4000, 4)
    (both,) = (point for point in points(reader, "e") if point.attributes["user"] == "[EMAIL]")
    assert (both.count, both.sum, both.min, both.max, sum(both.positive.bucket_counts)) == (4, 7007, 3, 4000, 4)
    provider.shutdown()


def test_meters_and_metrics_behind_one_name_are_one() -> None:
    """Meters of two persons become one scope, and metrics of two persons in it one metric: exporters keep but one."""
    reader = InMemoryMetricReader()
    provider = provider_with(reader)
    for owner, value in ((JANE, 3), (JOE, 4)):
        meter = provider.get_meter(f"library of {owner}")
        meter.create_counter("calls").add(value, {"user": "nobody"})
        meter.create_counter(f"calls/{owner.partition('@')[0]}").add(value)
    data = reader.get_metrics_data()
    assert data is not None
    (scope,) = data.resource_metrics[0].scope_metrics
    assert scope.scope.name == "library of [EMAIL]"
    found = {metric.name: [point.value for point in metric.data.data_points] for metric in scope.metrics}  # type: ignore[union-attr]
    assert found == {"calls": [7], "calls/jane.doe": [3], "calls/joe": [4]}
    provider.shutdown()


def test_exponential_buckets_are_where_the_values_are() -> None:
    """Points of different scales are put together at the coarser one, every value still inside its bucket."""
    reader = InMemoryMetricReader()
    view = View(instrument_name="e", aggregation=ExponentialBucketHistogramAggregation(max_size=4))
    provider = provider_with(reader, views=[view])
    histogram = provider.get_meter("m").create_histogram("e")
    values = {JANE: [1.5, 1.6, 0], JOE: [2.0, 300.0, 70_000.0]}
    for user, recorded in values.items():
        for value in recorded:
            histogram.record(value, {"user": user})
    (both,) = points(reader, "e")
    base = 2.0 ** (2.0**-both.scale)
    edges = [base ** (both.positive.offset + place) for place in range(len(both.positive.bucket_counts) + 1)]
    positive = [value for recorded in values.values() for value in recorded if value > 0]
    for low, high, count in zip(edges, edges[1:], both.positive.bucket_counts, strict=False):
        assert sum(low * 0.999999 < value <= high * 1.000001 for value in positive) >= count
    assert sum(both.positive.bucket_counts) == len(positive)
    assert (both.zero_count, both.count) == (1, 6)
    provider.shutdown()


def test_of_gauges_behind_one_label_the_latest_stays() -> None:
    """There is nothing to add up about two gauges."""
    reader = InMemoryMetricReader()
    provider = provider_with(reader)
    gauge = provider.get_meter("m").create_gauge("g")
    gauge.set(1, {"user": JANE})
    gauge.set(2, {"user": JOE})
    (point,) = points(reader, "g")
    assert point.value in {1, 2}
    provider.shutdown()


def test_exemplars_are_clean() -> None:
    """A view that leaves a label out hands it to the exemplars; it is cleaned there as well."""
    reader = InMemoryMetricReader()
    view = View(instrument_name="c", attribute_keys={"route"})
    provider = provider_with(reader, views=[view], exemplar_filter=AlwaysOnExemplarFilter())
    provider.get_meter("m").create_counter("c").add(1, {"route": "/a", "user": JANE})
    (point,) = points(reader, "c")
    assert [dict(exemplar.filtered_attributes) for exemplar in point.exemplars] == [{"user": "[EMAIL]"}]
    provider.shutdown()


def test_the_policy_holds_for_labels_too() -> None:
    """User ids are the tokens that spans have, and an environment's own rules hold in it."""
    key = PseudonymConfig(KeyRing("k1", bytes(range(32))))
    production = RedactConfig(attributes={"user.id": "drop"}, pseudonym=key)
    config = RedactConfig(attributes={"user.id": "pseudonym"}, pseudonym=key, environments={"production": production})
    for environment, expected in (("test", "[VALUE~k1~"), ("production", "[DROPPED]")):
        reader = InMemoryMetricReader()
        resource = Resource({"deployment.environment.name": environment})
        provider = provider_with(reader, Pipeline(PipelineConfig(redact=config)), resource=resource)
        provider.get_meter("m").create_counter("c").add(1, {"user.id": "u1"})
        (point,) = points(reader, "c")
        assert str(point.attributes["user.id"]).startswith(expected)
        provider.shutdown()


class Broken(Pipeline):
    """A pipeline whose redaction fails on labels that say so."""

    def _attributes(self, values: Any, resource: Any) -> Any:
        if values.get("fail"):
            raise ValueError(values)
        return super()._attributes(values, resource)


def test_labels_that_cannot_be_cleaned_lose_their_texts_not_the_number() -> None:
    """The number stays, with what cannot hold anything; a long number goes like a text; other series are untouched."""
    reader = InMemoryMetricReader()
    provider = provider_with(reader, Broken())
    counter = provider.get_meter("m").create_counter("c")
    counter.add(7, {"fail": True, "user": "Jane", "status": 200, "phone": 4_915_112_345_678, JANE: "x"})
    counter.add(1, {"route": "/a"})
    found = {point.value: dict(point.attributes) for point in points(reader, "c")}
    assert found == {7: {"fail": True, "user": "[DROPPED]", "status": 200, "phone": "[DROPPED]"}, 1: {"route": "/a"}}
    provider.shutdown()


def test_withheld_content_is_withheld_here_too() -> None:
    """With a policy that cannot be used no text label gets out, and every number does."""
    reader = InMemoryMetricReader()
    provider = provider_with(reader, Pipeline(PipelineConfig(withheld="the policy has mistakes")))
    provider.get_meter("m").create_counter("c").add(2, {"user": "Jane", "gen_ai.operation.name": "chat"})
    (point,) = points(reader, "c")
    assert (point.value, dict(point.attributes)) == (2, {"user": "[DROPPED]", "gen_ai.operation.name": "chat"})
    provider.shutdown()


def test_values_taken_out_are_counted_by_kind() -> None:
    """One data point for each kind, with its own count; a set of labels counts once, not at every collection."""
    from opentelemetry import metrics as api
    from opentelemetry.metrics import _internal

    from spanwise.pipeline import counters

    reader = InMemoryMetricReader()
    pipeline = Pipeline()
    provider = provider_with(reader, pipeline)
    before = _internal._METER_PROVIDER
    counters._counter.cache_clear()
    _internal._METER_PROVIDER = provider
    try:
        api.get_meter("m").create_counter("c").add(1, {"user": f"{JANE}, {JOE}", "card": "4111 1111 1111 1111"})
        for _ in range(2):
            reader.get_metrics_data()
        found = {
            point.attributes["spanwise.redaction.kind"]: point.value
            for point in points(reader, "spanwise.pipeline.redactions")
        }
        assert found == {"email": 2, "card": 1}
    finally:
        _internal._METER_PROVIDER = before
        counters._counter.cache_clear()
        provider.shutdown()


class Backend(BaseHTTPRequestHandler):
    """An OTLP/HTTP endpoint that keeps what it gets."""

    received: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        """Take one export."""
        self.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


def test_a_real_exporter_sends_clean_metrics() -> None:
    """What the OTLP exporter puts on the wire, on its own schedule and at shutdown, holds no address."""
    Backend.received = []
    with HTTPServer(("127.0.0.1", 0), Backend) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        exporter = OTLPMetricExporter(endpoint=f"http://127.0.0.1:{server.server_port}/v1/metrics")
        provider = provider_with(PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000))
        provider.get_meter("m").create_counter("calls").add(1, {"user": JANE})
        provider.force_flush()
        provider.shutdown()
        server.shutdown()
    assert Backend.received
    assert not any(JANE.encode() in body for body in Backend.received)
    request = ExportMetricsServiceRequest.FromString(Backend.received[0])
    (metric,) = (
        metric
        for each in request.resource_metrics
        for scope in each.scope_metrics
        for metric in scope.metrics
        if metric.name == "calls"
    )
    assert metric.sum.data_points[0].attributes[0].value.string_value == "[EMAIL]"


def test_uninstalled_it_is_gone() -> None:
    """A provider can be left as it was, and readers that come later are covered while it is installed."""
    reader, later = InMemoryMetricReader(), InMemoryMetricReader()
    provider = provider_with(reader)
    provider.add_metric_reader(later)
    provider.get_meter("m").create_counter("c").add(1, {"user": JANE})
    assert JANE not in everything(later)
    metrics.uninstall(provider)
    assert JANE in everything(reader)
    provider.shutdown()
