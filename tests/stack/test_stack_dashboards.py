"""Every query of every dashboard answers, from a Prometheus that real applications and a real Collector have filled."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from spanwise.deploy.grafana.compiler import dashboards, vocabularies
from spanwise.plan import Plan
from tests.deploy.grafana.example import plan
from tests.deploy.grafana.lint import Page, filled, queries
from tests.deploy.grafana.picture.page import draw
from tests.deploy.grafana.store import Store
from tests.deploy.grafana.store import filled as filled_store
from tests.stack import shop
from tests.stack.application import INSTRUMENT, ROOT
from tests.stack.deadline import until
from tests.stack.overlay import Yaml
from tests.stack.server import program
from tests.stack.stack import Stack


OPEN_S = 12
RATE = "3m"
"""Long enough to reach back to the shop's last customer when the slowest rules have run."""
PAST_H = 1.2

POLICY: Yaml = {
    "content": {"mode": "span"},
    "measure": {
        "flavours": ["current", "released"],
        "labels": ["spanwise.tenant", "gen_ai.prompt.name", "gen_ai.prompt.version", "shop.user_class"],
    },
    "sampling": {"ratio": 0.99, "decision_wait_s": 1},
    # Budgets of a day or a month are sums of recorded steps of minutes and hours: see the past below.
    "budgets": [{"name": "all", "limit_usd": 2, "per": "hour"}],
    "alerts": {"interval_s": 2},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A stack in which everything that a dashboard shows has happened."""

    stack: Stack
    ended_s: float

    def answers(self, expression: str) -> bool:
        """Whether a query gives a number."""
        found = self.stack.prometheus.api.query(filled(expression, {"$__rate_interval": RATE, "$__range": "5m"}))
        return any(math.isfinite(float(one["value"][1])) for one in found)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """The shop was open for a while, and Prometheus has what it exported."""
    folder = tmp_path_factory.mktemp("dashboards")
    with Stack(folder, POLICY) as stack:
        env = stack.settings("shop") | {
            shop.OPEN_S: str(OPEN_S),
            "OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED": "true",
            "OTEL_RESOURCE_ATTRIBUTES": "service.instance.id=shop-1,deployment.environment.name=test,"
            "spanwise.tenant=acme,gen_ai.prompt.name=answer,gen_ai.prompt.version=8,shop.user_class=member",
        }
        command: list[str | Path] = [INSTRUMENT, sys.executable, "-m", "tests.stack.shop"]
        ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=90, check=False)
        assert ran.returncode == 0, ran.stderr[-3000:]
        recorded = 'spanwise:slo_bad:ratio_rate3d{slo="first-chunk"}'
        until(
            lambda: stack.prometheus.api.query(recorded), within_s=90, what="the rules of days, which run once a minute"
        )
        yield Shown(stack, time.time())


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, float, Plan]]:
    """A Prometheus with hours of a shop in it, and with what the rules would have recorded in them."""
    made = plan()
    with filled_store(tmp_path_factory.mktemp("past"), program("prometheus"), made, hours=PAST_H) as (store, ends_s):
        yield store, ends_s, made


@pytest.mark.parametrize("is_current", [True, False], ids=["current", "released"])
def test_every_query_answers_from_what_real_applications_sent(shown: Shown, is_current: bool) -> None:
    """A panel that stays empty on a real system is a mistake, whatever its query looks like."""
    words = vocabularies(shown.stack.plan)[0 if is_current else 1]
    asked, silent = 0, []
    for page in dashboards(shown.stack.plan, words).values():
        for panel, expression, _ in queries(json.loads(page.text())):
            asked += 1
            if not shown.answers(expression):
                silent.append(f"{page.title}, {panel}: {expression[:120]}")
    assert not silent, "\n".join(silent)
    assert asked > 100


def test_variables_offer_what_was_recorded(shown: Shown) -> None:
    """Each choice of each dashboard has at least one value."""
    for words in vocabularies(shown.stack.plan):
        for variable in words.variables:
            chosen = f"{{{', '.join(variable.after)}}}" if variable.after else ""
            expression = filled(f"group by ({variable.label}) ({variable.series}{chosen})")
            values = {one["metric"].get(variable.label) for one in shown.stack.prometheus.api.query(expression)}
            assert values - {None}, variable


def test_a_choice_narrows_every_answer(shown: Shown) -> None:
    """What another service would show is not mixed in: choosing one that does not exist leaves nothing but zeros."""
    words = vocabularies(shown.stack.plan)[0]
    for page in dashboards(shown.stack.plan, words).values():
        for panel, expression, _ in queries(json.loads(page.text())):
            if "$service" not in expression:
                continue
            values = {"service": "nobody", "$__rate_interval": RATE, "$__range": "5m"}
            found = shown.stack.prometheus.api.query(filled(expression, values))
            assert not [one for one in found if float(one["value"][1])], f"{page.title}, {panel}"


def test_single_calls_lead_to_their_traces(shown: Shown) -> None:
    """An exemplar of the duration names a trace, and Jaeger has it."""
    api = shown.stack.prometheus.api
    store = Store(api.url)
    name = "gen_ai_client_inference_duration_seconds_bucket"
    found = store.exemplars(name, since_s=shown.ended_s - 300, until_s=shown.ended_s + 1)
    ids = [one["labels"]["trace_id"] for series in found for one in series["exemplars"]]
    assert ids
    assert any(shown.stack.jaeger.api.trace(trace_id) for trace_id in ids)


def test_native_histograms_answer_as_classic_ones_do(tmp_path: Path) -> None:
    """Rates, means, quantiles, heatmaps and counts above a bound come from either."""
    made = plan()
    silent: list[str] = []
    with filled_store(tmp_path, program("prometheus"), made, hours=0.25, native=True) as (store, ends_s):
        assert not store.query("gen_ai_client_inference_duration_seconds_bucket", at_s=ends_s)
        for words in vocabularies(made):
            for name in ("overview", "agents"):
                page: Page = json.loads(dashboards(made, words)[name].text())
                for panel, expression, _ in queries(page):
                    if not store.query(filled(expression, {"$__range": "15m"}), at_s=ends_s):
                        silent.append(f"{name}, {panel}")
    assert not silent


def calm(store: Store, at_s: float) -> set[str]:
    """Panels with nothing to show: what fires at the very end depends on the hour of the day that is spent."""
    return set() if store.query('ALERTS{alertstate="firing"}', at_s=at_s) else {"Firing now"}


def test_every_query_answers_over_the_time_that_its_dashboard_opens_with(
    past: tuple[Store, float, Plan], tmp_path: Path
) -> None:
    """Budgets of a day and a month, windows of hours and days: all drawn, each with something to draw."""
    store, ends_s, made = past
    total = 0
    for name, dashboard in dashboards(made, vocabularies(made)[0]).items():
        page: Page = json.loads(dashboard.text())
        asked, silent = draw(page, store, ends_s, tmp_path / f"{name}.png")
        assert asked == len(list(queries(page)))
        assert set(silent) <= calm(store, ends_s), name
        total += asked
    assert total > 150


def test_released_names_answer_over_hours_too(past: tuple[Store, float, Plan]) -> None:
    """What is computed from the raw series of other instrumentations, where there are no recorded ones."""
    store, ends_s, made = past
    silent = [
        f"{page.title}, {panel}"
        for page in dashboards(made, vocabularies(made)[1]).values()
        for panel, expression, _ in queries(json.loads(page.text()))
        if panel not in calm(store, ends_s) and not store.query(filled(expression), at_s=ends_s)
    ]
    assert not silent
