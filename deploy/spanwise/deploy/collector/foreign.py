"""`foreign.yaml`, an overlay for spans that no pipeline of ours has been through. Opt-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector import derived, topology
from spanwise.deploy.collector.cap import caps
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.ottl.price import PRICE
from spanwise.deploy.collector.ottl.redaction import REDACTION
from spanwise.deploy.collector.release import Component, Release


if TYPE_CHECKING:
    from spanwise.plan import Plan


_NORMALISER: Final = (
    "Names of other suites become those of the convention before anything else looks at them. Alpha, and coarser than "
    "ours: it maps CHAIN and task to invoke_agent, and no cost. Not needed behind the Spanwise collector."
)
_NOTHING: Final[Block] = {"error_mode": "ignore", "trace_statements": []}
_PRICE: Final = "Does nothing until generated/price.yaml is laid over this file."
_REDACTION: Final = (
    "Does nothing until generated/redaction.yaml is laid over this file: a second net with wide meshes, and "
    "generated/NOT_CARRIED.md says what passes it. That is why content of spans without our marker is taken out "
    "all the same."
)


def foreign(plan: Plan, release: Release) -> Configuration:
    """The overlay: a second `--config` for gateway.yaml, kafka-gateway.yaml or all-in-one.yaml.

    Maps of the files are merged, lists are replaced: the pipelines that telemetry comes in by are written anew.
    """
    base = topology.all_in_one(plan, release)
    incoming = base.pipelines[topology.TRACES_IN]
    file = Configuration(release, base.service_name)
    file.block("processors", PRICE, _NOTHING, _PRICE)
    file.block("processors", REDACTION, _NOTHING, _REDACTION)
    made = derived.of_foreign_spans(file)
    file.pipeline(
        topology.TRACES_IN,
        receivers=incoming.receivers,
        processors=[caps(file, plan), *_normaliser(file), PRICE, REDACTION],
        exporters=[*incoming.exporters, made],
    )
    others = [name for name in incoming.exporters if name in base.pipelines.get("metrics/derived", incoming).receivers]
    file.pipeline(
        "metrics/derived",
        receivers=[made, *others],
        processors=[derived.cumulative(file)],
        exporters=base.pipelines["metrics/in"].exporters,
    )
    for name, pipeline in base.pipelines.items():
        if name.startswith("logs/"):
            _, *following = pipeline.processors
            file.pipeline(
                name, receivers=pipeline.receivers, processors=[*following, REDACTION], exporters=pipeline.exporters
            )
    return file


def _normaliser(file: Configuration) -> list[str]:
    if not file.release.has(Component.NORMALISER):
        return []
    settings: Block = {"sources": [{"name": "openinference"}, {"name": "openllmetry"}]}
    return [file.add(Component.NORMALISER, "", settings, _NORMALISER)]
