"""`Manifest`: one resource, and what all of ours have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from spanwise.deploy.collector import setting
from spanwise.deploy.collector.release import CONTRIB
from spanwise.deploy.collector.role import ROLES
from spanwise.deploy.document import Path, Value
from spanwise.deploy.image import COLLECTOR_USER


if TYPE_CHECKING:
    from spanwise.plan import Plan


Block: TypeAlias = "dict[str, Value]"
"""A resource, or part of one."""

NAMESPACE: Final = "spanwise"
GATEWAY: Final = "spanwise-gateway"
SAMPLER: Final = "spanwise-sampler"

INSTANCE: Final = "app.kubernetes.io/instance"
"""The label that tells pods apart; the operator sets it too, to namespace and name with a dot between."""

OTLP_GRPC: Final = 4317
OTLP_HTTP: Final = 4318
HEALTH: Final = 13133
TELEMETRY: Final = 8888

TLS_DIRECTORY: Final = setting.TLS.default
QUEUE_DIRECTORY: Final = setting.QUEUE.default
SECRETS_DIRECTORY: Final = "/run/secrets/spanwise"
SERVER_SECRET: Final = "spanwise-server-tls"  # noqa: S105 - a name
CLIENT_SECRET: Final = "spanwise-client-tls"  # noqa: S105 - a name
TOKEN_SECRET: Final = "spanwise-tokens"  # noqa: S105 - a name

_PLACEHOLDER: Final = re.compile(r"\$\{env:([A-Z0-9_]+):-((?:[^{}]|\{[^{}]*\})*)\}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One resource, and what is said above its parts."""

    value: Block
    comments: Mapping[Path, str] = field(default_factory=dict)


def metadata(name: str, component: str) -> Block:
    """The name and the labels of a resource."""
    return {"name": name, "namespace": NAMESPACE, "labels": labels(component)}


def labels(component: str) -> Block:
    """By which a resource is found."""
    return {
        "app.kubernetes.io/name": "spanwise",
        "app.kubernetes.io/component": component,
        INSTANCE: f"spanwise-{component}",
    }


def collector_file(plan: Plan, name: str) -> str:
    """The contrib image's configuration for the role `name`: only that build can share traces out among samplers."""
    role = next(role for role in ROLES if role.name == name)
    return role.build(plan, CONTRIB).text()


def resolved(text: str, environment: Mapping[str, str]) -> str:
    """`text` with its settings filled in: the operator reads ports from it, and knows no variables there."""
    return _PLACEHOLDER.sub(lambda found: environment.get(found[1], found[2]), text)


def environment(**more: str) -> dict[str, str]:
    """What every Collector in a cluster is told."""
    every = {
        setting.HOST: "0.0.0.0",  # noqa: S104 - in a pod, behind TLS
        setting.HEALTH_HOST: "0.0.0.0",  # noqa: S104 - the kubelet asks from outside of the pod
        setting.TELEMETRY_HOST: "0.0.0.0",  # noqa: S104 - so does Prometheus
        setting.TOKEN: f"{SECRETS_DIRECTORY}/incoming",
        setting.OUTGOING_TOKEN: f"{SECRETS_DIRECTORY}/outgoing",
    }
    return {**{variable.name: value for variable, value in every.items()}, **more}


def variables(values: Mapping[str, str]) -> list[Value]:
    """`env` of a container."""
    return [{"name": name, "value": value} for name, value in values.items()]


POD_SECURITY: Final[Block] = {
    "runAsNonRoot": True,
    "runAsUser": COLLECTOR_USER,
    "runAsGroup": COLLECTOR_USER,
    "fsGroup": COLLECTOR_USER,
    "seccompProfile": {"type": "RuntimeDefault"},
}
CONTAINER_SECURITY: Final[Block] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def resources(cpu: str, memory: str) -> Block:
    """Requests and limits; memory is both, because a queue that grows must not take a neighbour's."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}


def mounts() -> list[Value]:
    """Where a Collector finds certificates, tokens and room for its queues."""
    return [
        {"name": "tls", "mountPath": TLS_DIRECTORY, "readOnly": True},
        {"name": "tokens", "mountPath": SECRETS_DIRECTORY, "readOnly": True},
        {"name": "queue", "mountPath": QUEUE_DIRECTORY.rpartition("/")[0]},
    ]


def secret_volumes() -> list[Value]:
    """Certificates under the names that the files have, from secrets as cert-manager writes them; and the tokens."""

    def certificate(secret: str, name: str) -> Value:
        items = [{"key": "tls.crt", "path": f"{name}.crt"}, {"key": "tls.key", "path": f"{name}.key"}]
        return {"secret": {"name": secret, "items": [*items, {"key": "ca.crt", "path": "ca.crt"}]}}

    client: Value = {
        "secret": {
            "name": CLIENT_SECRET,
            "items": [{"key": "tls.crt", "path": "client.crt"}, {"key": "tls.key", "path": "client.key"}],
        }
    }
    return [
        {"name": "tls", "projected": {"sources": [certificate(SERVER_SECRET, "server"), client]}},
        {"name": "tokens", "secret": {"secretName": TOKEN_SECRET}},
    ]
