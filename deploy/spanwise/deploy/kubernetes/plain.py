"""Gateway and samplers without the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy import image
from spanwise.deploy.collector import setting
from spanwise.deploy.document import Path, Value
from spanwise.deploy.kubernetes.manifest import (
    CONTAINER_SECURITY,
    GATEWAY,
    HEALTH,
    NAMESPACE,
    OTLP_GRPC,
    OTLP_HTTP,
    POD_SECURITY,
    SAMPLER,
    TELEMETRY,
    Block,
    Manifest,
    collector_file,
    environment,
    labels,
    metadata,
    mounts,
    resources,
    secret_volumes,
    variables,
)


if TYPE_CHECKING:
    from spanwise.plan import Plan


_HEADLESS: Final = f"{SAMPLER}-headless"
_GRACE_S: Final = 60

_DEPLOYMENT_COMMENTS: Final[dict[Path, str]] = {
    ("spec", "template", "spec", "volumes", 3): (
        "Outlives the container, not the pod: what a gateway holds is a moment's worth, and it tells callers when full."
    ),
}
_STATEFUL_COMMENTS: Final[dict[Path, str]] = {
    ("spec", "podManagementPolicy"): "All at once: the gateway shares traces out among those that answer.",
    ("spec", "template", "spec", "terminationGracePeriodSeconds"): (
        "More than decision_wait, so that traces that wait are decided before a pod goes. There is no autoscaling: a "
        "change of their number decides some traces in two places."
    ),
}


def files(plan: Plan) -> dict[str, tuple[str, list[Manifest]]]:
    """Each file with what it is."""
    return {
        "plain/namespace.yaml": ("The namespace; nothing in it may run as root.", [_namespace()]),
        "plain/gateway.yaml": (
            "The gateway without the operator: apply namespace.yaml and ../network.yaml first.",
            _gateway(plan),
        ),
        "plain/sampler.yaml": ("The samplers without the operator: whole traces come to one of them.", _sampler(plan)),
    }


def _namespace() -> Manifest:
    restricted: Block = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    return Manifest({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": restricted}})


def _gateway(plan: Plan) -> list[Manifest]:
    told = environment(**{setting.SAMPLER_HOST.name: f"{_HEADLESS}.{NAMESPACE}.svc.cluster.local"})
    pod = _pod(GATEWAY, told, [{"name": "queue", "emptyDir": {"sizeLimit": "2Gi"}}])
    spec: Block = {
        "replicas": 2,
        "selector": {"matchLabels": labels("gateway")},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {"metadata": {"labels": labels("gateway")}, "spec": pod},
    }
    deployment: Block = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(GATEWAY, "gateway"),
        "spec": spec,
    }
    return [
        _account(GATEWAY, "gateway"),
        _config(GATEWAY, "gateway", collector_file(plan, "gateway")),
        _service(GATEWAY, "gateway"),
        Manifest(deployment, _DEPLOYMENT_COMMENTS),
        _disruption(GATEWAY, "gateway"),
    ]


def _sampler(plan: Plan) -> list[Manifest]:
    pod = _pod(SAMPLER, environment(), [])
    pod["terminationGracePeriodSeconds"] = int(plan.sample.decision_wait_s) + _GRACE_S
    spec: Block = {
        "serviceName": _HEADLESS,
        "replicas": 2,
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": labels("sampler")},
        "template": {"metadata": {"labels": labels("sampler")}, "spec": pod},
        "volumeClaimTemplates": [
            {
                "metadata": {"name": "queue"},
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}},
            }
        ],
    }
    stateful: Block = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(SAMPLER, "sampler"),
        "spec": spec,
    }
    return [
        _account(SAMPLER, "sampler"),
        _config(SAMPLER, "sampler", collector_file(plan, "sampler")),
        _service(_HEADLESS, "sampler", is_headless=True),
        Manifest(stateful, _STATEFUL_COMMENTS),
        _disruption(SAMPLER, "sampler"),
    ]


def _pod(name: str, told: dict[str, str], volumes: list[Value]) -> Block:
    container: Block = {
        "name": "collector",
        "image": image.COLLECTOR_NEWEST,
        "args": ["--config=/etc/otelcol/config/collector.yaml"],
        "env": variables({**told, "GOMEMLIMIT": "1638MiB"}),
        "ports": [
            {"name": "otlp-grpc", "containerPort": OTLP_GRPC},
            {"name": "otlp-http", "containerPort": OTLP_HTTP},
            {"name": "health", "containerPort": HEALTH},
            {"name": "telemetry", "containerPort": TELEMETRY},
        ],
        "readinessProbe": {"httpGet": {"path": "/", "port": "health"}, "periodSeconds": 5},
        "livenessProbe": {"httpGet": {"path": "/", "port": "health"}, "periodSeconds": 10, "failureThreshold": 6},
        "resources": resources("500m", "2Gi"),
        "securityContext": dict(CONTAINER_SECURITY),
        "volumeMounts": [{"name": "config", "mountPath": "/etc/otelcol/config", "readOnly": True}, *mounts()],
    }
    return {
        "serviceAccountName": name,
        "automountServiceAccountToken": False,
        "securityContext": dict(POD_SECURITY),
        "containers": [container],
        "volumes": [{"name": "config", "configMap": {"name": name}}, *secret_volumes(), *volumes],
    }


def _account(name: str, component: str) -> Manifest:
    return Manifest(
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": metadata(name, component),
            "automountServiceAccountToken": False,
        }
    )


def _config(name: str, component: str, text: str) -> Manifest:
    return Manifest(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata(name, component),
            "data": {"collector.yaml": text},
        }
    )


def _service(name: str, component: str, *, is_headless: bool = False) -> Manifest:
    head: Block = {"clusterIP": "None"} if is_headless else {"type": "ClusterIP"}
    ports: list[Value] = [
        {"name": "otlp-grpc", "port": OTLP_GRPC, "targetPort": "otlp-grpc", "appProtocol": "grpc"},
        {"name": "otlp-http", "port": OTLP_HTTP, "targetPort": "otlp-http"},
    ]
    return Manifest(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata(name, component),
            "spec": {**head, "selector": labels(component), "ports": ports},
        }
    )


def _disruption(name: str, component: str) -> Manifest:
    return Manifest(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": metadata(name, component),
            "spec": {"maxUnavailable": 1, "selector": {"matchLabels": labels(component)}},
        }
    )
