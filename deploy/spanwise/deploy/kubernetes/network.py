"""Who may talk to whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from spanwise.deploy.document import Path, Value
from spanwise.deploy.kubernetes.manifest import (
    GATEWAY,
    HEALTH,
    INSTANCE,
    NAMESPACE,
    OTLP_GRPC,
    OTLP_HTTP,
    SAMPLER,
    TELEMETRY,
    Block,
    Manifest,
    metadata,
)


if TYPE_CHECKING:
    from spanwise.plan import Plan


_PORT: Final = re.compile(r":([0-9]{1,5})(?:/|$)")
_DNS: Final[Block] = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}
_NOTE: Final = "Only the ports of the policy's sinks, at any address: narrow it to where your stores are."


def files(plan: Plan) -> dict[str, tuple[str, list[Manifest]]]:
    """The one file, with what it is."""
    about = (
        'Nothing may talk to anybody, but: namespaces with the label spanwise/sends: "true" to the gateway, the '
        "gateway to samplers and the store of metrics, samplers to the stores. Probes of the kubelet pass in any case."
    )
    return {"network.yaml": (about, [_nothing(), _gateway(plan), _sampler(plan)])}


def _nothing() -> Manifest:
    spec: Block = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    return _policy("spanwise-nothing", "network", spec)


def _gateway(plan: Plan) -> Manifest:
    senders: Value = [
        {"namespaceSelector": {"matchLabels": {"spanwise/sends": "true"}}},
        {"podSelector": {}},
    ]
    to_samplers: Block = {"to": [{"podSelector": _pods(SAMPLER)}], "ports": [_tcp(OTLP_GRPC)]}
    metrics = [] if plan.sinks.metrics is None else [plan.sinks.metrics.endpoint]
    spec: Block = {
        "podSelector": _pods(GATEWAY),
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": senders, "ports": [_tcp(OTLP_GRPC), _tcp(OTLP_HTTP)]}, _watched()],
        "egress": [_DNS, to_samplers, *_out([*metrics, *_content(plan)])],
    }
    return _policy(GATEWAY, "gateway", spec)


def _sampler(plan: Plan) -> Manifest:
    stores = [sink.endpoint for sink in plan.sinks.traces]
    spec: Block = {
        "podSelector": _pods(SAMPLER),
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {"from": [{"podSelector": _pods(GATEWAY)}], "ports": [_tcp(OTLP_GRPC)]},
            _watched(),
        ],
        "egress": [_DNS, *_out([*stores, *_content(plan)])],
    }
    return _policy(SAMPLER, "sampler", spec)


def _content(plan: Plan) -> list[str]:
    return [] if plan.sinks.content is None else [plan.sinks.content.endpoint]


def _out(endpoints: list[str]) -> list[Value]:
    """Leave to reach the ports of `endpoints`."""
    ports = sorted({port_of(endpoint) for endpoint in endpoints})
    return [{"ports": [_tcp(port) for port in ports]}] if ports else []


def port_of(endpoint: str) -> int:
    """The port of `host:port` or of a URL."""
    found = _PORT.search(endpoint.partition("://")[2] or endpoint)
    return int(found[1]) if found else 80 if endpoint.startswith("http://") else 443


def _watched() -> Block:
    monitoring: Value = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]
    return {"from": monitoring, "ports": [_tcp(TELEMETRY), _tcp(HEALTH)]}


def _pods(name: str) -> Block:
    """Pods of ours by that name: as plain manifests label them, or as the operator does."""
    instances: Value = [name, f"{NAMESPACE}.{name}"]
    return {"matchExpressions": [{"key": INSTANCE, "operator": "In", "values": instances}]}


def _tcp(port: int) -> Block:
    return {"port": port, "protocol": "TCP"}


def _policy(name: str, component: str, spec: Block) -> Manifest:
    egress = spec.get("egress")
    comments: dict[Path, str] = {}
    if isinstance(egress, list):
        comments = {
            ("spec", "egress", at): _NOTE
            for at, rule in enumerate(egress)
            if isinstance(rule, dict) and "to" not in rule
        }
    return Manifest(
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": metadata(name, component),
            "spec": spec,
        },
        comments,
    )
