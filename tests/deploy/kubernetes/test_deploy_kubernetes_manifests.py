"""The rendered resources: their form, how they are confined, and that they fit each other."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from jsonschema import Draft202012Validator

from spanwise.deploy.check.kubernetes_schema import schema_of
from spanwise.deploy.kubernetes import compile_kubernetes
from spanwise.deploy.kubernetes.injection import PYTHONS, REQUIREMENTS, VERSION
from spanwise.deploy.kubernetes.manifest import resolved
from spanwise.deploy.kubernetes.network import port_of
from spanwise.plan import Plan
from spanwise.sink import ContentSink


Yaml: TypeAlias = Any
"""A parsed YAML document."""

ROOT = Path(__file__).parents[3]
FILES = {str(artefact.path): artefact.text for artefact in compile_kubernetes(Plan())}
MANIFESTS = sorted(path for path in FILES if path.endswith(".yaml"))


def documents(path: str) -> list[Yaml]:
    """The resources of a file."""
    return list(yaml.safe_load_all(FILES[path]))


def found(kind: str, *paths: str) -> Iterator[Yaml]:
    """Every resource of a kind."""
    for path in paths or MANIFESTS:
        yield from (document for document in documents(path) if document["kind"] == kind)


def workloads() -> list[Yaml]:
    """Deployment and StatefulSet."""
    return [*found("Deployment"), *found("StatefulSet")]


@pytest.mark.parametrize("path", MANIFESTS)
def test_every_resource_has_the_form_of_its_kind(path: str) -> None:
    """By our reduced schemas; each kind that is rendered has one."""
    for document in documents(path):
        schema = schema_of(document)
        assert document["kind"] in {"Namespace", "ServiceAccount", "ConfigMap"} or "spec" in schema["properties"]
        assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []


def test_pods_pass_the_restricted_standard() -> None:
    """No root, nothing written but to volumes, no rights, no token of the cluster; the namespace asks for it."""
    (namespace,) = found("Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for workload in workloads():
        pod = workload["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"]


def test_everything_a_pod_mounts_is_there() -> None:
    """Each mount has a volume, each volume a ConfigMap of ours or a secret that the documentation names."""
    configs = {config["metadata"]["name"] for config in found("ConfigMap")}
    for workload in workloads():
        pod = workload["spec"]["template"]["spec"]
        claims = {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])}
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        mounted = {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]}
        assert mounted == volumes.keys() | claims
        assert volumes["config"]["configMap"]["name"] in configs
        assert volumes["tokens"]["secret"]["secretName"] == "spanwise-tokens"


def test_secrets_are_named_and_never_written() -> None:
    """No resource holds one."""
    assert list(found("Secret")) == []
    assert not re.search(r"(?i)(?:password|token|secret): *['\"]?[A-Za-z0-9+/]{16,}", "".join(FILES.values()))


def test_a_collector_finds_its_files_where_they_are_mounted() -> None:
    """Certificates, tokens and queue, at the paths that its configuration reads."""
    for workload in workloads():
        (container,) = workload["spec"]["template"]["spec"]["containers"]
        environment = {entry["name"]: entry["value"] for entry in container["env"]}
        places = [mount["mountPath"] for mount in container["volumeMounts"]]
        (config,) = (
            config for config in found("ConfigMap") if config["metadata"]["name"] == workload["metadata"]["name"]
        )
        text = config["data"]["collector.yaml"]
        used = dict(re.findall(r"\$\{env:([A-Z0-9_]+):-([^{}]*)\}", text)) | environment
        for name in ("SPANWISE_TLS_DIRECTORY", "SPANWISE_TOKEN_FILE", "SPANWISE_QUEUE_DIRECTORY"):
            assert any(used[name].startswith(place) for place in places), name
        assert used["SPANWISE_OTLP_HOST"] == used["SPANWISE_HEALTH_HOST"] == "0.0.0.0"
        assert "client_ca_file" in text


def test_services_select_pods_and_the_gateway_finds_the_samplers() -> None:
    """By labels and port names that exist, and by the name of the headless service."""
    headless = ""
    for service in found("Service"):
        (workload,) = (
            each
            for each in workloads()
            if each["spec"]["template"]["metadata"]["labels"] == service["spec"]["selector"]
        )
        (container,) = workload["spec"]["template"]["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert all(ports[port["targetPort"]] == port["port"] for port in service["spec"]["ports"])
        if service["spec"].get("clusterIP") == "None":
            headless = service["metadata"]["name"]
            assert workload["spec"]["serviceName"] == headless
    (gateway,) = found("Deployment")
    (container,) = gateway["spec"]["template"]["spec"]["containers"]
    environment = {entry["name"]: entry["value"] for entry in container["env"]}
    assert environment["SPANWISE_SAMPLER_HOST"] == f"{headless}.spanwise.svc.cluster.local"


def test_the_operator_sees_ports_and_no_variables() -> None:
    """It makes services of the ports in a configuration, so that has none that only the Collector could fill in."""
    for collector in found("OpenTelemetryCollector"):
        text = yaml.safe_dump(collector["spec"]["config"])
        assert "${env:" not in text
        protocols = collector["spec"]["config"]["receivers"]["otlp"]["protocols"]
        host = "127.0.0.1" if collector["spec"]["mode"] == "sidecar" else "0.0.0.0"
        assert (protocols["grpc"]["endpoint"], protocols["http"]["endpoint"]) == (f"{host}:4317", f"{host}:4318")
        pipelines = collector["spec"]["config"]["service"]["pipelines"].values()
        assert all(pipeline["processors"][0] == "memory_limiter" for pipeline in pipelines)


def test_both_ways_have_the_same_configuration() -> None:
    """What the operator runs and what the plain manifests run differ in addresses alone."""
    for role in ("gateway", "sampler"):
        (custom,) = found("OpenTelemetryCollector", f"operator/{role}.yaml")
        (config,) = found("ConfigMap", f"plain/{role}.yaml")
        plain = yaml.safe_load(resolved(config["data"]["collector.yaml"], {}))
        assert custom["spec"]["config"]["service"]["pipelines"] == plain["service"]["pipelines"]
        assert custom["spec"]["config"]["processors"] == plain["processors"]


def test_nothing_talks_unless_a_policy_says_so() -> None:
    """Everything is refused first; what is allowed has ports; nothing comes in from everywhere."""
    policies = {policy["metadata"]["name"]: policy["spec"] for policy in found("NetworkPolicy")}
    assert policies["spanwise-nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for name in ("spanwise-gateway", "spanwise-sampler"):
        for rule in policies[name]["ingress"]:
            assert rule["from"]
            assert rule["ports"]
        for rule in policies[name]["egress"]:
            assert rule["ports"]


def test_the_stores_of_the_policy_can_be_reached() -> None:
    """Samplers reach those of traces and content, the gateway that of metrics; by their ports."""
    plan = replace(Plan(), sinks=replace(Plan().sinks, content=ContentSink(endpoint="https://clickhouse:8443")))
    text = next(artefact.text for artefact in compile_kubernetes(plan) if str(artefact.path) == "network.yaml")
    policies = {policy["metadata"]["name"]: policy["spec"] for policy in yaml.safe_load_all(text)}
    out = {
        name: {port["port"] for rule in spec.get("egress", []) if "to" not in rule for port in rule["ports"]}
        for name, spec in policies.items()
    }
    assert out == {"spanwise-nothing": set(), "spanwise-gateway": {9090, 8443}, "spanwise-sampler": {4317, 8443}}


def test_policies_select_the_pods_of_both_ways() -> None:
    """Those of the plain manifests and those that the operator makes."""
    policies = {policy["metadata"]["name"]: policy["spec"] for policy in found("NetworkPolicy")}
    for workload in workloads():
        name = workload["metadata"]["name"]
        (expression,) = policies[name]["podSelector"]["matchExpressions"]
        label = workload["spec"]["template"]["metadata"]["labels"][expression["key"]]
        assert set(expression["values"]) == {label, f"spanwise.{name}"}


@pytest.mark.parametrize(
    ("endpoint", "port"),
    [
        ("jaeger:4317", 4317),
        ("https://a.b/c", 443),
        ("http://a/b", 80),
        ("http://a:9090/api/v1/otlp", 9090),
        ("[::1]:7", 7),
    ],
)
def test_a_port_is_read_from_an_endpoint(endpoint: str, port: int) -> None:
    """As the sinks of a policy write it."""
    assert port_of(endpoint) == port


def test_samplers_have_the_time_to_decide() -> None:
    """A pod that goes away decides on the traces it holds first."""
    plan = replace(Plan(), sample=replace(Plan().sample, decision_wait_s=120))
    text = next(artefact.text for artefact in compile_kubernetes(plan) if str(artefact.path) == "plain/sampler.yaml")
    (workload,) = (document for document in yaml.safe_load_all(text) if document["kind"] == "StatefulSet")
    assert workload["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > 120


def test_an_application_gets_the_image_of_its_python() -> None:
    """One Instrumentation for each minor version, which sends to the sidecar in the same pod."""
    made = list(found("Instrumentation"))
    assert [each["spec"]["python"]["image"].rpartition("-py")[2] for each in made] == list(PYTHONS)
    for each, python in zip(made, PYTHONS, strict=True):
        assert each["metadata"]["name"] == f"spanwise-python-{python.replace('.', '-')}"
        assert each["spec"]["exporter"]["endpoint"] == "http://localhost:4318"


def test_the_image_has_what_a_process_needs() -> None:
    """Its requirements are those of the distribution, less what only the command line uses; versions agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(REQUIREMENTS) <= set(project["dependencies"])
    left_out = {re.split(r"[<>=]", line)[0] for line in set(project["dependencies"]) - set(REQUIREMENTS)}
    assert left_out == {"duckdb", "grpcio", "opentelemetry-exporter-otlp-proto-grpc", "packaging", "rich", "typer"}
    assert project["version"] == VERSION
    supported = [line.rpartition(" ")[2] for line in project["classifiers"] if re.search(r":: 3\.[0-9]+$", line)]
    assert list(PYTHONS) == supported


def test_a_process_needs_no_more_than_the_image_has() -> None:
    """The pipeline starts, an instrumentor and the exporter load, without the libraries of the command line."""
    program = (
        "import sys\n"
        "for name in ('duckdb', 'grpc', 'typer', 'rich'):\n    sys.modules[name] = None\n"
        "from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter\n"
        "from spanwise.instrument.openai import OpenAIInstrumentor\n"
        "from spanwise.pipeline import Pipeline, PipelineConfig\n"
        "Pipeline(PipelineConfig()).prepare()\n"
        "from spanwise.pipeline.activation import activate\n"
        "activate()\nprint('ready')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "ready\n"), ran.stderr


def test_the_image_has_both_folders_that_the_operator_copies() -> None:
    """For glibc and for musl, from stages that exist, and it is not root."""
    text = FILES["image/Dockerfile"]
    assert "/autoinstrumentation /autoinstrumentation\n" in text
    assert "/autoinstrumentation /autoinstrumentation-musl\n" in text
    stages = set(re.findall(r"^FROM .+ AS (\w+)$", text, re.MULTILINE))
    assert set(re.findall(r"--from=(\w+)", text)) <= stages
    assert "\nUSER 65534:65534\n" in text
