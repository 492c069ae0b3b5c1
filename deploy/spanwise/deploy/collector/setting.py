"""Settings that the Collector reads from its environment when it starts, each with a default."""

from __future__ import annotations

from typing import Final, NamedTuple


class Setting(NamedTuple):
    """A variable of the Collector's environment.

    `str(setting)` is how a file refers to it: `${env:NAME:-default}`.
    """

    name: str
    default: str
    about: str

    def __str__(self) -> str:
        return f"${{env:{self.name}:-{self.default}}}"

    def of(self, default: object) -> Setting:
        """The same variable with another default, as one that depends on the policy."""
        return self._replace(default=str(default))


HOST: Final = Setting(
    "SPANWISE_OTLP_HOST", "127.0.0.1", "Address that OTLP is taken on; a container needs 0.0.0.0, and TLS then."
)
GRPC_PORT: Final = Setting("SPANWISE_OTLP_GRPC_PORT", "4317", "Port of OTLP over gRPC.")
HTTP_PORT: Final = Setting("SPANWISE_OTLP_HTTP_PORT", "4318", "Port of OTLP over HTTP.")

GATEWAY: Final = Setting("SPANWISE_GATEWAY_ENDPOINT", "gateway:4317", "The gateway that an agent sends to.")
SAMPLER: Final = Setting("SPANWISE_SAMPLER_ENDPOINT", "sampler:4317", "The sampler that a gateway sends to.")
SAMPLER_HOST: Final = Setting(
    "SPANWISE_SAMPLER_HOST", "sampler", "DNS name whose addresses are all samplers (contrib only)."
)
SAMPLER_PORT: Final = Setting("SPANWISE_SAMPLER_PORT", "4317", "Port of the samplers (contrib only).")
CONTENT: Final = Setting(
    "SPANWISE_CONTENT_ENDPOINT", "content:4317", "What writes content to its store: contrib/content.yaml (slim only)."
)

KAFKA_BROKERS: Final = Setting("SPANWISE_KAFKA_BROKERS", '["kafka:9092"]', "Kafka's brokers, as a YAML list.")
KAFKA_TOPIC: Final = Setting("SPANWISE_KAFKA_TOPIC", "spanwise.traces", "Topic of spans.")
KAFKA_GROUP: Final = Setting("SPANWISE_KAFKA_GROUP", "spanwise-sampler", "Consumer group of the samplers.")
KAFKA_USER: Final = Setting("SPANWISE_KAFKA_USER", "spanwise", "Who logs in to Kafka.")
KAFKA_PASSWORD: Final = Setting(
    "SPANWISE_KAFKA_PASSWORD_FILE", "/run/secrets/kafka_password", "File of that user's password; needed to start."
)

QUEUE: Final = Setting(
    "SPANWISE_QUEUE_DIRECTORY",
    "/var/lib/otelcol/queue",
    "Directory of the queues; on a disk that outlives the process.",
)
QUEUE_BYTES: Final = Setting("SPANWISE_QUEUE_BYTES", "1073741824", "Bytes that one queue may hold.")

TLS: Final = Setting(
    "SPANWISE_TLS_DIRECTORY", "/etc/otelcol/tls", "Directory of ca.crt, server.crt, server.key, client.crt, client.key."
)
TOKEN: Final = Setting(
    "SPANWISE_TOKEN_FILE", "/run/secrets/spanwise_token", "File of the bearer token that callers must send."
)
OUTGOING_TOKEN: Final = Setting(
    "SPANWISE_OUTGOING_TOKEN_FILE", "/run/secrets/spanwise_outgoing_token", "File of the token sent to the next hop."
)

DECISIONS: Final = Setting("SPANWISE_SAMPLER_TRACES", "50000", "Traces that wait for a decision at most.")
TELEMETRY_HOST: Final = Setting(
    "SPANWISE_TELEMETRY_HOST", "127.0.0.1", "Address of the Collector's own metrics, for Prometheus to scrape."
)
TELEMETRY_PORT: Final = Setting("SPANWISE_TELEMETRY_PORT", "8888", "Port of them.")
HEALTH_HOST: Final = Setting("SPANWISE_HEALTH_HOST", "127.0.0.1", "Address that health is asked on.")
HEALTH_PORT: Final = Setting("SPANWISE_HEALTH_PORT", "13133", "Port of it.")
ZPAGES_PORT: Final = Setting("SPANWISE_ZPAGES_PORT", "55679", "Port of zPages, always on loopback.")
PROMETHEUS_PORT: Final = Setting(
    "SPANWISE_PROMETHEUS_PORT", "9464", "Port of metrics to scrape, where the policy has no sink for them."
)


def sink(name: str, endpoint: str) -> str:
    """The endpoint of a sink of the policy, which a deployment may say otherwise.

    One that a default cannot hold stands there as it is.
    """
    if set(endpoint) & set("${}"):
        return literal(endpoint)
    return str(Setting(f"SPANWISE_{name.upper()}_ENDPOINT", endpoint, f"Endpoint of {name}; the policy's by default."))


def literal(text: str) -> str:
    """`text` of a policy as a file must have it: a Collector expands what begins with a dollar."""
    return text.replace("$", "$$")
