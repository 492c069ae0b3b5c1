"""Spans that no pipeline of ours has been through: prices, a net of redaction, and our metrics for them. Opt-in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.collector import derived, topology
from spanwise.deploy.collector.cap import caps
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.ottl.price import PRICE
from spanwise.deploy.collector.ottl.redaction import REDACTION
from spanwise.deploy.collector.release import Component, Release
from spanwise.deploy.document import Value, dump
from spanwise.deploy.header import header


if TYPE_CHECKING:
    from spanwise.deploy.collector.ottl import Refusal
    from spanwise.plan import Plan


RULES: Final = "rules"
"""Name of the file that both releases share."""

_NORMALISER: Final = (
    "Names of other suites become those of the convention before anything else looks at them. Alpha, and coarser than "
    "ours: it maps CHAIN and task to invoke_agent, and no cost. Not needed behind the Spanwise collector."
)
_RULES: Final = (
    "Prices and redaction rules of the policy as statements of the Collector, for both releases: the third --config, "
    "after foreign.yaml. Without it foreign.yaml is not valid."
)
_EXERCISED: Final = (
    "Our tests run it with a real Collector 0.155.0: vectors of prices and of redaction go through it and through the "
    "Python steps, and the results are compared."
)
_NET: Final = (
    "Redaction here is a second net with wide meshes: what only a process finds passes. That is why content of spans "
    "which no pipeline of Spanwise has redacted is taken out all the same. Not carried:"
)
_NOTHING: Final[Block] = {"error_mode": "ignore", "trace_statements": []}


def foreign(plan: Plan, release: Release) -> Configuration:
    """The overlay: a second `--config` for gateway.yaml, kafka-gateway.yaml or all-in-one.yaml.

    Maps of the files are merged, lists are replaced: the pipelines that telemetry comes in by are written anew.
    """
    base = topology.all_in_one(plan, release)
    incoming = base.pipelines[topology.TRACES_IN]
    file = Configuration(release, base.service_name)
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


def rules(plan: Plan) -> Artefact:
    """The processors that `foreign` names, and what they do not carry."""
    from spanwise.deploy.collector.ottl import carried_prices, carried_rules

    prices, redaction = carried_prices(plan), carried_rules(plan)
    processors: dict[str, Value] = {PRICE: _NOTHING, REDACTION: _NOTHING, **prices.processors, **redaction.processors}
    head = header(_RULES, _EXERCISED, _NET, *_told((*prices.refused, *redaction.refused)))
    return Artefact(PurePosixPath(f"{RULES}.yaml"), f"{head}\n{dump({'processors': processors})}")


def _normaliser(file: Configuration) -> list[str]:
    if not file.release.has(Component.NORMALISER):
        return []
    settings: Block = {"sources": [{"name": "openinference"}, {"name": "openllmetry"}]}
    return [file.add(Component.NORMALISER, "", settings, _NORMALISER)]


def _told(refused: Sequence[Refusal]) -> list[str]:
    """A paragraph for each reason, with all that it keeps from being carried."""
    by_reason: dict[str, list[str]] = {}
    for refusal in refused:
        by_reason.setdefault(f"{refusal.why}; {refusal.effect}".rstrip("; "), []).append(refusal.what)
    return [f"- {reason} ({len(names)}): {', '.join(names)}" for reason, names in by_reason.items()] or ["- nothing"]
