"""Policies that tests of rules, routes and contact points render."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from spanwise.plan import Plan
from spanwise.policy.policy import policy_of


FULL: Final = """
budgets:
  - {name: all-month, limit_usd: 2000, per: month}
  - {name: tenant-day, limit_usd: 50, per: day, by: [tenant]}
  - {name: gpt-5-hour, limit_usd: 20, per: hour, where: {model: gpt-5*}, action: warn}
  - {name: kept, limit_usd: 20, per: day, by: [user], action: record}
measure: {labels: [spanwise.tenant, gen_ai.prompt.name]}
slos:
  - {name: errors, kind: errors, objective: 0.999, window: 7d}
  - {name: mostly, kind: errors, objective: 0.9}
  - {name: slow, kind: latency, objective: 0.95, threshold_s: 5.12}
alerts:
  disabled: [cache_hit_collapse]
  thresholds: {refusal_ratio: 0.125, refusals_hold_s: 90}
  runbooks: https://wiki.example.com/llm/
  receivers:
    oncall: {pagerduty: {routing_key_file: /run/secrets/pd}}
    team:
      slack: {webhook_url_file: /run/secrets/slack, channel: "#llm"}
      email: {to: [a@example.com, b@example.com], from: s@example.com, smarthost: "mail.example.com:587",
              username: s, password_file: /run/secrets/mail}
    hook: {webhook: {url: "http://127.0.0.1:9/alerts", token_file: /run/secrets/hook}}
  routes: {page: oncall, ticket: team}
  quiet: {weekdays: [saturday, sunday], times: ["22:00-07:00"], location: Europe/Berlin}
"""
"""Everything that alerts can be told."""

BUDGETS: Final = (
    "{name: all-month, limit_usd: 2000, per: month}",
    "{name: tenant-day, limit_usd: 50, per: day, by: [tenant], action: warn}",
    "{name: gpt-5-hour, limit_usd: 20, per: hour, where: {model: gpt-5*}}",
    "{name: all-day, limit_usd: 0.5, per: day, by: [service, model]}",
)
"""Budgets of each period, with and without dimensions."""


def plan_of(text: str) -> Plan:
    """The plan that a policy's text describes."""
    return Plan.from_policy(policy_of(text.encode(), source="spanwise.yaml", directory=Path()))


def plan_with(*budgets: str) -> Plan:
    """A plan with these budgets, and the label of tenants."""
    listed = "".join(f"\n  - {budget}" for budget in budgets)
    return plan_of(f"measure: {{labels: [spanwise.tenant]}}\nbudgets:{listed}\n")
