"""`Engine`: a program of the stack, how it is started and when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.deploy.check.kind import Kind
from spanwise.deploy.check.tool import TOOLS
from spanwise.deploy.collector import setting as collector
from spanwise.deploy.jaeger import setting as jaeger
from spanwise.deploy.stack.port import LOOPBACK, Ports


if TYPE_CHECKING:
    from spanwise.plan import Plan


@dataclass(frozen=True, slots=True)
class Place:
    """Where one engine finds its files and puts its data."""

    config: Path
    data: Path
    program: str


@dataclass(frozen=True, slots=True)
class Engine:
    """How one engine runs on this machine.

    Attributes:
        name: Of the engine, and of its target.
        programs: What it may be called; the first that is found is taken.
        source: How to get it, for a person who has not.
        arguments: Its command line after the program.
        environment: What it reads from its environment.
        ready: The port and path that answer 200 when it is ready.
        addresses: What people do with it, and where.
    """

    name: str
    programs: tuple[str, ...]
    source: str
    arguments: Callable[[Place, Ports, Plan], Sequence[str]]
    environment: Callable[[Place, Ports], Mapping[str, str]]
    ready: Callable[[Ports], tuple[int, str]]
    addresses: Callable[[Ports], Mapping[str, str]]


def _url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def _alertmanager(place: Place, ports: Ports, _: Plan) -> list[str]:
    return [
        f"--config.file={place.config / 'alertmanager.yaml'}",
        f"--storage.path={place.data}",
        f"--web.listen-address={LOOPBACK}:{ports.alertmanager}",
        "--cluster.listen-address=",
    ]


def _prometheus(place: Place, ports: Ports, plan: Plan) -> list[str]:
    return [
        f"--config.file={place.config / 'prometheus.yaml'}",
        f"--storage.tsdb.path={place.data}",
        f"--storage.tsdb.retention.time={plan.retention.metrics_days}d",
        f"--web.listen-address={LOOPBACK}:{ports.prometheus}",
        "--web.enable-otlp-receiver",
        "--enable-feature=exemplar-storage",
    ]


def _jaeger(place: Place, _: Ports, __: Plan) -> list[str]:
    return [f"--config={place.config / 'jaeger.yaml'}"]


def _collector(place: Place, _: Ports, __: Plan) -> list[str]:
    # What is called contrib is a release of it: components have other names than in the build of builder.yaml.
    folder = place.config / "contrib" if "contrib" in Path(place.program).name else place.config
    return [f"--config={folder / 'all-in-one.yaml'}"]


def _jaeger_environment(place: Place, ports: Ports) -> dict[str, str]:
    return {
        jaeger.HOST.name: LOOPBACK,
        jaeger.OTLP_PORT.name: str(ports.jaeger_otlp),
        jaeger.QUERY_PORT.name: str(ports.jaeger_query),
        jaeger.QUERY_GRPC_PORT.name: str(ports.jaeger_query_grpc),
        jaeger.HEALTH_PORT.name: str(ports.jaeger_health),
        jaeger.TELEMETRY_PORT.name: str(ports.jaeger_telemetry),
        jaeger.DIRECTORY.name: str(place.data),
    }


def _collector_environment(place: Place, ports: Ports) -> dict[str, str]:
    return {
        collector.HOST.name: LOOPBACK,
        collector.GRPC_PORT.name: str(ports.otlp_grpc),
        collector.HTTP_PORT.name: str(ports.otlp_http),
        collector.HEALTH_HOST.name: LOOPBACK,
        collector.HEALTH_PORT.name: str(ports.collector_health),
        collector.TELEMETRY_HOST.name: LOOPBACK,
        collector.TELEMETRY_PORT.name: str(ports.collector_telemetry),
        collector.ZPAGES_PORT.name: str(ports.collector_zpages),
        collector.PROMETHEUS_PORT.name: str(ports.collector_scrape),
        collector.QUEUE.name: str(place.data),
    }


ENGINES: Final = (
    Engine(
        "alertmanager",
        ("alertmanager", "prometheus-alertmanager"),
        TOOLS[Kind.ALERTMANAGER].source,
        _alertmanager,
        lambda _, __: {},
        lambda ports: (ports.alertmanager, "/-/ready"),
        lambda ports: {"alerts": _url(ports.alertmanager)},
    ),
    Engine(
        "prometheus",
        ("prometheus",),
        TOOLS[Kind.PROMETHEUS].source,
        _prometheus,
        lambda _, __: {},
        lambda ports: (ports.prometheus, "/-/ready"),
        lambda ports: {"metrics": _url(ports.prometheus)},
    ),
    Engine(
        "jaeger",
        ("jaeger",),
        TOOLS[Kind.JAEGER].source,
        _jaeger,
        _jaeger_environment,
        lambda ports: (ports.jaeger_query, "/api/v3/services"),
        lambda ports: {"traces": _url(ports.jaeger_query)},
    ),
    Engine(
        "collector",
        TOOLS[Kind.COLLECTOR].programs,
        TOOLS[Kind.COLLECTOR].source,
        _collector,
        _collector_environment,
        lambda ports: (ports.collector_health, "/"),
        lambda ports: {"OTLP/HTTP": _url(ports.otlp_http), "OTLP/gRPC": _url(ports.otlp_grpc)},
    ),
)
"""In the order of their start; they are stopped in the other one, so that what is on its way arrives."""
