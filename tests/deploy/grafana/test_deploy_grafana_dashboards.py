"""Dashboards: their shape, and everything that can be wrong with them without a Grafana."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from spanwise.deploy.grafana import compile_grafana
from spanwise.deploy.grafana.compiler import PAGES, dashboards, vocabularies
from spanwise.deploy.grafana.source import TEMPO_UID
from spanwise.deploy.header import is_ours
from spanwise.plan import Plan
from tests.deploy.grafana.example import plan
from tests.deploy.grafana.lint import metrics_of, problems, queries, search_problems
from tests.deploy.grafana.shape import DASHBOARD


VALIDATOR = jsonschema.Draft202012Validator(DASHBOARD)
PLANS = {"default": Plan(), "full": plan(), "bare": plan("{slos: [], sinks: {traces: {otlp: {endpoint: a:4317}}}}")}


def pages() -> list[Any]:
    """Every dashboard of every policy, as its file is read."""
    return [
        pytest.param(json.loads(page.text()), id=f"{name}-{page.uid}")
        for name, made in PLANS.items()
        for words in vocabularies(made)
        for page in dashboards(made, words).values()
    ]


@pytest.mark.parametrize("page", pages())
def test_a_dashboard_has_the_shape_that_grafana_reads(page: dict[str, Any]) -> None:
    """No key is missing, unknown or of the wrong type."""
    VALIDATOR.validate(page)


@pytest.mark.parametrize("page", pages())
def test_a_dashboard_has_no_mistake(page: dict[str, Any]) -> None:
    """Ids, places, variables, queries, series, labels, legends, units and links are all right."""
    assert list(problems(page)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda page: page["panels"][2].update(id=2), "two panels have one id"),
        (lambda page: page["panels"][2]["gridPos"].update(x=0), "lies on"),
        (lambda page: page["panels"][1]["targets"][0].update(expr="sum(rate(nobody_total[5m]))"), "nobody records"),
        (lambda page: page["panels"][1]["targets"][0].update(expr="sum(rate("), "cannot be parsed"),
        (
            lambda page: page["panels"][1]["targets"][0].update(
                expr='rate(spanwise_cost_USD_total{telemetry_sdk_name="x"}[5m])'
            ),
            "who recorded it",
        ),
        (lambda page: page["panels"][1]["targets"][0].update(expr='spanwise_score_sum{a="$nobody"}'), "not defined"),
        (lambda page: page["panels"][1]["targets"][0].update(expr='spanwise_score_sum{a="b"}'), "which it has not"),
        (lambda page: page["panels"][1]["targets"][0].update(legendFormat="{{nothing}}"), "in a legend"),
        (lambda page: page["panels"][1]["targets"][0].update(legendFormat=""), "no legend"),
        (lambda page: page["panels"][1]["fieldConfig"]["defaults"].update(unit="furlong"), "unit"),
        (lambda page: page["panels"][1].update(description="x"), "description"),
    ],
)
def test_the_lint_finds_what_it_says_it_finds(change: Any, expected: str) -> None:
    """A rule that could not fail would promise nothing."""
    made = Plan()
    page = json.loads(dashboards(made, vocabularies(made)[0])["overview"].text())
    change(page)
    assert any(expected in problem for problem in problems(page))


@pytest.mark.parametrize("name", PLANS)
def test_files_are_the_same_every_time_and_known_as_ours(name: str) -> None:
    """Rendering twice gives the same bytes, each with the mark by which `render` may overwrite it."""
    first, second = compile_grafana(PLANS[name]), compile_grafana(PLANS[name])
    assert first == second
    assert all(is_ours(artefact.text) for artefact in first)
    assert len({artefact.path for artefact in first}) == len(first)


def test_both_states_of_the_convention_have_every_dashboard_under_fixed_uids() -> None:
    """Bookmarks and links hold whatever the policy says."""
    uids = {
        name: {page.uid for words in vocabularies(made) for page in dashboards(made, words).values()}
        for name, made in PLANS.items()
    }
    expected = {f"spanwise-{page}{end}" for page in PAGES for end in ("", "-released")}
    assert all(found == expected for found in uids.values())


def test_released_dashboards_ask_no_current_name() -> None:
    """Where only the released metrics are recorded no panel stays empty for its name."""
    made = plan()
    current, released = vocabularies(made)
    for page in dashboards(made, released).values():
        asked = {name for _, expr, _ in queries(json.loads(page.text())) for name in metrics_of(expr)}
        assert not any(name.startswith("gen_ai_client_inference") for name in asked), page.title
        assert not any(name.startswith(("gen_ai_execute", "gen_ai_invoke")) for name in asked), page.title
    asked = {
        name
        for page in dashboards(made, current).values()
        for _, expr, _ in queries(json.loads(page.text()))
        for name in metrics_of(expr)
    }
    assert not any("token_usage" in name for name in asked)


def test_links_to_explore_are_searches_that_can_be_read() -> None:
    """The address holds JSON with one TraceQL question of known attributes, and variables that Grafana fills in."""
    made = plan()
    urls = {
        link["url"]
        for words in vocabularies(made)
        for page in dashboards(made, words).values()
        for panel in json.loads(page.text())["panels"]
        for link in panel.get("fieldConfig", {}).get("defaults", {}).get("links", ())
    }
    assert len(urls) > 8
    for url in urls:
        pane = json.loads(parse_qs(urlsplit(url).query)["panes"][0])["a"]
        assert pane["datasource"] == TEMPO_UID
        assert pane["range"] == {"from": "${__from}", "to": "${__to}"}
        question = pane["queries"][0]["query"]
        assert question.startswith("{ ") and question.endswith(" }")
        assert list(search_problems(question)) == []
        # What is not a variable is encoded, or a quote in the question would end the address.
        assert set(re.sub(r"\$\{[^}]*\}", "", url)).isdisjoint('{}" ')


def test_thresholds_come_from_the_policy() -> None:
    """A stricter objective turns the number red earlier."""
    made = plan("slos: [{name: e, kind: errors, objective: 0.995, window: 30d}]")
    page = json.loads(dashboards(made, vocabularies(made)[0])["overview"].text())
    panel = next(panel for panel in page["panels"] if panel["title"] == "Failing calls")
    assert [step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]] == [None, 0.004, 0.005]


def test_labels_of_the_policy_are_choices_and_panels() -> None:
    """A label of one's own, such as a class of users, can be chosen and has its share of the cost."""
    made = plan()
    page = json.loads(dashboards(made, vocabularies(made)[0])["cost"].text())
    names = [variable["name"] for variable in page["templating"]["list"]]
    assert names[1:] == [
        "environment",
        "service",
        "provider",
        "model",
        "spanwise_tenant",
        "gen_ai_prompt_name",
        "gen_ai_prompt_version",
        "shop_user_class",
    ]
    assert any(panel["title"] == "Spent by shop user class" for panel in page["panels"])


def test_budgets_of_the_policy_have_panels_and_a_policy_without_says_how() -> None:
    """The row is never empty without a word."""
    made = plan()
    full = json.loads(dashboards(made, vocabularies(made)[0])["cost"].text())
    spent = next(panel for panel in full["panels"] if panel["title"] == "Spent of each budget")
    assert [target["legendFormat"] for target in spent["targets"]] == [
        "all-month",
        "tenant-day {{spanwise_tenant}}",
        "gpt-5-hour",
    ]
    bare = dashboards(Plan(), vocabularies(Plan())[0])["cost"].text()
    assert "The policy has no `budgets`" in bare
