"""Grafana's alert files: the rules of Prometheus in another transport, and nothing that clobbers a user's tree."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import yaml

from spanwise.deploy.check.grafana_schema import PROVISIONING
from spanwise.deploy.grafana.alerting import alerting
from spanwise.deploy.grafana.alerting.contact import variables
from spanwise.deploy.grafana.source import PROMETHEUS_UID
from spanwise.deploy.prometheus.group import groups
from spanwise.plan import Plan
from tests.deploy.prometheus.policy_samples import FULL, plan_of


PLANS = {"default": Plan(), "full": plan_of(FULL)}
EVERY_PLAN = pytest.mark.parametrize("plan", PLANS.values(), ids=list(PLANS))
RULE_KEYS = {
    "uid", "title", "condition", "data", "noDataState", "execErrState", "for", "annotations", "labels",
}  # fmt: skip


def files(plan: Plan) -> dict[str, Any]:
    """Every file of a plan by its path, parsed."""
    return {str(artefact.path): yaml.safe_load(artefact.text) for artefact in alerting(plan)}


def provisioned(plan: Plan) -> list[Any]:
    """Every rule in the file."""
    groups_of = files(plan)["provisioning/alerting/spanwise-rules.yaml"]["groups"]
    return [rule for group in groups_of for rule in group["rules"]]


@EVERY_PLAN
def test_files_have_the_form(plan: Plan) -> None:
    """Every file fits the schema of provisioning files, and rules have no key that Grafana does not know."""
    for value in files(plan).values():
        jsonschema.validate(value, PROVISIONING)
    assert all(set(rule) == RULE_KEYS for rule in provisioned(plan))


@EVERY_PLAN
def test_expressions_are_those_of_prometheus(plan: Plan) -> None:
    """One definition: each rule of Prometheus is there once, with the same expression and severity."""
    wanted = sorted((rule.expression, rule.severity) for group in groups(plan) for rule in group.rules)
    assert (
        sorted((rule["data"][0]["model"]["expr"], rule["labels"]["severity"]) for rule in provisioned(plan)) == wanted
    )


@EVERY_PLAN
def test_references_hold(plan: Plan) -> None:
    """Identifiers are unique and short, the condition is there, it looks at the query, which asks our Prometheus."""
    rules = provisioned(plan)
    uids = [rule["uid"] for rule in rules]
    assert len(set(uids)) == len(uids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", uid) for uid in uids)
    for rule in rules:
        query, threshold = rule["data"]
        assert rule["condition"] == threshold["refId"] == "C"
        assert threshold["model"]["expression"] == query["refId"] == "A"
        assert query["datasourceUid"] == PROMETHEUS_UID
        assert rule["noDataState"] == "OK"


@EVERY_PLAN
def test_a_value_of_zero_rings(plan: Plan) -> None:
    """An expression returns what rings, and may return 0, as the hit ratio of a lost cache."""
    for rule in provisioned(plan):
        (condition,) = rule["data"][1]["model"]["conditions"]
        assert condition["evaluator"]["type"] == "gt"
        assert condition["evaluator"]["params"][0] < 0


@EVERY_PLAN
def test_times_are_multiples(plan: Plan) -> None:
    """Grafana takes intervals of tens of seconds, and a hold that is a multiple of the interval."""
    for group in files(plan)["provisioning/alerting/spanwise-rules.yaml"]["groups"]:
        interval = seconds(group["interval"])
        assert interval % 10 == 0
        assert all(seconds(rule["for"]) % interval == 0 for rule in group["rules"])


def seconds(text: str) -> int:
    """A duration in seconds."""
    units = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
    return sum(int(count) * units[unit] for count, unit in re.findall(r"(\d+)([dhms])", text))


@EVERY_PLAN
def test_nothing_is_taken_for_a_variable(plan: Plan) -> None:
    """Grafana expands $ in labels and ${ in annotations; ours have none that it should not."""
    for rule in provisioned(plan):
        assert not any("$" in value for value in rule["labels"].values())
        assert not any("${" in value for value in rule["annotations"].values())
        assert "$value " not in " ".join(rule["annotations"].values())


def test_secrets_are_variables() -> None:
    """Contact points hold names of variables; the head of the file says which files they stand for."""
    plan = PLANS["full"]
    text = next(a.text for a in alerting(plan) if a.path.name == "spanwise-contact-points.yaml")
    found = variables(plan.alerts)
    assert set(found.values()) == {"/run/secrets/pd", "/run/secrets/slack", "/run/secrets/hook"}
    for name, file in found.items():
        assert f"${{{name}}}" in text
        assert f"{name}: the content of {file}" in text


def test_policies_are_not_provisioned_by_themselves() -> None:
    """The tree replaces a user's whole tree, so it lies where Grafana does not look."""
    found = files(PLANS["full"])
    assert [path for path, value in found.items() if "policies" in value] == ["policies/spanwise-policies.yaml"]
    (tree,) = found["policies/spanwise-policies.yaml"]["policies"]
    names = {point["name"] for point in found["provisioning/alerting/spanwise-contact-points.yaml"]["contactPoints"]}
    assert {tree["receiver"], *(route["receiver"] for route in tree["routes"])} <= names


def test_without_receivers_there_are_rules_alone() -> None:
    """The default plan brings rules and nothing that sends."""
    assert list(files(Plan())) == ["provisioning/alerting/spanwise-rules.yaml"]
