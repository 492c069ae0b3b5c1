"""Rules: every alert is there, asks for series that exist, and can ring only where there is traffic."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import yaml

from spanwise.alert import ALERTS
from spanwise.deploy.prometheus import compile_prometheus
from spanwise.deploy.prometheus.cases import cases
from spanwise.deploy.prometheus.collector import NAMES
from spanwise.deploy.prometheus.group import groups
from spanwise.deploy.prometheus.promql import duration, number
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.prometheus.text import notes
from spanwise.deploy.series import RESOURCE_LABELS, find, label_name
from spanwise.plan import Plan
from tests.deploy.prometheus.policy_samples import BUDGETS, FULL, plan_of, plan_with


PLANS = {"default": Plan(), "full": plan_of(FULL)}
EVERY_PLAN = pytest.mark.parametrize("plan", PLANS.values(), ids=list(PLANS))
FUNCTIONS = (
    "sum max min group count avg rate increase clamp_min histogram_quantile avg_over_time stddev_over_time "
    "count_over_time last_over_time sum_over_time time vector day_of_month month end and or unless on by"
)
WORDS = frozenset(FUNCTIONS.split())


def rules(plan: Plan) -> list[Rule]:
    """Every alerting rule of a plan."""
    return [rule for group in groups(plan) for rule in group.rules]


def expressions(plan: Plan) -> dict[str, str]:
    """Every expression, by the name of its record or the key of its rule."""
    found = {rule.key: rule.expression for rule in rules(plan)}
    for group in groups(plan):
        for number_of, record in enumerate(group.records):
            found[f"{record.name}#{group.name}{number_of}"] = record.expression
    return found


def series_in(expression: str) -> set[str]:
    """The names of series in an expression; those matched by `__name__` without their optional endings."""
    matched = set(re.findall(r'__name__=~"([^"]+)"', expression))
    bare = {re.sub(r"\([^)]*\)\?", "", name) for name in matched}
    rest = re.sub(r'"[^"]*"', "", expression)
    rest = re.sub(r"\{[^}]*\}", "", rest)
    rest = re.sub(r"\b(?:by|on) \([^)]*\)", "", rest)
    rest = re.sub(r"\[[^\]]*\]|offset \w+", "", rest)
    words = set(re.findall(r"(?<![\w.:])[a-zA-Z_][\w:]*", rest))
    return bare | (words - WORDS)


@EVERY_PLAN
def test_every_series_is_emitted(plan: Plan) -> None:
    """No rule asks for a series that we do not record, that no Collector has, and that no recording rule makes."""
    recorded = {record.name for group in groups(plan) for record in group.records}
    for key, expression in expressions(plan).items():
        names = series_in(expression)
        assert names or key.startswith(("spanwise:utc", "spanwise:watching")), key
        unknown = {name for name in names if find(name) is None and name not in recorded and name not in NAMES}
        assert not unknown, f"{key}: {unknown}"


def test_a_series_that_is_not_there_would_be_found() -> None:
    """The check above can fail."""
    assert series_in('sum by (a) (rate(nobody_records_this_total{b="c"}[5m])) > 2') == {"nobody_records_this_total"}
    assert find("nobody_records_this_total") is None


@EVERY_PLAN
def test_every_label_is_on_its_series(plan: Plan) -> None:
    """Matchers ask for labels that the series can carry."""
    for key, expression in expressions(plan).items():
        for name, matchers in re.findall(r"\b([a-z][\w]*)\{([^}]*)\}", expression):
            if (series := find(name)) is None:
                continue
            allowed = set(series.labelled(plan.pipeline.measure.labels)) | set(RESOURCE_LABELS) | {"le"}
            assert set(re.findall(r"(\w+)(?:=~|!~|!=|=)", matchers)) <= allowed, key


@EVERY_PLAN
def test_nothing_asks_for_an_sdk(plan: Plan) -> None:
    """Telemetry of any source rings: no expression filters on the identity of an SDK or a scope."""
    for expression in expressions(plan).values():
        assert not re.search(r"telemetry_sdk|otel_scope|spanwise_version", expression)


def test_every_alert_is_rendered() -> None:
    """Each definition has a rule in the default plan, but for budgets, which the default plan has not."""
    rendered = {rule.alert.id for rule in rules(Plan())}
    assert set(ALERTS) - rendered == {"budget_burn", "budget_near", "budget_spent"}
    assert {"budget_burn", "budget_near", "budget_spent"} <= {rule.alert.id for rule in rules(plan_with(*BUDGETS))}


@pytest.mark.parametrize("plan", [Plan(), *map(plan_with, BUDGETS)], ids=["default", *BUDGETS])
def test_every_rule_rings_and_keeps_quiet_in_a_test(plan: Plan) -> None:
    """For each rule promtool gets a case in which it fires and one in which it does not."""
    found = list(cases(plan))
    for rule in rules(plan):
        fires = [case for case in found if case.rule == rule.key and case.fires]
        quiet = [case for case in found if case.rule == rule.key and not case.fires]
        assert fires and quiet, rule.key
    assert {case.rule for case in found} == {rule.key for rule in rules(plan)}


def test_every_ratio_has_a_gate() -> None:
    """A share of hardly any calls does not ring: the number that says how many stands in the expression."""
    for rule in rules(Plan()):
        if rule.alert.query.kind not in {"ratio", "burn", "quantile_95", "mean", "jump"}:
            continue
        least = number(Plan().alerts.threshold(rule.alert.query.least))
        assert re.search(rf">= {least}$", rule.expression, re.MULTILINE), rule.key


def test_the_policy_sets_the_numbers() -> None:
    """A threshold and a hold of the policy stand in the rule; a disabled alert is not there."""
    by_key = {rule.key: rule for rule in rules(PLANS["full"])}
    assert "> 0.125" in by_key["refusals"].expression
    assert by_key["refusals"].hold_s == 90
    assert not [key for key in by_key if key.startswith("cache_hit_collapse")]


def test_burns_fit_the_window() -> None:
    """A week has less budget than a month, so the same share of it is gone at a slower pace; never below its own."""
    by_key = {rule.key: rule for rule in rules(PLANS["full"])}
    assert 'ratio_rate1h{slo="errors"} > 0.00336' in by_key["errors_burn_fast/errors"].expression
    assert 'ratio_rate3d{slo="errors"} > 0.001' in by_key["errors_burn_creep/errors"].expression


def test_a_burn_that_cannot_be_is_left_out() -> None:
    """With an objective of 90 % even an outage burns only ten times as fast as allowed: no rule waits for 14.4."""
    keys = {rule.key for rule in rules(PLANS["full"])}
    assert "errors_burn_fast/mostly" not in keys
    assert "errors_burn_slow/mostly" in keys


def test_budgets_ring_as_their_action_says() -> None:
    """warn is a ticket, alert a page, record nothing."""
    severities = {rule.key: rule.severity for rule in rules(PLANS["full"])}
    assert severities["budget_spent/all-month"] == "page"
    assert severities["budget_spent/gpt-5-hour"] == "ticket"
    assert not [key for key in severities if key.endswith("/kept")]


def test_spend_without_the_label_is_nobodys() -> None:
    """A budget by tenant does not take what has no tenant for one tenant's spend."""
    by_key = {rule.key: rule for rule in rules(PLANS["full"])}
    assert 'spanwise_tenant!=""' in by_key["budget_burn/tenant-day"].expression
    assert 'gen_ai_request_model=~"gpt\\\\-5.*"' in by_key["budget_spent/gpt-5-hour"].expression


