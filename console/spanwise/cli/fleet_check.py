"""Whether the collector that adds up budgets of several machines tells its sums."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from spanwise.cli.check import Check, Verdict
from spanwise.report.quantity import counted


NAME: Final = "budgets of machines"


def fleet_checks(environ: Mapping[str, str]) -> list[Check]:
    """One check where the policy names such a collector, else none. It asks once, as processes do; 10 s at most."""
    from spanwise.pipeline.fleet_question import FleetQuestion
    from spanwise.pipeline.settings import settings

    config = settings(environ)
    if config.fleet is None or not config.fleet.url or not config.budgets:
        return []
    began_s = time.monotonic()
    answer = FleetQuestion(config.fleet, environ).ask()
    took_ms = (time.monotonic() - began_s) * 1000
    if answer.trouble:
        fix = (
            "each process goes on with the sums of its machine until this is right: see budget_collector of the policy"
        )
        return [Check(NAME, Verdict.PROBLEM, f"{config.fleet.url} does not tell its sums: {answer.trouble}", fix)]
    found = f"{config.fleet.url} tells {counted(len(answer.entries), 'sum')}, in {took_ms:.0f} ms"
    return [Check(NAME, Verdict.OK, found)]
