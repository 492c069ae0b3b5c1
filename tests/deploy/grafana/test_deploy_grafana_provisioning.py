"""Provisioning files: data sources that know each other, and folders for what the policy records."""

from __future__ import annotations

import re
from typing import Any

import promql_parser
import pytest
import yaml

from spanwise.deploy.grafana.provisioning import DASHBOARDS, dashboard_provider, data_sources
from spanwise.deploy.grafana.source import JAEGER_UID, PROMETHEUS_UID, TEMPO_UID
from spanwise.deploy.series import find
from spanwise.plan import Plan
from tests.deploy.grafana.example import plan
from tests.deploy.grafana.lint import metrics_of


def sources(made: Plan) -> dict[str, Any]:
    """The data sources of a plan, by uid, with dollars as Grafana reads them."""
    document = yaml.safe_load(data_sources(made).text.replace("$$", "$"))
    assert document["apiVersion"] == 1
    return {source["uid"]: source for source in document["datasources"]}


def test_the_stores_of_the_policy_are_provisioned_under_fixed_uids() -> None:
    """Dashboards name them by uid, so these never change; their addresses are those of the sinks."""
    found = sources(Plan())
    assert {uid: (source["type"], source["url"]) for uid, source in found.items()} == {
        PROMETHEUS_UID: ("prometheus", "http://prometheus:9090"),
        TEMPO_UID: ("tempo", "http://tempo:3200"),
        JAEGER_UID: ("jaeger", "http://jaeger:16686"),
    }
    assert [source["isDefault"] for source in found.values()] == [True, False, False]
    assert not any(source["editable"] for source in found.values())


def test_a_dot_in_a_panel_leads_to_its_trace_and_a_span_to_its_metrics() -> None:
    """Exemplars name their trace in `trace_id`; spans become labels of queries that Prometheus can answer."""
    found = sources(Plan())
    assert found[PROMETHEUS_UID]["jsonData"]["exemplarTraceIdDestinations"] == [
        {"name": "trace_id", "datasourceUid": TEMPO_UID, "urlDisplayLabel": "Open trace"}
    ]
    for uid in (TEMPO_UID, JAEGER_UID):
        ways = found[uid]["jsonData"]["tracesToMetrics"]
        assert ways["datasourceUid"] == PROMETHEUS_UID
        for query in ways["queries"]:
            expression = query["query"].replace("$__tags", 'service_name="a"')
            promql_parser.parse(expression)
            assert all(find(name) for name in metrics_of(expression))


def test_every_dollar_in_a_provisioning_file_is_doubled() -> None:
    """Grafana replaces `$x` in these files by the environment; only a doubled dollar reaches a query."""
    for text in (data_sources(Plan()).text, dashboard_provider(Plan()).text):
        assert not re.search(r"(?<!\$)\$(?!\$)", text.replace("$$", ""))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("sinks: {traces: {jaeger: {}}}", {PROMETHEUS_UID, JAEGER_UID}),
        ("sinks: {traces: {tempo: {endpoint: 'traces.example:4317'}}}", {PROMETHEUS_UID, TEMPO_UID}),
        ("sinks: {metrics: {}}", {TEMPO_UID, JAEGER_UID}),
    ],
)
def test_only_stores_that_the_policy_names_are_provisioned(policy: str, expected: set[str]) -> None:
    """Nothing points at a store that is not there."""
    found = sources(plan(policy))
    assert set(found) == expected
    named = set(re.findall(r"datasourceUid: '?(spanwise-\w+)", data_sources(plan(policy)).text))
    assert named <= expected


def test_addresses_follow_the_sinks() -> None:
    """A store elsewhere is asked there, at the usual port for queries; IPv6 addresses keep their brackets."""
    made = plan(
        "sinks: {traces: {tempo: {endpoint: 'traces.example:4317'}, jaeger: {endpoint: '[2001:db8::1]:4317'}},"
        " metrics: {prometheus: {endpoint: 'https://metrics.example/prometheus/api/v1/otlp'}}}"
    )
    assert [source["url"] for source in sources(made).values()] == [
        "https://metrics.example/prometheus",
        "http://traces.example:3200",
        "http://[2001:db8::1]:16686",
    ]


@pytest.mark.parametrize(
    ("flavours", "expected"),
    [
        ("[current]", ["current"]),
        ("[released]", ["released"]),
        ("[legacy]", ["released"]),
        ("[current, released]", ["current", "released"]),
    ],
)
def test_folders_are_those_of_what_is_recorded(flavours: str, expected: list[str]) -> None:
    """Dashboards of names that nobody records would stay empty, so Grafana is not told of them."""
    text = dashboard_provider(plan(f"measure: {{flavours: {flavours}}}")).text
    providers = yaml.safe_load(text)["providers"]
    assert [provider["options"]["path"] for provider in providers] == [f"{DASHBOARDS}/{name}" for name in expected]
    assert all(provider["allowUiUpdates"] is False for provider in providers)
