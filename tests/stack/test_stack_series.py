"""The catalogue of series against a real Prometheus: names, kinds and labels as its OTLP receiver makes them."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from spanwise.deploy.series import PAST_SERIES, RESOURCE_LABELS, SERIES, Series
from tests.measure.everything import LABELS, metered, record_everything
from tests.stack.port import free_ports
from tests.stack.server import PrometheusServer


RESOURCE = {
    "service.name": "shop",
    "service.namespace": "demo",
    "service.instance.id": "shop-1",
    "deployment.environment.name": "test",
}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The labels of each series that a Prometheus holds of a process that recorded everything."""
    folder = tmp_path_factory.mktemp("series")
    config = folder / "prometheus.yaml"
    config.write_text(yaml.safe_dump({"otlp": {"promote_resource_attributes": list(RESOURCE)}}))
    (port,) = free_ports(1)
    server = PrometheusServer(config, folder=folder, port=port)
    server.launch()
    try:
        server.wait_until_ready()
        exporter = OTLPMetricExporter(endpoint=f"{server.api.url}/api/v1/otlp/v1/metrics")
        reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
        provider = MeterProvider([reader], resource=Resource(RESOURCE), shutdown_on_exit=False)
        with metered(provider):
            pipeline = record_everything()
            assert provider.force_flush()
            assert pipeline.book_time_s is not None
        provider.shutdown()
        return _labels(server.api.query('{__name__=~"gen_ai_.*|spanwise_.*"}'))
    finally:
        server.stop()


def test_prometheus_has_the_names_of_the_catalogue(held: dict[str, set[str]]) -> None:
    """Each name of the catalogue is a series, and there is no series of ours that the catalogue lacks."""
    assert set(held) == {name for series in _all() for name in series.names}


def test_prometheus_has_the_labels_of_the_catalogue(held: dict[str, set[str]]) -> None:
    """Each series carries the labels of the catalogue, those of the policy and those of the resource, and no other."""
    for series in _all():
        for name in series.names:
            bound = {"le"} if name.endswith("_bucket") else set[str]()
            assert held[name] == {*series.labelled(LABELS), *RESOURCE_LABELS, *bound}, name


def _all() -> list[Series]:
    return list({**SERIES, **PAST_SERIES}.values())


def _labels(samples: list[dict[str, Any]]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for sample in samples:
        held.setdefault(sample["metric"]["__name__"], set()).update(set(sample["metric"]) - {"__name__"})
    return held
