"""Settings that Jaeger reads from its environment when it starts."""

from __future__ import annotations

from typing import Final

from spanwise.deploy.collector.setting import Setting


HOST: Final = Setting("JAEGER_LISTEN_HOST", "127.0.0.1", "Address that it listens on; a container needs 0.0.0.0.")
OTLP_PORT: Final = Setting("SPANWISE_JAEGER_OTLP_PORT", "4317", "Port of OTLP over gRPC.")
QUERY_PORT: Final = Setting("SPANWISE_JAEGER_QUERY_PORT", "16686", "Port of pages and HTTP API.")
QUERY_GRPC_PORT: Final = Setting("SPANWISE_JAEGER_QUERY_GRPC_PORT", "16685", "Port of the gRPC API.")
HEALTH_PORT: Final = Setting("SPANWISE_JAEGER_HEALTH_PORT", "13133", "Port that health is asked on.")
TELEMETRY_PORT: Final = Setting("SPANWISE_JAEGER_TELEMETRY_PORT", "8889", "Port of Jaeger's own metrics.")
DIRECTORY: Final = Setting("SPANWISE_JAEGER_DIRECTORY", "/var/lib/jaeger", "Directory of the traces on disk.")
MEMORY_TRACES: Final = Setting("SPANWISE_JAEGER_TRACES", "50000", "Traces that memory holds.")
CLICKHOUSE: Final = Setting("SPANWISE_JAEGER_CLICKHOUSE", "clickhouse:9000", "ClickHouse's native protocol.")
CLICKHOUSE_PASSWORD: Final = Setting(
    "SPANWISE_JAEGER_CLICKHOUSE_PASSWORD_FILE", "/run/secrets/jaeger_clickhouse_password", "File of its password."
)
METRICS: Final = Setting("SPANWISE_JAEGER_PROMETHEUS_URL", "", "Prometheus, for the Monitor tab.")
