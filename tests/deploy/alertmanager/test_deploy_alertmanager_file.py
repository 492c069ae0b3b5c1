"""Alertmanager's file: everybody is reached, nothing secret is in it, one cause rings once."""

from __future__ import annotations

import re
from typing import Any

import yaml

from spanwise.alert import ALERTS
from spanwise.deploy.alertmanager import compile_alertmanager
from spanwise.deploy.alertmanager.inhibition import inhibitions
from spanwise.plan import Plan
from tests.deploy.prometheus.policy_samples import FULL, plan_of


def document(plan: Plan) -> Any:
    """The file of a plan, parsed."""
    (artefact,) = compile_alertmanager(plan)
    return yaml.safe_load(artefact.text)


def test_without_receivers_nobody_is_told() -> None:
    """The default file is complete, has one receiver without a way, and says so."""
    (artefact,) = compile_alertmanager(Plan())
    found = yaml.safe_load(artefact.text)
    assert found["receivers"] == [{"name": "nobody"}]
    assert {route["receiver"] for route in found["route"]["routes"]} == {"nobody"}
    assert "Add alerts.receivers" in artefact.text


def test_severities_reach_their_receivers() -> None:
    """Pages and tickets go where the policy sends them; only tickets wait."""
    page, ticket = document(plan_of(FULL))["route"]["routes"]
    assert (page["receiver"], ticket["receiver"]) == ("oncall", "team")
    assert "mute_time_intervals" not in page
    assert ticket["mute_time_intervals"] == ["spanwise-quiet"]


def test_every_way_has_values_and_runbook() -> None:
    """Summary, description and runbook are in what Slack, PagerDuty and mail say."""
    oncall, team, hook = document(plan_of(FULL))["receivers"]
    slack, email = team["slack_configs"][0], team["email_configs"][0]
    for text in (slack["text"], email["text"], oncall["pagerduty_configs"][0]["details"]["alerts"]):
        for name in ("summary", "description", "runbook_url"):
            assert f".Annotations.{name}" in text
    assert email["require_tls"] is True
    assert email["to"] == "a@example.com, b@example.com"
    assert hook["webhook_configs"][0]["http_config"]["authorization"]["credentials_file"] == "/run/secrets/hook"


def test_secrets_are_files() -> None:
    """No key that would hold a secret itself is written."""
    (artefact,) = compile_alertmanager(plan_of(FULL))
    assert not re.search(
        r"^\s*-?\s*(?:api_url|routing_key|auth_password|credentials|service_key):", artefact.text, re.M
    )


def test_quiet_hours_do_not_wrap() -> None:
    """Days are listed one by one, and a night is two spans."""
    (quiet,) = document(plan_of(FULL))["time_intervals"]
    days, nights = quiet["time_intervals"]
    assert days == {"weekdays": ["saturday", "sunday"], "location": "Europe/Berlin"}
    assert nights["times"] == [
        {"start_time": "22:00", "end_time": "24:00"},
        {"start_time": "00:00", "end_time": "07:00"},
    ]


def matches(matchers: tuple[str, ...], labels: dict[str, str]) -> bool:
    """Whether an alert's labels meet all matchers."""
    for matcher in matchers:
        found = re.fullmatch(r'(\w+)(=~|!=|=)"(.*)"', matcher)
        assert found is not None
        name, sign, value = found.groups()
        has = labels.get(name, "")
        regex = re.fullmatch(value, has) is not None
        holds = regex if sign == "=~" else (has == value) == (sign == "=")
        if not holds:
            return False
    return True


def inhibited(source: dict[str, str], target: dict[str, str]) -> bool:
    """Whether `source` silences `target` by any rule of ours."""
    return any(
        matches(rule.source, source)
        and matches(rule.target, target)
        and all(source.get(label, "") == target.get(label, "") for label in rule.equal)
        for rule in inhibitions()
    )


def alert(name: str, **labels: str) -> dict[str, str]:
    """Labels of an alert as it arrives."""
    return {"alertname": ALERTS[name].title, "severity": ALERTS[name].severity, **labels}


def test_one_cause_rings_once() -> None:
    """A page silences tickets of its service alone; silence silences the rest; a spent budget its own warnings."""
    shop, other = {"service_name": "shop"}, {"service_name": "other"}
    page, ticket = alert("spend_rate", **shop), alert("refusals", **shop)
    assert inhibited(page, ticket)
    assert not inhibited(page, alert("refusals", **other))
    assert not inhibited(ticket, page)
    assert inhibited(alert("telemetry_silence", **shop), page)
    assert not inhibited(alert("telemetry_silence", **shop), alert("telemetry_silence", **shop))
    assert inhibited(alert("telemetry_silence_all"), alert("telemetry_silence", **shop))
    assert not inhibited(alert("telemetry_silence_all"), alert("collector_send_failed", job="c", instance="i"))
    assert inhibited(alert("budget_spent", budget="a"), alert("budget_burn", budget="a"))
    assert not inhibited(alert("budget_spent", budget="a"), alert("budget_burn", budget="b"))
    tenants = ({"spanwise_tenant": "x"}, {"spanwise_tenant": "y"})
    assert not inhibited(
        alert("budget_spent", budget="a", **tenants[0]), alert("budget_burn", budget="a", **tenants[1])
    )
    assert inhibited(alert("errors_burn_fast", slo="e", **shop), alert("errors_burn_slow", slo="e", **shop))


def test_a_page_of_nobodys_silences_no_ticket() -> None:
    """Two alerts without a service agree in that label; that alone is no common cause."""
    page = alert("budget_spent", budget="a")
    assert not inhibited(page, alert("collector_queue", job="c", instance="i"))
    assert not inhibited(page, alert("budget_near", budget="b"))


def test_another_region_of_pagerduty_is_told() -> None:
    """The address of the policy is Alertmanager's; without one it has its own."""
    url = "https://events.eu.pagerduty.com/v2/enqueue"
    plan = plan_of(f"alerts: {{receivers: {{a: {{pagerduty: {{routing_key_file: f, url: '{url}'}}}}}}}}")
    (told,) = document(plan)["receivers"]
    assert told["pagerduty_configs"][0]["url"] == url
    assert "url" not in document(plan_of(FULL))["receivers"][0]["pagerduty_configs"][0]
