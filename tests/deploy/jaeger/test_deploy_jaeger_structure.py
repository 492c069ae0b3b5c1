"""What the rendered files of Jaeger promise; that Jaeger takes them is tested with a real one."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest
import yaml

from spanwise.deploy.jaeger import compile_jaeger
from tests.deploy.collector.role_server import plan


Yaml: TypeAlias = Any
"""A parsed YAML document."""

VARIANTS = ("jaeger", "memory", "clickhouse")


def texts(policy: str = "") -> dict[str, str]:
    """The files of a policy by their names without endings."""
    return {artefact.path.stem: artefact.text for artefact in compile_jaeger(plan(policy))}


@pytest.fixture(params=VARIANTS)
def document(request: pytest.FixtureRequest) -> Yaml:
    """Each variant of the default policy."""
    return yaml.safe_load(texts()[request.param])


def test_there_is_one_file_for_each_way_to_store() -> None:
    """Disk, memory, ClickHouse; each says at its top what our tests do with it."""
    found = texts()
    assert tuple(found) == VARIANTS
    assert all("Our tests run this file with Jaeger 2.13" in found[name] for name in ("jaeger", "memory"))
    assert "Not exercised by our tests" in found["clickhouse"]


def test_what_jaeger_has_taken_is_stored(document: Yaml) -> None:
    """There is no queue and no batch between the receiver and the store: an answer means that it is there."""
    assert document["service"]["pipelines"]["traces"]["processors"] == ["memory_limiter"]
    assert document["exporters"] == {"jaeger_storage_exporter": {"trace_storage": "traces"}}


def test_it_listens_on_loopback_unless_told(document: Yaml) -> None:
    """Jaeger has no log-in."""
    host = "${env:JAEGER_LISTEN_HOST:-127.0.0.1}"
    query = document["extensions"]["jaeger_query"]
    endpoints = [query["http"]["endpoint"], query["grpc"]["endpoint"]]
    endpoints.append(document["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"])
    endpoints.append(document["extensions"]["healthcheckv2"]["http"]["endpoint"])
    assert all(endpoint.startswith(f"{host}:") for endpoint in endpoints)
    assert "ai" not in query


def test_traces_go_after_the_policys_retention() -> None:
    """Three days of retention.traces are 72 hours on disk and in ClickHouse."""
    found = {name: yaml.safe_load(text) for name, text in texts("retention: {traces: 3d}").items()}
    backends = {name: value["extensions"]["jaeger_storage"]["backends"]["traces"] for name, value in found.items()}
    assert backends["jaeger"]["badger"]["ttl"] == {"spans": "72h"}
    assert backends["clickhouse"]["clickhouse"]["ttl"] == "72h"


def test_the_monitor_tab_asks_the_policys_prometheus() -> None:
    """The URL of OTLP becomes that of the server; without a sink of metrics there is no such tab."""
    policy = "sinks: {metrics: {prometheus: {endpoint: 'https://prom.example/x/api/v1/otlp'}}}"
    storage = yaml.safe_load(texts(policy)["jaeger"])["extensions"]["jaeger_storage"]
    endpoint = storage["metric_backends"]["metrics"]["prometheus"]["endpoint"]
    assert endpoint == "${env:SPANWISE_JAEGER_PROMETHEUS_URL:-https://prom.example/x}"
    without = yaml.safe_load(texts("sinks: {metrics: {}}")["jaeger"])["extensions"]
    assert "metric_backends" not in without["jaeger_storage"]
    assert "metrics" not in without["jaeger_query"]["storage"]
