"""`compile_compose`: the whole stack on one machine."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy import image
from spanwise.deploy.artefact import Artefact
from spanwise.deploy.collector import setting
from spanwise.deploy.compose import buffer, store
from spanwise.deploy.compose.secret import secrets_of
from spanwise.deploy.compose.service import Block, after, asks, health, mount, port, service, volume
from spanwise.deploy.document import Path, Value, dump
from spanwise.deploy.header import header
from spanwise.deploy.jaeger import setting as jaeger
from spanwise.deploy.tempo import compiler as tempo


if TYPE_CHECKING:
    from spanwise.plan import Plan


_ABOUT: Final = "The stack on one machine: docker compose -f deploy/compose/compose.yaml up --wait"
_FIRST: Final = (
    "First make secrets/grafana_admin_password; deploy/README.md says how. Every port is this machine's alone: "
    "Jaeger, Tempo, Prometheus and Alertmanager have no log-in."
)
_EXERCISED: Final = (
    "Our tests check this file by schema, that every file it mounts is rendered, and that every address in those files "
    "is a service here. No container was run."
)

_COMMENTS: Final[dict[Path, str]] = {
    ("services", "volumes-owner"): "Volumes belong to root when they are made; those who write to them are not root.",
    ("services", "collector", "environment", setting.HOST.name): (
        "All addresses of the container, of which only loopback of this machine is published below."
    ),
    ("services", "collector", "environment", "GOMEMLIMIT"): "80 % of the limit below, as the memory limiter has it.",
    ("services", "collector", "command"): "The feature writes on every span of a kept trace why it was kept.",
    ("services", "ready"): (
        "Collector, Jaeger and Tempo have no shell to ask their health with. This asks for them, from the Collector's "
        "network, so `up --wait` waits until all three answer."
    ),
    ("services", "grafana", "environment", "GF_ANALYTICS_REPORTING_ENABLED"): "Nothing is reported to anybody.",
}


def compile_compose(plan: Plan) -> list[Artefact]:
    """`compose.yaml`, and what only it needs: the configuration of Kafka."""
    found = secrets_of(plan)
    services: dict[str, Value] = {
        "volumes-owner": _owner(),
        "collector": _collector(plan),
        "jaeger": _jaeger(),
        "tempo": _tempo(),
        "prometheus": _prometheus(plan),
        "alertmanager": _alertmanager(list(found.alertmanager)),
        "grafana": _grafana(),
        "ready": _ready(),
        "clickhouse": store.clickhouse(plan),
        **buffer.services(),
    }
    volumes = ("collector", "jaeger", "tempo", "prometheus", "alertmanager", "grafana", "clickhouse")
    document: dict[str, Value] = {
        "name": "spanwise",
        "services": services,
        "networks": {"spanwise": {"driver": "bridge"}},
        "volumes": {name: {} for name in (*volumes, *buffer.VOLUMES)},
        "secrets": {name: {"file": f"./secrets/{name}"} for name in found.all},
    }
    text = (
        header(_ABOUT, _FIRST, _EXERCISED)
        + "\n"
        + dump(document, {**_COMMENTS, **store.comments(plan), **buffer.COMMENTS})
    )
    return [Artefact(PurePosixPath("compose.yaml"), text), buffer.broker()]


def _owner() -> Block:
    owners = {"collector": image.COLLECTOR_USER, "jaeger": image.JAEGER_USER, "tempo": image.TEMPO_USER}
    owners |= dict.fromkeys(("gateway", "sampler"), image.COLLECTOR_USER) | {"kafka": image.KAFKA_USER}
    command = " && ".join(f"chown {user}:{user} /volumes/{name}" for name, user in owners.items())
    return {
        **service(image.PROMETHEUS, cpus="0.5", memory="64M", user=0),
        "restart": "no",
        "cap_add": ["CHOWN"],
        "entrypoint": ["/bin/sh", "-c", command],
        "volumes": [volume(name, f"/volumes/{name}") for name in owners],
    }


def _collector(plan: Plan) -> Block:
    """The Collector; with a sink for content, the image and file that can write to ClickHouse."""
    writes_content = plan.sinks.content is not None
    folder = "../collector/contrib" if writes_content else "../collector"
    password = [] if not writes_content else ["clickhouse_password"]
    return {
        **service(
            image.COLLECTOR_NEWEST if writes_content else image.COLLECTOR,
            cpus="1",
            memory="1024M",
            user=image.COLLECTOR_USER,
        ),
        "command": [
            "--config=/etc/otelcol/config.yaml",
            "--feature-gates=+processor.tailsamplingprocessor.recordpolicy",
        ],
        "environment": {
            setting.HOST.name: "0.0.0.0",  # noqa: S104 - in the container
            setting.TELEMETRY_HOST.name: "0.0.0.0",  # noqa: S104 - in the container
            "GOMEMLIMIT": "820MiB",
        },
        "ports": [port(4317), port(4318)],
        "volumes": [
            mount(f"{folder}/all-in-one.yaml", "/etc/otelcol/config.yaml"),
            volume("collector", "/var/lib/otelcol"),
        ],
        **({"secrets": password} if password else {}),
        "depends_on": after("volumes-owner", condition="service_completed_successfully"),
        "stop_grace_period": "45s",
    }


def _jaeger() -> Block:
    return {
        **service(image.JAEGER, cpus="1", memory="1024M", user=image.JAEGER_USER),
        "command": ["--config=/etc/jaeger/config.yaml"],
        "environment": {jaeger.HOST.name: "0.0.0.0", "GOMEMLIMIT": "820MiB"},  # noqa: S104 - in the container
        "ports": [port(16686)],
        "volumes": [mount("../jaeger/jaeger.yaml", "/etc/jaeger/config.yaml"), volume("jaeger", "/var/lib/jaeger")],
        "depends_on": after("volumes-owner", condition="service_completed_successfully"),
    }


def _tempo() -> Block:
    return {
        **service(image.TEMPO, cpus="1", memory="1024M", user=image.TEMPO_USER),
        "command": ["-config.file=/etc/tempo/config.yaml", "-config.expand-env=true"],
        "environment": {tempo.HOST.name: "0.0.0.0"},  # noqa: S104 - in the container
        "ports": [port(3200)],
        "volumes": [mount("../tempo/tempo.yaml", "/etc/tempo/config.yaml"), volume("tempo", "/var/tempo")],
        "depends_on": after("volumes-owner", condition="service_completed_successfully"),
    }


def _prometheus(plan: Plan) -> Block:
    return {
        **service(image.PROMETHEUS, cpus="1", memory="1024M", user=image.NOBODY),
        "command": [
            "--config.file=/etc/prometheus/prometheus.yaml",
            "--storage.tsdb.path=/prometheus",
            f"--storage.tsdb.retention.time={plan.retention.metrics_days}d",
            "--web.enable-otlp-receiver",
            "--enable-feature=exemplar-storage",
        ],
        "ports": [port(9090)],
        "volumes": [
            mount("../prometheus/prometheus.yaml", "/etc/prometheus/prometheus.yaml"),
            mount("../prometheus/rules", "/etc/prometheus/rules"),
            volume("prometheus", "/prometheus"),
        ],
        "healthcheck": asks("http://127.0.0.1:9090/-/ready"),
    }


def _alertmanager(secrets: list[str]) -> Block:
    return {
        **service(image.ALERTMANAGER, cpus="0.5", memory="256M", user=image.NOBODY),
        "command": [
            "--config.file=/etc/alertmanager/alertmanager.yaml",
            "--storage.path=/alertmanager",
            "--cluster.listen-address=",
        ],
        "ports": [port(9093)],
        "volumes": [
            mount("../alertmanager/alertmanager.yaml", "/etc/alertmanager/alertmanager.yaml"),
            volume("alertmanager", "/alertmanager"),
        ],
        **({"secrets": list(secrets)} if secrets else {}),
        "healthcheck": asks("http://127.0.0.1:9093/-/ready"),
    }


def _grafana() -> Block:
    provisioning = "/etc/grafana/provisioning"
    return {
        **service(image.GRAFANA, cpus="1", memory="512M", user=image.GRAFANA_USER),
        "environment": {
            "GF_SECURITY_ADMIN_PASSWORD__FILE": "/run/secrets/grafana_admin_password",
            "GF_AUTH_ANONYMOUS_ENABLED": "false",
            "GF_USERS_ALLOW_SIGN_UP": "false",
            "GF_SECURITY_DISABLE_GRAVATAR": "true",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
            "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
        },
        "ports": [port(3000)],
        "volumes": [
            mount("../grafana/provisioning/datasources", f"{provisioning}/datasources"),
            mount("../grafana/provisioning/dashboards", f"{provisioning}/dashboards"),
            mount("../grafana/dashboards", "/var/lib/grafana/dashboards/spanwise"),
            volume("grafana", "/var/lib/grafana"),
        ],
        "secrets": ["grafana_admin_password"],
        "depends_on": after("prometheus"),
        "healthcheck": asks("http://127.0.0.1:3000/api/health"),
    }


_ASKED: Final = (
    "http://127.0.0.1:13133/",
    "http://jaeger:16686/",
    "http://tempo:3200/ready",
)


def _ready() -> Block:
    asked = " && ".join(f"wget -q -T 3 -O /dev/null {url}" for url in _ASKED)
    block: Block = {
        **service(image.PROMETHEUS, cpus="0.1", memory="32M", user=image.NOBODY),
        "entrypoint": ["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"],
        "network_mode": "service:collector",
        "depends_on": after("collector", "jaeger", "tempo"),
        "healthcheck": health("/bin/sh", "-c", asked),
    }
    del block["networks"]
    return block
