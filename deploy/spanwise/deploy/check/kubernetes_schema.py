"""What Kubernetes asks of the kinds that we render, and of everything else only what all kinds have.

Source: the Kubernetes API reference 1.34 and the OpenTelemetry operator's API, v1alpha1 and v1beta1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias


Schema: TypeAlias = dict[str, Any]
"""A JSON schema, or part of one."""

_NAME: Final[Schema] = {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$"}
_LABELS: Final[Schema] = {"type": "object", "additionalProperties": {"type": "string", "maxLength": 63}}
_TEXTS: Final[Schema] = {"type": "array", "items": {"type": "string"}}
_QUANTITY: Final[Schema] = {"type": ["string", "number"], "pattern": r"^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$"}
_ANY: Final[Schema] = {}


def _closed(*required: str, **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _open(*required: str, **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


_METADATA: Final = _open("name", name=_NAME, namespace=_NAME, labels=_LABELS, annotations={"type": "object"})

_PORT: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 65535}
_PORT_NAME: Final[Schema] = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$"}

_RESOURCES: Final = _closed(
    limits={"type": "object", "additionalProperties": _QUANTITY},
    requests={"type": "object", "additionalProperties": _QUANTITY},
    claims=_ANY,
)

_PROBE: Final = _closed(
    httpGet={"type": "object"},
    exec={"type": "object"},
    grpc={"type": "object"},
    tcpSocket={"type": "object"},
    initialDelaySeconds={"type": "integer"},
    periodSeconds={"type": "integer"},
    timeoutSeconds={"type": "integer"},
    failureThreshold={"type": "integer"},
    successThreshold={"type": "integer"},
    terminationGracePeriodSeconds={"type": "integer"},
)

_ENV: Final = _closed("name", name={"type": "string"}, value={"type": "string"}, valueFrom={"type": "object"})

_CONTAINER: Final = _closed(
    "name",
    "image",
    name=_NAME,
    image={"type": "string"},
    imagePullPolicy={"enum": ["Always", "IfNotPresent", "Never"]},
    args=_TEXTS,
    command=_TEXTS,
    env=_list(_ENV),
    envFrom=_ANY,
    ports=_list(_open("containerPort", containerPort=_PORT, name=_PORT_NAME)),
    resources=_RESOURCES,
    securityContext={"type": "object"},
    volumeMounts=_list(_open("name", "mountPath", name=_NAME, mountPath={"type": "string"})),
    livenessProbe=_PROBE,
    readinessProbe=_PROBE,
    startupProbe=_PROBE,
    lifecycle={"type": "object"},
    workingDir={"type": "string"},
    **dict.fromkeys(
        (
            *("resizePolicy", "restartPolicy", "stdin", "stdinOnce", "terminationMessagePath"),
            *("terminationMessagePolicy", "tty", "volumeDevices"),
        ),
        _ANY,
    ),
)

_POD: Final = _open("containers", containers={**_list(_CONTAINER), "minItems": 1}, initContainers=_list(_CONTAINER))
_TEMPLATE: Final = _open("metadata", "spec", metadata=_open("labels", labels=_LABELS), spec=_POD)
_SELECTOR: Final = _closed(matchLabels=_LABELS, matchExpressions={"type": "array"})

_DEPLOYMENT: Final = _closed(
    "selector",
    "template",
    selector=_SELECTOR,
    template=_TEMPLATE,
    replicas={"type": "integer", "minimum": 0},
    strategy={"type": "object"},
    minReadySeconds={"type": "integer"},
    revisionHistoryLimit={"type": "integer"},
    progressDeadlineSeconds={"type": "integer"},
    paused={"type": "boolean"},
)

_STATEFUL_SET: Final = _closed(
    "selector",
    "template",
    "serviceName",
    selector=_SELECTOR,
    template=_TEMPLATE,
    serviceName=_NAME,
    replicas={"type": "integer", "minimum": 0},
    podManagementPolicy={"enum": ["OrderedReady", "Parallel"]},
    updateStrategy={"type": "object"},
    volumeClaimTemplates={"type": "array"},
    persistentVolumeClaimRetentionPolicy={"type": "object"},
    minReadySeconds={"type": "integer"},
    revisionHistoryLimit={"type": "integer"},
    ordinals={"type": "object"},
)

_SERVICE: Final = _open(
    selector=_LABELS,
    clusterIP={"type": "string"},
    type={"enum": ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]},
    ports=_list(
        _closed(
            "port",
            name=_PORT_NAME,
            port=_PORT,
            targetPort={"type": ["integer", "string"]},
            protocol={"enum": ["TCP", "UDP", "SCTP"]},
            appProtocol={"type": "string"},
            nodePort=_PORT,
        )
    ),
)

_PEER: Final = _closed(
    podSelector=_SELECTOR, namespaceSelector=_SELECTOR, ipBlock=_open("cidr", cidr={"type": "string"})
)
_POLICY_PORT: Final = _closed(
    port={"type": ["integer", "string"]}, endPort=_PORT, protocol={"enum": ["TCP", "UDP", "SCTP"]}
)

_NETWORK_POLICY: Final = _closed(
    "podSelector",
    podSelector=_SELECTOR,
    policyTypes={"type": "array", "items": {"enum": ["Ingress", "Egress"]}},
    ingress=_list(_closed(**{"from": _list(_PEER), "ports": _list(_POLICY_PORT)})),
    egress=_list(_closed(to=_list(_PEER), ports=_list(_POLICY_PORT))),
)

_DISRUPTION_BUDGET: Final = _closed(
    selector=_SELECTOR,
    minAvailable={"type": ["integer", "string"]},
    maxUnavailable={"type": ["integer", "string"]},
    unhealthyPodEvictionPolicy={"type": "string"},
)

_INSTRUMENTATION: Final = _closed(
    exporter=_closed(endpoint={"type": "string", "pattern": "^https?://"}, tls={"type": "object"}),
    propagators={
        "type": "array",
        "items": {"enum": ["tracecontext", "baggage", "b3", "b3multi", "jaeger", "xray", "ottrace", "none"]},
    },
    sampler=_closed("type", type={"type": "string"}, argument={"type": "string"}),
    env=_list(_ENV),
    resource={"type": "object"},
    defaults={"type": "object"},
    python=_closed(
        image={"type": "string"},
        env=_list(_ENV),
        resourceRequirements=_RESOURCES,
        volume=_ANY,
        volumeClaimTemplate=_ANY,
        volumeLimitSize=_QUANTITY,
    ),
    **dict.fromkeys(
        ("java", "nodejs", "dotnet", "go", "apacheHttpd", "nginx", "imagePullPolicy", "initContainerSecurityContext"),
        _ANY,
    ),
)

_COLLECTOR: Final = _open(
    "config",
    mode={"enum": ["deployment", "statefulset", "daemonset", "sidecar"]},
    image={"type": "string"},
    replicas={"type": "integer", "minimum": 0},
    managementState={"enum": ["managed", "unmanaged"]},
    upgradeStrategy={"enum": ["automatic", "none"]},
    config=_open(
        "receivers",
        "exporters",
        "service",
        receivers={"type": "object"},
        processors={"type": "object"},
        exporters={"type": "object"},
        connectors={"type": "object"},
        extensions={"type": "object"},
        service=_open("pipelines", pipelines={"type": "object"}),
    ),
    env=_list(_ENV),
    resources=_RESOURCES,
    volumeMounts=_list(_open("name", "mountPath")),
    volumes=_list(_open("name")),
)

_SPECS: Final[Mapping[str, tuple[str, Schema | None]]] = {
    "Namespace": ("v1", None),
    "ServiceAccount": ("v1", None),
    "ConfigMap": ("v1", None),
    "Service": ("v1", _SERVICE),
    "Deployment": ("apps/v1", _DEPLOYMENT),
    "StatefulSet": ("apps/v1", _STATEFUL_SET),
    "NetworkPolicy": ("networking.k8s.io/v1", _NETWORK_POLICY),
    "PodDisruptionBudget": ("policy/v1", _DISRUPTION_BUDGET),
    "Instrumentation": ("opentelemetry.io/v1alpha1", _INSTRUMENTATION),
    "OpenTelemetryCollector": ("opentelemetry.io/v1beta1", _COLLECTOR),
}
"""The version and the schema of the spec of each kind that we know."""

_DATA: Final[Schema] = {"type": "object", "additionalProperties": {"type": "string"}}


def schema_of(manifest: Any) -> Schema:
    """The schema for one manifest, by its kind."""
    found = manifest.get("kind") if isinstance(manifest, Mapping) else None
    version, spec = _SPECS.get(found, (None, None)) if isinstance(found, str) else (None, None)
    properties: Schema = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": _METADATA}
    required = ["apiVersion", "kind", "metadata"]
    if version is not None:
        properties["apiVersion"] = {"const": version}
    if spec is not None:
        properties["spec"] = spec
        required.append("spec")
    if found == "ConfigMap":
        properties["data"] = _DATA
    return {"type": "object", "required": required, "properties": properties}
