"""Where spans come in: OTLP, bounded in every dimension; or Kafka."""

from __future__ import annotations

from typing import Final

from spanwise.deploy.collector import access, setting
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.release import Component
from spanwise.deploy.collector.setting import Setting


MOST_MESSAGE_MIB: Final = 16
"""MiB of one request. gRPC takes 4 MiB unless it is told, which a batch with prompts outgrows."""

_PATIENCE: Final = "30s"


def otlp(
    configuration: Configuration,
    *,
    is_guarded: bool,
    grpc_port: Setting = setting.GRPC_PORT,
    http_port: Setting = setting.HTTP_PORT,
) -> str:
    """The id of the OTLP receiver.

    Args:
        configuration: the file.
        is_guarded: whether callers need a certificate and a token. Without, it is for this machine alone.
        grpc_port: port of gRPC.
        http_port: port of HTTP.
    """
    guard: Block = access.server(configuration) if is_guarded else {}
    identity = configuration.add(
        Component.OTLP_IN,
        "",
        {
            "protocols": {
                "grpc": {
                    "endpoint": f"{setting.HOST}:{grpc_port}",
                    "max_recv_msg_size_mib": MOST_MESSAGE_MIB,
                    "max_concurrent_streams": 100,
                    "keepalive": {
                        "server_parameters": {"max_connection_age": "10m", "max_connection_age_grace": "30s"}
                    },
                    **guard,
                },
                "http": {
                    "endpoint": f"{setting.HOST}:{http_port}",
                    "max_request_body_size": MOST_MESSAGE_MIB * 1024 * 1024,
                    "read_header_timeout": "10s",
                    "read_timeout": _PATIENCE,
                    "write_timeout": _PATIENCE,
                    "idle_timeout": "1m",
                    **guard,
                },
            }
        },
    )
    _explain(configuration, identity, is_guarded=is_guarded)
    return identity


def _explain(configuration: Configuration, identity: str, *, is_guarded: bool) -> None:
    grpc = ("receivers", identity, "protocols", "grpc")
    if not is_guarded:
        configuration.comment("receivers", identity, text=access.HOW_TO_SECURE)
    configuration.comment(*grpc, "max_recv_msg_size_mib", text="gRPC takes 4 MiB unless told: too few for prompts.")
    configuration.comment(
        *grpc, "keepalive", text="Connections end now and then, so that callers find replicas that were added."
    )


def kafka(configuration: Configuration) -> str:
    """The id of the Kafka receiver of a sampler. All spans of a trace are in one partition, so with one sampler."""
    return configuration.add(
        Component.KAFKA_IN,
        "",
        {
            **kafka_client(),
            "group_id": str(setting.KAFKA_GROUP),
            "initial_offset": "earliest",
            "group_rebalance_strategies": ["cooperative-sticky"],
            "autocommit": {"enable": True, "interval": "1s"},
            "message_marking": {"after": True, "on_error": False},
            "traces": {"topics": [str(setting.KAFKA_TOPIC)], "encoding": "otlp_proto"},
            "max_fetch_size": MOST_MESSAGE_MIB * 1024 * 1024,
        },
        "A message counts as read when the pipeline has taken it. What waits for a decision is then in memory: after a "
        "kill, set the group's offsets back by sampling.decision_wait_s to read it again.",
    )


def kafka_client() -> Block:
    """How Kafka is reached, by both sides."""
    folder = setting.TLS
    return {
        "brokers": str(setting.KAFKA_BROKERS),
        "client_id": "spanwise",
        "tls": {
            "ca_file": f"{folder}/ca.crt",
            "cert_file": f"{folder}/client.crt",
            "key_file": f"{folder}/client.key",
            "min_version": "1.2",
        },
        "auth": {
            "sasl": {
                "mechanism": "SCRAM-SHA-512",
                "username": str(setting.KAFKA_USER),
                "password": f"${{file:{setting.KAFKA_PASSWORD}}}",
            }
        },
    }
