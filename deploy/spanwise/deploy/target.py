"""`Target`: an engine that files are rendered for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from spanwise.deploy.artefact import Artefact


if TYPE_CHECKING:
    from spanwise.plan import Plan


@dataclass(frozen=True, slots=True)
class Target:
    """An engine, and where its compiler is; that module is imported at the first `compile`.

    Attributes:
        name: As on the command line; also the folder that its files stand in.
        about: What is rendered, in a few words.
    """

    name: str
    about: str

    def compile(self, plan: Plan) -> Sequence[Artefact]:
        """The files of this target for `plan`; the same ones for the same plan."""
        module = import_module(f"spanwise.deploy.{self.name}")
        compiler = cast("Callable[[Plan], Sequence[Artefact]]", getattr(module, f"compile_{self.name}"))
        return compiler(plan)


TARGETS: Final = {
    target.name: target
    for target in (
        Target("collector", "OpenTelemetry Collector: agent, gateway, sampler, Kafka and all-in-one configurations"),
        Target("jaeger", "Jaeger v2: traces, searchable by GenAI attributes"),
        Target("tempo", "Tempo: traces, TraceQL"),
        Target("prometheus", "Prometheus: recording and alerting rules, and their tests"),
        Target("alertmanager", "Alertmanager: routes, receivers, inhibition, quiet hours"),
        Target("grafana", "Grafana: data sources, dashboards, alert rules, contact points"),
        Target("compose", "Docker Compose: all of it on one machine"),
        Target("kubernetes", "Kubernetes: operator resources, plain manifests, network policies, image"),
        Target("clickhouse", "ClickHouse: tables by retention, analytical queries"),
    )
}
"""Every target by its name, in the order a span passes them."""

ALL: Final = "all"
"""What stands for every target on the command line."""


class UnknownTargetError(ValueError):
    """A name is no target's; the message says what was found, what is near it and what is accepted."""


def targets(names: Iterable[str] = (ALL,)) -> list[Target]:
    """The targets of these names, each once, in the order of `TARGETS`; `all` stands for every one.

    Raises:
        UnknownTargetError: a name is no target's.
    """
    from spanwise.policy.problem import guess, listed

    wanted = set(names)
    accepted = [*TARGETS, ALL]
    for name in sorted(wanted.difference(accepted)):
        raise UnknownTargetError(f"found the target {name!r}; accepted: {listed(accepted)}.{guess(name, accepted)}")
    return [target for target in TARGETS.values() if {target.name, ALL} & wanted]
