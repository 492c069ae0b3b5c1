"""Kafka between a gateway and a sampler: the profile `kafka`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from spanwise.deploy import image
from spanwise.deploy.artefact import Artefact
from spanwise.deploy.collector.setting import HOST, KAFKA_PASSWORD, KAFKA_TOPIC, KAFKA_USER, TLS
from spanwise.deploy.compose.service import Block, after, health, mount, port, service, volume
from spanwise.deploy.document import Path, Value
from spanwise.deploy.header import header


SECRETS: Final = (
    *("ca.crt", "server.crt", "server.key", "client.crt", "client.key", "kafka.pem"),
    *("spanwise_token", "spanwise_kafka_password"),
)
"""Certificates for mutual TLS, the token that callers send, and Kafka's password."""

VOLUMES: Final = ("kafka", "gateway", "sampler")
_PROFILE: Final = "kafka"
_TLS: Final = ("ca.crt", "server.crt", "server.key", "client.crt", "client.key")
_CLUSTER: Final = "c3BhbndpcmVzcGFud2lyZQ"

COMMENTS: Final[dict[Path, str]] = {
    ("services", "kafka"): (
        "The profile kafka: applications send to the gateway on port 14317, with a certificate and a token. The broker "
        "knows one user, made when its volume is new."
    ),
}

_PEM: Final = "kafka.pem is the broker's key and certificate, one after the other, for the name kafka."
_BROKER: Final = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
controller.listener.names=CONTROLLER
listeners=SASL_SSL://:9092,CONTROLLER://localhost:9093
advertised.listeners=SASL_SSL://kafka:9092
inter.broker.listener.name=SASL_SSL
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location=/run/secrets/kafka.pem
ssl.truststore.type=PEM
ssl.truststore.location=/run/secrets/ca.crt
log.dirs=/var/lib/kafka/data
num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
# A day of telemetry waits here when nobody reads; then the oldest goes.
log.retention.hours=24
log.retention.bytes=10737418240
"""

_START: Final = (
    "/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --config /etc/kafka/kafka.properties "
    f"--cluster-id {_CLUSTER} --add-scram "
    f'"SCRAM-SHA-512=[name={KAFKA_USER.default},password=$$(cat /run/secrets/spanwise_kafka_password)]" '
    "&& exec /opt/kafka/bin/kafka-server-start.sh /etc/kafka/kafka.properties"
)


def broker() -> Artefact:
    """`kafka.properties`: one broker that is its own controller, TLS both ways and a log-in."""
    about = (
        f"One Kafka broker for compose.yaml, with the topic {KAFKA_TOPIC.default}. A fleet has three of them and no "
        "replication factor of one. Not exercised by our tests: there is no Kafka."
    )
    return Artefact(PurePosixPath("kafka.properties"), header(about, _PEM) + _BROKER)


def services() -> dict[str, Value]:
    """Kafka, the gateway before it and the sampler behind it."""
    kafka: Block = {
        **service(image.KAFKA, cpus="2", memory="1536M", user=image.KAFKA_USER, is_read_only=False),
        "profiles": [_PROFILE],
        "entrypoint": ["/bin/bash", "-c", _START],
        "volumes": [mount("./kafka.properties", "/etc/kafka/kafka.properties"), volume("kafka", "/var/lib/kafka")],
        "secrets": ["ca.crt", "kafka.pem", "spanwise_kafka_password"],
        "depends_on": after("volumes-owner", condition="service_completed_successfully"),
        "healthcheck": health("/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"),
    }
    gateway = _collector("gateway", ("spanwise_token", "spanwise_kafka_password"))
    gateway["ports"] = [port(14317, 4317), port(14318, 4318)]
    return {"kafka": kafka, "gateway": gateway, "sampler": _collector("sampler", ("spanwise_kafka_password",))}


def _collector(name: str, secrets: tuple[str, ...]) -> Block:
    return {
        **service(image.COLLECTOR, cpus="1", memory="1024M", user=image.COLLECTOR_USER),
        "profiles": [_PROFILE],
        "command": ["--config=/etc/otelcol/config.yaml"],
        "environment": {
            HOST.name: "0.0.0.0",  # noqa: S104 - in the container
            TLS.name: "/run/secrets",
            KAFKA_PASSWORD.name: "/run/secrets/spanwise_kafka_password",
            "GOMEMLIMIT": "820MiB",
        },
        "volumes": [
            mount(f"../collector/kafka-{name}.yaml", "/etc/otelcol/config.yaml"),
            volume(name, "/var/lib/otelcol"),
        ],
        "secrets": [*_TLS, *secrets],
        "depends_on": {
            **after("volumes-owner", condition="service_completed_successfully"),
            **after("kafka", condition="service_healthy"),
        },
        "stop_grace_period": "45s",
    }