def test_labels_of_the_policy_are_recorded() -> None:
    """Spend is kept apart by the labels that the policy adds."""
    records = {record.name: record.expression for group in groups(PLANS["full"]) for record in group.records}
    assert label_name("gen_ai.prompt.name") in records["spanwise:cost_usd:increase1h"]


@EVERY_PLAN
def test_texts_are_filled(plan: Plan) -> None:
    """No brace of ours is left in a text, and the runbook is where the policy says."""
    for rule in rules(plan):
        for name, text in notes(rule, plan.alerts).items():
            assert not re.search(r"(?<!\{)\{[a-z_.]", text.replace("{{ ", "<<")), (rule.key, name, text)
        assert notes(rule, plan.alerts)["runbook_url"].startswith(plan.alerts.runbooks)


@EVERY_PLAN
def test_files_are_what_they_say(plan: Plan) -> None:
    """The same plan gives the same bytes; groups and alerts of the files are those of the plan."""
    artefacts = compile_prometheus(plan)
    assert artefacts == compile_prometheus(plan)
    assert len({artefact.path for artefact in artefacts}) == len(artefacts)
    found: dict[str, Any] = {str(artefact.path): yaml.safe_load(artefact.text) for artefact in artefacts}
    alerts = [
        rule["expr"]
        for path, value in found.items()
        if path.startswith("rules/")
        for group in value["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]
    assert sorted(alerts) == sorted(rule.expression for rule in rules(plan))
    for path, value in found.items():
        if path.startswith("tests/"):
            assert {f"tests/{name}" for name in value["rule_files"]} <= {f"tests/../{path}" for path in found}


def test_changed_numbers_have_no_test() -> None:
    """The series of a test fit the default numbers; with others it would say something untrue."""
    paths = {str(artefact.path) for artefact in compile_prometheus(PLANS["full"])}
    assert "tests/refusals.yaml" not in paths
    assert "tests/truncation.yaml" in paths


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (30, "30s"), (90, "1m30s"), (300, "5m"), (3_600, "1h"), (259_200, "3d")]
)
def test_durations(seconds: int, text: str) -> None:
    """Whole seconds as Prometheus writes them."""
    assert duration(Decimal(seconds)) == text
