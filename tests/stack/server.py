"""The engines as servers on loopback ports, each with the client that asks it."""

from __future__ import annotations

from pathlib import Path

from spanwise.deploy.collector import setting
from spanwise.deploy.jaeger import setting as jaeger_setting
from tests.stack.engines import RECIPES, Cache
from tests.stack.http import answers, get
from tests.stack.jaeger_api import JaegerApi
from tests.stack.process import Process
from tests.stack.prometheus_api import PrometheusApi


def program(name: str) -> Path:
    """The program `name` of an engine.

    Raises:
        EngineError: it has not been built; the message says how. A test that needs it fails, it is not skipped.
    """
    recipe = next(recipe for recipe in RECIPES.values() if name in recipe.binaries)
    return Cache.of_environment().program(recipe, name)


class CollectorServer(Process):
    """Our Collector with a rendered file as it is: addresses and folders are settings of its environment."""

    def __init__(self, config: Path, *, folder: Path, ports: list[int], name: str = "collector") -> None:
        grpc, http, self.health, self.telemetry, zpages = ports
        self.otlp_url = f"http://127.0.0.1:{http}"
        self.grpc_endpoint = f"127.0.0.1:{grpc}"
        env = {
            setting.GRPC_PORT.name: str(grpc),
            setting.HTTP_PORT.name: str(http),
            setting.HEALTH_PORT.name: str(self.health),
            setting.TELEMETRY_PORT.name: str(self.telemetry),
            setting.ZPAGES_PORT.name: str(zpages),
            setting.QUEUE.name: str(folder / f"{name}-queue"),
        }
        super().__init__(
            name,
            [program("otelcol"), "--config", f"file:{config}"],
            log=folder / f"{name}.log",
            is_ready=lambda: answers(f"http://127.0.0.1:{self.health}"),
            env=env,
        )


class PrometheusServer(Process):
    """Prometheus with the flags that the rendered file asks for; its data survives a restart."""

    def __init__(self, config: Path, *, folder: Path, port: int) -> None:
        self.api = PrometheusApi(f"http://127.0.0.1:{port}")
        super().__init__(
            "prometheus",
            [
                program("prometheus"),
                f"--config.file={config}",
                f"--web.listen-address=127.0.0.1:{port}",
                f"--storage.tsdb.path={folder / 'prometheus-data'}",
                "--web.enable-otlp-receiver",
                "--enable-feature=exemplar-storage",
            ],
            log=folder / "prometheus.log",
            is_ready=lambda: answers(f"{self.api.url}/-/ready"),
        )


class AlertmanagerServer(Process):
    """Alertmanager, alone: no gossip with others."""

    def __init__(self, config: Path, *, folder: Path, port: int) -> None:
        self.address = f"127.0.0.1:{port}"
        super().__init__(
            "alertmanager",
            [
                program("alertmanager"),
                f"--config.file={config}",
                f"--web.listen-address={self.address}",
                "--cluster.listen-address=",
                f"--storage.path={folder / 'alertmanager-data'}",
            ],
            log=folder / "alertmanager.log",
            is_ready=lambda: answers(f"http://{self.address}/-/ready"),
        )

    def active(self) -> set[str]:
        """The names of the alerts that it holds as firing, silenced and inhibited ones among them."""
        return {alert["labels"]["alertname"] for alert in get(f"http://{self.address}/api/v2/alerts")}


class JaegerServer(Process):
    """Jaeger v2 with a rendered file as it is; its traces survive a restart where the file keeps them on disk."""

    def __init__(self, config: Path, *, folder: Path, ports: list[int]) -> None:
        otlp, query, query_grpc, health, telemetry = ports
        self.api = JaegerApi(f"http://127.0.0.1:{query}")
        env = {
            jaeger_setting.OTLP_PORT.name: str(otlp),
            jaeger_setting.QUERY_PORT.name: str(query),
            jaeger_setting.QUERY_GRPC_PORT.name: str(query_grpc),
            jaeger_setting.HEALTH_PORT.name: str(health),
            jaeger_setting.TELEMETRY_PORT.name: str(telemetry),
            jaeger_setting.DIRECTORY.name: str(folder / "jaeger-data"),
        }
        super().__init__(
            "jaeger",
            [program("jaeger"), "--config", f"file:{config}"],
            log=folder / "jaeger.log",
            is_ready=lambda: answers(f"{self.api.url}/api/v3/services"),
            env=env,
        )
