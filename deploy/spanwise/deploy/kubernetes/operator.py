"""The same by the OpenTelemetry operator, and the injection of our image into applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import yaml

from spanwise.deploy import image
from spanwise.deploy.collector import setting
from spanwise.deploy.kubernetes.injection import PYTHONS, tag
from spanwise.deploy.kubernetes.manifest import (
    CONTAINER_SECURITY,
    GATEWAY,
    NAMESPACE,
    OTLP_GRPC,
    OTLP_HTTP,
    POD_SECURITY,
    SAMPLER,
    Block,
    Manifest,
    collector_file,
    environment,
    metadata,
    mounts,
    resolved,
    resources,
    secret_volumes,
    variables,
)
from spanwise.semconv import environment as environment_names


if TYPE_CHECKING:
    from spanwise.plan import Plan


_AGENT: Final = "spanwise-agent"
_CAPTURE: Final = {"none": "NO_CONTENT", "span": "SPAN_ONLY", "event": "EVENT_ONLY", "both": "SPAN_AND_EVENT"}

_AGENT_ABOUT: Final = (
    "The agent as a sidecar: applications send to localhost, it holds on disk and sends on with a certificate and a "
    "token. It is injected into pods with the annotation sidecar.opentelemetry.io/inject: spanwise/spanwise-agent; the "
    "secrets must be in the namespace of the pod."
)
_INJECTION_ABOUT: Final = (
    "Instrumentation without a change to an application's image: the operator copies ours into the pod. The annotation "
    "names the Python of the application, because compiled parts fit one minor version only: "
    'instrumentation.opentelemetry.io/inject-python: "spanwise/spanwise-python-3-12".'
)


def files(plan: Plan) -> dict[str, tuple[str, list[Manifest]]]:
    """Each file with what it is."""
    host = f"{SAMPLER}-collector-headless.{NAMESPACE}.svc.cluster.local"
    gateway = environment(**{setting.SAMPLER_HOST.name: host})
    to_gateway = f"{GATEWAY}-collector.{NAMESPACE}.svc.cluster.local:{OTLP_GRPC}"
    agent = environment(**{setting.HOST.name: setting.HOST.default, setting.GATEWAY.name: to_gateway})
    return {
        "operator/instrumentation.yaml": (_INJECTION_ABOUT, [_instrumentation(plan, python) for python in PYTHONS]),
        "operator/agent.yaml": (_AGENT_ABOUT, [_collector(plan, _AGENT, "agent", "sidecar", agent)]),
        "operator/gateway.yaml": (
            "The gateway, run by the operator.",
            [_collector(plan, GATEWAY, "gateway", "deployment", gateway)],
        ),
        "operator/sampler.yaml": (
            "The samplers, run by the operator. Do not scale them while traces wait for a decision.",
            [_collector(plan, SAMPLER, "sampler", "statefulset", environment())],
        ),
    }


def _collector(plan: Plan, name: str, role: str, mode: str, told: dict[str, str]) -> Manifest:
    config = yaml.safe_load(resolved(collector_file(plan, role), told))
    queue: Block = {"name": "queue", "emptyDir": {"sizeLimit": "2Gi"}}
    spec: Block = {
        "mode": mode,
        "image": image.COLLECTOR_NEWEST,
        "managementState": "managed",
        "upgradeStrategy": "none",
    }
    if mode != "sidecar":
        spec |= {"replicas": 2, "podSecurityContext": dict(POD_SECURITY)}
    if mode == "statefulset":
        claim: Block = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}
        spec["volumeClaimTemplates"] = [{"metadata": {"name": "queue"}, "spec": claim}]
        spec["terminationGracePeriodSeconds"] = int(plan.sample.decision_wait_s) + 60
    memory = "256Mi" if mode == "sidecar" else "2Gi"
    spec |= {
        "securityContext": dict(CONTAINER_SECURITY),
        "resources": resources("50m" if mode == "sidecar" else "500m", memory),
        "env": variables({"GOMEMLIMIT": "204MiB" if mode == "sidecar" else "1638MiB"}),
        "volumeMounts": mounts(),
        "volumes": [*secret_volumes(), *([] if mode == "statefulset" else [queue])],
        "config": config,
    }
    value: Block = {
        "apiVersion": "opentelemetry.io/v1beta1",
        "kind": "OpenTelemetryCollector",
        "metadata": metadata(name, role),
        "spec": spec,
    }
    return Manifest(value, {("spec", "upgradeStrategy"): "A new version comes by a new render, and after its tests."})


def _instrumentation(plan: Plan, python: str) -> Manifest:
    name = f"spanwise-python-{python.replace('.', '-')}"
    capture = environment_names.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT
    value: Block = {
        "apiVersion": "opentelemetry.io/v1alpha1",
        "kind": "Instrumentation",
        "metadata": metadata(name, "instrumentation"),
        "spec": {
            "exporter": {"endpoint": f"http://localhost:{OTLP_HTTP}"},
            "propagators": ["tracecontext", "baggage"],
            "sampler": {"type": "parentbased_always_on"},
            "python": {
                "image": tag(python),
                "env": variables(
                    {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", capture: _CAPTURE[plan.content.mode]}
                ),
                "resourceRequirements": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "50m", "memory": "64Mi"}},
            },
        },
    }
    return Manifest(
        value,
        {
            ("spec", "exporter", "endpoint"): "The sidecar of operator/agent.yaml, in the same pod.",
            ("spec", "sampler"): "Everything: the samplers decide, after metrics have counted it.",
        },
    )
