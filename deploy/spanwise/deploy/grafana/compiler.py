"""`compile_grafana`: data sources, dashboards of both states of the convention, alert rules and contact points."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.grafana.agent import agents
from spanwise.deploy.grafana.cost import cost
from spanwise.deploy.grafana.dashboard import Dashboard
from spanwise.deploy.grafana.explore import explore
from spanwise.deploy.grafana.health import health
from spanwise.deploy.grafana.objective import objectives
from spanwise.deploy.grafana.overview import overview
from spanwise.deploy.grafana.provisioning import dashboard_provider, data_sources
from spanwise.deploy.grafana.quality import quality
from spanwise.deploy.grafana.vocabulary import Vocabulary


if TYPE_CHECKING:
    from spanwise.plan import Plan

PAGES: Final = {
    "overview": overview,
    "cost": cost,
    "agents": agents,
    "quality": quality,
    "slo": objectives,
    "health": health,
    "explore": explore,
}
"""The dashboards, by the name of their file."""


def compile_grafana(plan: Plan) -> list[Artefact]:
    """All files from which Grafana provisions itself, for `plan`."""
    from spanwise.deploy.grafana.alerting import alerting

    pages = [
        Artefact(PurePosixPath(f"dashboards/{words.flavour}/{name}.json"), page.text())
        for words in vocabularies(plan)
        for name, page in dashboards(plan, words).items()
    ]
    return [data_sources(plan), dashboard_provider(plan), *pages, *alerting(plan)]


def vocabularies(plan: Plan) -> tuple[Vocabulary, Vocabulary]:
    """The current names and the released ones."""
    return Vocabulary.of(plan, is_current=True), Vocabulary.of(plan, is_current=False)


def dashboards(plan: Plan, words: Vocabulary) -> dict[str, Dashboard]:
    """Every dashboard of one state of the convention, by the name of its file."""
    return {name: page(plan, words) for name, page in PAGES.items()}
