"""The configuration of the Prometheus server: what it takes in, which rules it runs, whom it tells."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.document import Path, Value, dump
from spanwise.deploy.header import header
from spanwise.deploy.prometheus.promql import duration
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.plan import Plan

PROMOTED: Final = (attr.SERVICE_NAME, "service.namespace", "service.instance.id", attr.DEPLOYMENT_ENVIRONMENT_NAME)
"""Resource attributes that become labels of every series. Rules and dashboards tell services apart by them."""

_ABOUT: Final = (
    "Start with --web.enable-otlp-receiver and --enable-feature=exemplar-storage, and with "
    "--storage.tsdb.retention.time={days}d. Our tests run this file in Prometheus 3.16, with addresses of their own."
)
_COMMENTS: Final[dict[Path, str]] = {
    ("otlp", "promote_resource_attributes"): "Without these the labels service_name and so on do not exist.",
    (
        "otlp",
        "translation_strategy",
    ): "gen_ai.client.inference.duration in s becomes gen_ai_client_inference_duration_seconds.",
    ("storage", "tsdb", "out_of_order_time_window"): "A queue that is sent late after an outage is still taken.",
    ("scrape_configs", 0): "The health of the server itself.",
    ("scrape_configs", 1): "The health of the Collector; what it forwards arrives by OTLP.",
}


def server(plan: Plan) -> Artefact:
    """`prometheus.yaml`: OTLP in, our rules, Alertmanager out."""
    value: Value = {
        "global": {"scrape_interval": "15s", "evaluation_interval": duration(plan.alerts.interval_s)},
        "rule_files": ["rules/*.yaml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": ["alertmanager:9093"]}]}]},
        "otlp": {
            "promote_resource_attributes": list(PROMOTED),
            "keep_identifying_resource_attributes": True,
            "translation_strategy": "UnderscoreEscapingWithSuffixes",
        },
        "storage": {"tsdb": {"out_of_order_time_window": "30m"}},
        "scrape_configs": [
            {"job_name": "prometheus", "static_configs": [{"targets": ["localhost:9090"]}]},
            {"job_name": "otel-collector", "static_configs": [{"targets": ["collector:8888"]}]},
        ],
    }
    about = _ABOUT.format(days=plan.retention.metrics_days)
    return Artefact(PurePosixPath("prometheus.yaml"), header(about) + "\n" + dump(value, _COMMENTS))
