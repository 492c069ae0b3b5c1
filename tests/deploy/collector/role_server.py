"""A real Collector with a rendered file, on ports of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from spanwise.deploy.collector import compile_collector, role_files, setting
from spanwise.plan import Plan
from spanwise.policy import Reader
from tests.stack.http import answers
from tests.stack.port import free_ports
from tests.stack.process import Process
from tests.stack.server import program


def plan(text: str) -> Plan:
    """The plan of a policy; a mistake in it is a mistake of the test."""
    reader = Reader(yaml.safe_load(text) or {})
    found = Plan.read(reader)
    assert not reader.problems, reader.problems
    return found


def rendered(policy: Plan, folder: Path, *, with_rules: bool = False) -> Path:
    """The folder of all rendered files of `policy`; those of prices and redaction, which take seconds, on request."""
    for artefact in compile_collector(policy) if with_rules else role_files(policy):
        path = folder / artefact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artefact.text, encoding="utf-8")
    return folder


class RoleServer(Process):
    """A Collector in one of its roles; its queue survives it.

    Args:
        name: Of the role, which is that of the file.
        files: The folder of rendered files.
        folder: For the log and the queue.
        env: More of its settings.
        flags: More of its command line.
        overlays: Files laid over it, without their endings.
    """

    def __init__(
        self,
        name: str,
        files: Path,
        folder: Path,
        *,
        env: Mapping[str, str] | None = None,
        flags: Sequence[str] = (),
        overlays: Sequence[str] = (),
    ) -> None:
        grpc, http, health, telemetry, zpages = free_ports(5)
        self.otlp_url = f"http://127.0.0.1:{http}"
        self.endpoint = f"127.0.0.1:{grpc}"
        self.telemetry_url = f"http://127.0.0.1:{telemetry}/metrics"
        settings = {
            setting.GRPC_PORT.name: str(grpc),
            setting.HTTP_PORT.name: str(http),
            setting.HEALTH_PORT.name: str(health),
            setting.TELEMETRY_PORT.name: str(telemetry),
            setting.ZPAGES_PORT.name: str(zpages),
            setting.QUEUE.name: str(folder / f"{name}-queue"),
        }
        laid = [f"--config=file:{files / overlay}.yaml" for overlay in overlays]
        super().__init__(
            name,
            [program("otelcol"), f"--config=file:{files / name}.yaml", *laid, *flags],
            log=folder / f"{name}.log",
            is_ready=lambda: answers(f"http://127.0.0.1:{health}"),
            env={**settings, **(env or {})},
        )
