"""Images of the engines, by version. Digests are not pinned here: take those of your registry."""

from __future__ import annotations

from typing import Final


COLLECTOR: Final = "otel/opentelemetry-collector-contrib:0.155.0"
"""The version whose components our tests run; the image has more of them than the tests' own build."""

COLLECTOR_NEWEST: Final = "otel/opentelemetry-collector-contrib:0.165.0"
"""For the files below `collector/contrib/`, which need components that the tests cannot build."""

JAEGER: Final = "jaegertracing/jaeger:2.20.0"
TEMPO: Final = "grafana/tempo:3.0.3"
PROMETHEUS: Final = "prom/prometheus:v3.16.0"
ALERTMANAGER: Final = "prom/alertmanager:v0.35.0"
GRAFANA: Final = "grafana/grafana:13.3.0"
KAFKA: Final = "apache/kafka:4.1.0"
CLICKHOUSE: Final = "clickhouse/clickhouse-server:26.9"

COLLECTOR_USER: Final = 10001
JAEGER_USER: Final = 10001
TEMPO_USER: Final = 10001
NOBODY: Final = 65534
GRAFANA_USER: Final = 472
CLICKHOUSE_USER: Final = 101
KAFKA_USER: Final = 1000
