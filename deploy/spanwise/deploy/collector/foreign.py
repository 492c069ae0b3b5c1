"""`foreign.yaml`: an overlay for spans that no pipeline of ours has been through: prices, redaction, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector import derived, path, topology
from spanwise.deploy.collector.cap import caps
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.release import Component, Release
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.plan import Plan


_NORMALISER: Final = (
    "Names of other suites become those of the convention before anything else looks at them. Alpha, and coarser than "
    "ours: it maps CHAIN and task to invoke_agent, and no cost. Not needed behind the Spanwise collector."
)
_MARKED: Final = (
    "Marks what was redacted above, so that the next hop lets its content pass. A second Collector with this overlay "
    "would count it again: one is enough."
)


def foreign(plan: Plan, release: Release) -> Configuration:
    """The overlay: a second `--config` for gateway.yaml, kafka-gateway.yaml or all-in-one.yaml.

    Maps of the two files are merged, lists are replaced: the pipeline that spans come in by is written anew.
    """
    from spanwise.deploy.collector.ottl import price_processors, redaction_processors

    base = topology.all_in_one(plan, release)
    incoming = base.pipelines[topology.TRACES_IN]
    file = Configuration(release, base.service_name)
    processors = [caps(file, plan)]
    if release.has(Component.NORMALISER):
        settings = {"sources": [{"name": "openinference"}, {"name": "openllmetry"}]}
        processors.append(file.add(Component.NORMALISER, "", settings, _NORMALISER))
    for block in (price_processors(plan), redaction_processors(plan)):
        for identity, settings in block.items():
            processors.append(file.block("processors", identity, settings))
    processors.append(_mark(file))
    made = derived.of_foreign_spans(file)
    exporters = [*incoming.exporters, made]
    file.pipeline(topology.TRACES_IN, receivers=incoming.receivers, processors=processors, exporters=exporters)
    derivers = [made, *(x for x in incoming.exporters if not x.startswith("forward"))]
    store = base.pipelines["metrics/in"].exporters
    file.pipeline("metrics/derived", receivers=derivers, processors=[derived.cumulative(file)], exporters=store)
    return file


def _mark(file: Configuration) -> str:
    marker = path.span(attr.SPANWISE_PROCESSED)
    statement = f"set({marker}, {path.text(derived.MARK)}) where {marker} == nil"
    settings: Block = {"error_mode": "ignore", "trace_statements": [{"statements": [statement]}]}
    return file.add(Component.TRANSFORM, "mark_processed", settings, _MARKED)
