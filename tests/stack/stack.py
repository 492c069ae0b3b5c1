"""`Stack`: one policy rendered, and every engine running with what was rendered."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from spanwise.deploy.render import State, render
from spanwise.deploy.target import targets
from spanwise.plan import Plan
from spanwise.policy import read_policy
from tests.emulator import Emulator
from tests.stack import application
from tests.stack.overlay import Change, Yaml, overlay
from tests.stack.policy import write_policy
from tests.stack.port import free_ports
from tests.stack.server import AlertmanagerServer, CollectorServer, JaegerServer, PrometheusServer
from tests.stack.webhook import Webhook


ENGINES = ("collector", "jaeger", "prometheus", "alertmanager")
COLLECTOR_FILE = "all-in-one.yaml"


class Stack:
    """Collector, Jaeger, Prometheus, Alertmanager, a webhook and the emulated provider, on loopback ports of their own.

    They run while the context is open; logs and data are below `folder`. The rendered files are used as they are, but
    for what `_prometheus` and `_alertmanager` lay over them.
    """

    def __init__(self, folder: Path, policy: Yaml) -> None:
        self.folder = folder
        self.webhook = Webhook()
        self.emulator = Emulator()
        prometheus, alertmanager, *others = free_ports(12)
        jaeger, collector = others[:5], others[5:]
        self.policy = write_policy(
            folder / "spanwise.yaml",
            policy,
            jaeger=f"127.0.0.1:{jaeger[0]}",
            prometheus=f"http://127.0.0.1:{prometheus}",
            webhook=self.webhook.url,
        )
        self.plan = Plan.from_policy(read_policy(self.policy))
        self.rendered = folder / "deploy"
        self._render()
        self.collector = CollectorServer(self.rendered / "collector" / COLLECTOR_FILE, folder=folder, ports=collector)
        self._lay_over("prometheus/prometheus.yaml", _prometheus(prometheus, alertmanager, self.collector.telemetry))
        self.prometheus = PrometheusServer(
            self.rendered / "prometheus" / "prometheus.yaml", folder=folder, port=prometheus
        )
        self._lay_over("alertmanager/alertmanager.yaml", _alertmanager())
        self.alertmanager = AlertmanagerServer(
            self.rendered / "alertmanager" / "alertmanager.yaml", folder=folder, port=alertmanager
        )
        self.jaeger = JaegerServer(self.rendered / "jaeger" / "jaeger.yaml", folder=folder, ports=jaeger)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.webhook)
            stack.enter_context(self.emulator)
            engines = (self.alertmanager, self.prometheus, self.jaeger, self.collector)
            for engine in engines:
                stack.callback(engine.stop)
                engine.launch()
            for engine in engines:
                engine.wait_until_ready()
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def settings(self, service: str) -> dict[str, str]:
        """The environment of an application that sends to this stack."""
        return application.settings(
            service, emulator=self.emulator, otlp_url=self.collector.otlp_url, policy=self.policy
        )

    def application(self, service: str) -> application.Application:
        """The demo's assistant as a service of that name."""
        return application.Application(self.settings(service), log=self.folder / f"{service}.log")

    def _render(self) -> None:
        for outcome in render(self.plan, targets(ENGINES), self.rendered):
            assert outcome.state is State.WRITTEN, outcome

    def _lay_over(self, name: str, changes: Change) -> None:
        path = self.rendered / name
        path.write_text(overlay(path.read_text(encoding="utf-8"), changes), encoding="utf-8")


def _prometheus(own: int, alertmanager: int, collector: int) -> Change:
    """Addresses of this run; the others are names in the network of a stack."""
    return {
        ("global", "scrape_interval"): "1s",
        ("alerting", "alertmanagers", 0, "static_configs", 0, "targets"): [f"127.0.0.1:{alertmanager}"],
        ("scrape_configs", 0, "static_configs", 0, "targets"): [f"127.0.0.1:{own}"],
        ("scrape_configs", 1, "static_configs", 0, "targets"): [f"127.0.0.1:{collector}"],
    }


def _alertmanager() -> Change:
    """Alerts that begin together are gathered for ten seconds; a test waits for each."""
    return {("route", "group_wait"): "0s"}
