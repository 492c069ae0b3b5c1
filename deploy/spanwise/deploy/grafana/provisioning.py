"""Files from which Grafana provisions itself: its data sources, and where its dashboards are."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.document import Path, Value, dump
from spanwise.deploy.grafana.promql import Histogram
from spanwise.deploy.grafana.source import JAEGER_UID, PROMETHEUS_UID, TEMPO_UID, Source
from spanwise.deploy.grafana.vocabulary import ENVIRONMENT, MODEL, PROVIDER, SERVICE, series
from spanwise.deploy.header import header
from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour, metrics
from spanwise.sink.traces import JAEGER, TEMPO


if TYPE_CHECKING:
    from spanwise.plan import Plan

DASHBOARDS: Final = "/var/lib/grafana/dashboards/spanwise"
"""Where the folder `dashboards` is mounted."""

_INTERVAL: Final = "60s"
_TEMPO_PORT: Final = 3200
_JAEGER_PORT: Final = 16686
_TAGS: Final = "$$__tags"
"""What Grafana replaces by the labels of a span; in a provisioning file a dollar is doubled."""


def data_sources(plan: Plan) -> Artefact:
    """`provisioning/datasources/spanwise.yaml`: the stores of the policy, under fixed uids, linked to each other."""
    tempo, jaeger = plan.sinks.trace(TEMPO), plan.sinks.trace(JAEGER)
    sources: list[Value] = []
    if plan.sinks.metrics:
        first = TEMPO_UID if tempo else JAEGER_UID if jaeger else ""
        sources.append(_prometheus(plan.sinks.metrics.endpoint, first))
    metered = PROMETHEUS_UID if plan.sinks.metrics else ""
    if tempo:
        sources.append(_tempo(f"http://{_host(tempo.endpoint)}:{_TEMPO_PORT}", metered))
    if jaeger:
        sources.append(_jaeger(f"http://{_host(jaeger.endpoint)}:{_JAEGER_PORT}", metered))
    about = "Data sources of Grafana. Addresses are those of the policy's sinks, with the usual ports for queries."
    remarks: dict[Path, str] = {
        ("datasources", at, "uid"): "Dashboards and alert rules name it by this." for at in range(len(sources))
    }
    if plan.sinks.metrics:
        remarks["datasources", 0, "jsonData", "timeInterval"] = (
            "How often metrics come: the SDK exports once a minute unless OTEL_METRIC_EXPORT_INTERVAL says otherwise. "
            "The windows of rates are made of it."
        )
    return _artefact("datasources", header(about), {"apiVersion": 1, "datasources": sources}, remarks)


def dashboard_provider(plan: Plan) -> Artefact:
    """`provisioning/dashboards/spanwise.yaml`: a folder for each state of the convention that the policy records."""
    chosen = plan.pipeline.measure.flavours
    folders = (
        ("Spanwise", "spanwise", flavour.CURRENT.name),
        ("Spanwise (released names)", "spanwise-released", flavour.RELEASED.name),
    )
    providers: list[Value] = [
        {
            "name": uid,
            "orgId": 1,
            "folder": title,
            "folderUid": uid,
            "type": "file",
            "disableDeletion": True,
            "updateIntervalSeconds": 60,
            "allowUiUpdates": False,
            "options": {"path": f"{DASHBOARDS}/{name}", "foldersFromFilesStructure": False},
        }
        for title, uid, name in folders
        if name in chosen or (name == flavour.RELEASED.name and flavour.LEGACY.name in chosen)
    ]
    about = (
        f"Where Grafana finds the dashboards: mount the folder dashboards at {DASHBOARDS}. The policy's "
        f"measure.flavours is {', '.join(chosen)}; dashboards of other states would stay empty and are left out here."
    )
    return _artefact("dashboards", header(about), {"apiVersion": 1, "providers": providers}, {})


def _artefact(kind: str, head: str, value: Value, remarks: dict[Path, str]) -> Artefact:
    return Artefact(PurePosixPath(f"provisioning/{kind}/spanwise.yaml"), f"{head}\n{dump(value, remarks)}")


def _host(endpoint: str) -> str:
    host = endpoint if "://" in endpoint else f"//{endpoint}"
    found = urlsplit(host).hostname or endpoint
    return f"[{found}]" if ":" in found else found


def _source(source: Source, title: str, url: str, more: dict[str, Value], *, usual: bool = False) -> dict[str, Value]:
    return {
        "name": title,
        "uid": source.uid,
        "type": source.value,
        "access": "proxy",
        "url": url,
        "isDefault": usual,
        "editable": False,
        "jsonData": more,
    }


def _prometheus(endpoint: str, traces: str) -> dict[str, Value]:
    url = endpoint.removesuffix("/").removesuffix("/api/v1/otlp")
    more: dict[str, Value] = {
        "httpMethod": "POST",
        "prometheusType": "Prometheus",
        "timeInterval": _INTERVAL,
        "manageAlerts": True,
    }
    if traces:
        more["exemplarTraceIdDestinations"] = [
            {"name": "trace_id", "datasourceUid": traces, "urlDisplayLabel": "Open trace"}
        ]
    return _source(Source.PROMETHEUS, "Prometheus", url, more, usual=True)


def _tempo(url: str, metered: str) -> dict[str, Value]:
    more: dict[str, Value] = {
        "httpMethod": "GET",
        "nodeGraph": {"enabled": True},
        "search": {"hide": False},
        "traceQuery": {"timeShiftEnabled": True, "spanStartTimeShift": "-30m", "spanEndTimeShift": "30m"},
    }
    if metered:
        more |= {"serviceMap": {"datasourceUid": metered}, "tracesToMetrics": _to_metrics(metered)}
    return _source(Source.TEMPO, "Tempo", url, more)


def _jaeger(url: str, metered: str) -> dict[str, Value]:
    more: dict[str, Value] = {"nodeGraph": {"enabled": True}}
    if metered:
        more["tracesToMetrics"] = _to_metrics(metered)
    return _source(Source.JAEGER, "Jaeger", url, more)


def _to_metrics(metered: str) -> dict[str, Value]:
    """From a span to the metrics of its model: attributes of the span become labels of the query."""
    duration = Histogram(series(metrics.GEN_AI_CLIENT_INFERENCE_DURATION), (_TAGS,))
    cost = series(metrics.SPANWISE_COST)
    return {
        "datasourceUid": metered,
        "spanStartTimeShift": "-30m",
        "spanEndTimeShift": "30m",
        "tags": [
            {"key": attr.SERVICE_NAME, "value": SERVICE},
            {"key": attr.DEPLOYMENT_ENVIRONMENT_NAME, "value": ENVIRONMENT},
            {"key": attr.GEN_AI_PROVIDER_NAME, "value": PROVIDER},
            {"key": attr.GEN_AI_REQUEST_MODEL, "value": MODEL},
        ],
        "queries": [
            {"name": "Calls per second", "query": duration.count(window="5m")},
            {"name": "Duration, 95th percentile", "query": duration.quantile(0.95, window="5m")},
            {"name": "Cost per hour (USD)", "query": f"3600 * sum(rate({cost}{{{_TAGS}}}[5m]))"},
        ],
    }
