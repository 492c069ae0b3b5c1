"""The policies that dashboards are tested with."""

from __future__ import annotations

from typing import Final

import yaml

from spanwise.plan import Plan
from spanwise.policy import Reader


POLICY: Final = """
measure:
  flavours: [current, released]
  labels: [spanwise.tenant, gen_ai.prompt.name, gen_ai.prompt.version, shop.user_class]
budgets:
  - {name: all-month, limit_usd: 900, per: month}
  - {name: tenant-day, limit_usd: 20, per: day, by: [tenant]}
  - {name: gpt-5-hour, limit_usd: 2, per: hour, where: {model: gpt-5*}}
slos:
  - {name: errors, kind: errors, objective: 0.98, window: 30d}
  - {name: latency, kind: latency, objective: 0.9, window: 30d, threshold_s: 10.24}
  - {name: first-chunk, kind: time_to_first_chunk, objective: 0.9, window: 30d, threshold_s: 2.56}
"""
"""Everything that a dashboard can show."""


def plan(text: str = POLICY) -> Plan:
    """The plan of a policy; an error when the policy has a mistake."""
    reader = Reader(yaml.safe_load(text))
    made = Plan.read(reader)
    assert not reader.problems, reader.problems
    return made
