"""The rendered compose file: its form, what it mounts, whom it listens to, and that the other files fit it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import Any, TypeAlias

import pytest
import yaml

from spanwise.alert import AlertConfig
from spanwise.alert.receiver import PagerDuty, Receiver, Slack
from spanwise.deploy import TARGETS
from spanwise.deploy.check.compose_schema import COMPOSE
from spanwise.deploy.compose import compile_compose
from spanwise.plan import Plan
from spanwise.sink import ContentSink


Yaml: TypeAlias = Any
"""A parsed YAML document."""

WITH_CONTENT = replace(
    Plan(), sinks=replace(Plan().sinks, content=ContentSink(password_file="/run/secrets/clickhouse_password"))
)
PLANS = {"defaults": Plan(), "content": WITH_CONTENT}

PORTS = {
    ("collector", 4317), ("collector", 4318), ("collector", 8888), ("jaeger", 4317), ("jaeger", 16686),
    ("jaeger", 8889), ("tempo", 4317), ("tempo", 3200), ("prometheus", 9090), ("alertmanager", 9093), ("grafana", 3000),
    ("clickhouse", 9000), ("clickhouse", 8123), ("kafka", 9092),
}  # fmt: skip
"""What each service listens on inside the network."""


def compose(plan: Plan) -> Yaml:
    """The parsed compose file."""
    return yaml.safe_load(compile_compose(plan)[0].text)


def rendered(plan: Plan) -> dict[PurePosixPath, str]:
    """Every file of every target, as it stands below deploy/."""
    return _rendered(next(name for name, known in PLANS.items() if known is plan))


@cache
def _rendered(name: str) -> dict[PurePosixPath, str]:
    plan = PLANS[name]
    return {
        PurePosixPath(target.name) / artefact.path: artefact.text
        for target in TARGETS.values()
        for artefact in target.compile(plan)
    }


@pytest.fixture(params=PLANS, name="plan")
def _plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]


def test_it_follows_the_compose_specification(plan: Plan) -> None:
    """As far as our reduced schema of it goes."""
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(COMPOSE)
    assert [error.message for error in Draft202012Validator(COMPOSE).iter_errors(compose(plan))] == []


def test_everything_it_mounts_is_rendered(plan: Plan) -> None:
    """From the folders beside it, and read-only."""
    files = rendered(plan)
    folders = {parent for path in files for parent in path.parents}
    for name, service in compose(plan)["services"].items():
        for mount in service.get("volumes", []):
            if mount["type"] == "bind":
                source = PurePosixPath("compose").joinpath(mount["source"])
                parts: list[str] = []
                for part in source.parts:
                    parts = parts[:-1] if part == ".." else [*parts, part]
                assert PurePosixPath(*parts) in files.keys() | folders, (name, mount["source"])
                assert mount["read_only"] is True


def test_every_volume_secret_and_dependency_is_declared(plan: Plan) -> None:
    """And none is declared that nothing uses."""
    stack = compose(plan)
    used: dict[str, set[str]] = {"volumes": set(), "secrets": set()}
    for service in stack["services"].values():
        used["volumes"] |= {mount["source"] for mount in service.get("volumes", []) if mount["type"] == "volume"}
        used["secrets"] |= set(service.get("secrets", []))
        assert service.get("depends_on", {}).keys() <= stack["services"].keys()
    assert used == {kind: set(stack[kind]) for kind in used}


def test_nothing_is_published_but_to_this_machine(plan: Plan) -> None:
    """Every port is bound to loopback, and no two are one."""
    ports = [port for service in compose(plan)["services"].values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports)


def test_services_are_confined(plan: Plan) -> None:
    """No rights, no root, no new privileges, bounded; a read-only file system but where the image does not allow it."""
    writable = set()
    for name, service in compose(plan)["services"].items():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()
        assert service["user"].startswith("0:") == (name == "volumes-owner")
        assert "privileged" not in service
        if not service.get("read_only"):
            writable.add(name)
    assert writable == {"clickhouse", "kafka"}


def test_images_have_a_version(plan: Plan) -> None:
    """The same stack tomorrow."""
    for service in compose(plan)["services"].values():
        assert re.fullmatch(r"[a-z0-9./-]+:v?[0-9]+(\.[0-9]+)+", service["image"])


def test_every_engine_can_be_waited_for(plan: Plan) -> None:
    """Each has a health check, or its health is asked by the service that is there for it."""
    services = compose(plan)["services"]
    unasked = {name for name, service in services.items() if "healthcheck" not in service and "profiles" not in service}
    assert unasked == {"volumes-owner", "collector", "jaeger", "tempo"}
    asked = services["ready"]["healthcheck"]["test"][-1]
    for address in ("127.0.0.1:13133", "jaeger:16686", "tempo:3200"):
        assert address in asked


def test_grafana_lets_nobody_in_without_a_password(plan: Plan) -> None:
    """No anonymous access, no sign-up, no default password."""
    environment = compose(plan)["services"]["grafana"]["environment"]
    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert environment["GF_USERS_ALLOW_SIGN_UP"] == "false"
    assert environment["GF_SECURITY_ADMIN_PASSWORD__FILE"] == "/run/secrets/grafana_admin_password"
    assert "GF_SECURITY_ADMIN_PASSWORD" not in environment


def test_every_address_in_the_mounted_files_is_a_service(plan: Plan) -> None:
    """What a mounted file calls by name and port is in the stack and listens there."""
    stack = compose(plan)
    names = stack["services"].keys()
    files = rendered(plan)
    mounted = {
        str(mount["source"]).removeprefix("../")
        for service in stack["services"].values()
        for mount in service.get("volumes", [])
        if mount["type"] == "bind" and mount["source"].startswith("../")
    }
    called = set()
    for path, text in files.items():
        if path.suffix == ".json" or not any(path.is_relative_to(source) for source in mounted):
            continue
        for line in text.splitlines():
            if not line.lstrip().startswith("#"):
                called |= set(re.findall(r"(?<![\w.:/${-])(?:[a-z]+://)?([a-z][a-z-]+):([0-9]{4,5})(?![\d.])", line))
    hosts = {(host, int(port)) for host, port in called if host != "localhost"}
    assert hosts <= PORTS
    assert {host for host, _ in hosts} <= names
    assert {"jaeger", "tempo", "prometheus", "alertmanager", "collector"} <= {host for host, _ in hosts}


def test_what_listens_is_told_to_listen_to_the_network(plan: Plan) -> None:
    """Files bind loopback unless their environment says otherwise, and a container is reached from outside of it."""
    services = compose(plan)["services"]
    files = rendered(plan)
    for name in ("collector", "jaeger", "tempo"):
        environment: Mapping[str, str] = services[name]["environment"]
        (source,) = (mount["source"] for mount in services[name]["volumes"] if mount["type"] == "bind")
        text = files[PurePosixPath(source.removeprefix("../"))]
        opened = [variable for variable, value in environment.items() if value == "0.0.0.0"]
        assert opened
        assert all(f"{variable}:-127.0.0.1" in text for variable in opened)


def test_secrets_of_receivers_are_mounted() -> None:
    """A key that the policy has in a file is given to Alertmanager as a file, and to nobody else."""
    receivers = {
        "oncall": Receiver(pagerduty=PagerDuty("/run/secrets/pagerduty_key")),
        "team": Receiver(slack=Slack("/run/secrets/slack_url", "#llm")),
    }
    stack = compose(replace(Plan(), alerts=AlertConfig(receivers=receivers)))
    assert stack["services"]["alertmanager"]["secrets"] == ["pagerduty_key", "slack_url"]
    assert stack["secrets"]["slack_url"] == {"file": "./secrets/slack_url"}
    others = [service for name, service in stack["services"].items() if name != "alertmanager"]
    assert all("slack_url" not in service.get("secrets", []) for service in others)


def test_content_has_a_store_when_the_policy_says_so() -> None:
    """ClickHouse is then part of the stack, and the Collector is the one that can write to it."""
    plain, whole = compose(Plan())["services"], compose(WITH_CONTENT)["services"]
    assert plain["clickhouse"]["profiles"] == ["clickhouse"]
    assert "profiles" not in whole["clickhouse"]
    assert whole["collector"]["volumes"][0]["source"] == "../collector/contrib/all-in-one.yaml"
    assert whole["collector"]["secrets"] == ["clickhouse_password"]


def test_kafka_is_another_way_with_certificates_and_a_log_in() -> None:
    """Its profile starts a broker, a gateway and a sampler; none of them is there otherwise."""
    services = compose(Plan())["services"]
    profile = {name for name, service in services.items() if service.get("profiles") == ["kafka"]}
    assert profile == {"kafka", "gateway", "sampler"}
    broker = compile_compose(Plan())[1].text
    assert "ssl.client.auth=required" in broker
    assert "listeners=SASL_SSL://:9092,CONTROLLER://localhost:9093" in broker


def test_retention_of_metrics_is_that_of_the_policy() -> None:
    """It is a flag of Prometheus, not a setting of its file."""
    plan = replace(Plan(), retention=replace(Plan().retention, metrics_days=400))
    assert "--storage.tsdb.retention.time=400d" in compose(plan)["services"]["prometheus"]["command"]
