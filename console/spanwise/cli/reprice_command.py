"""`spanwise reprice`: stored calls priced again, and what earlier repricings changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.policy import find_policy, read_policy
from spanwise.record import Step
from spanwise.report import repricings_table
from spanwise.reprice import (
    DifferenceRow,
    Repricing,
    RepricingOptions,
    difference_notes,
    difference_table,
    reprice,
)
from spanwise.store import Store


NOTHING: Final = "no model calls in that time; leave out --until or reach further back with --since"


def reprice_store(store: Store, options: RepricingOptions, *, as_json: bool) -> int:
    """Price stored calls again with today's prices and print the difference by model; the exit code, 0.

    Raises:
        PolicyError: the policy, which may hold the user's own prices, has mistakes; nothing was changed.
        StoreError: the store cannot be used.
    """
    done = reprice(store, price_step(os.environ), options)
    if as_json:
        show_json(document(done, options))
    elif not done.calls:
        say(NOTHING)
    else:
        show_table(difference_table(done))
        say(*difference_notes(done), _next(done))
    return 0


def show_repricings(store: Store, *, as_json: bool) -> None:
    """Print what earlier repricings changed, newest first."""
    rows = store.repricings()
    if as_json:
        show_json(rows)
    elif rows:
        show_table(repricings_table(rows))
    else:
        say("nothing was ever priced again here; next: spanwise reprice --since 7d --dry-run")


def price_step(environ: Mapping[str, str]) -> Step:
    """The cost step under the policy that applies here. Unknown models are counted by the report, not logged.

    Raises:
        PolicyError: the policy has mistakes.
    """
    from spanwise.cost import Cost
    from spanwise.pipeline import PipelineConfig

    file = find_policy(environ)
    config = PipelineConfig() if file is None else PipelineConfig.from_policy(read_policy(file))
    return Cost(replace(config.cost, warn_unknown=False))


def document(done: Repricing, options: RepricingOptions) -> dict[str, object]:
    """What one repricing did, for JSON."""
    return {
        "run": done.run,
        "at": done.at,
        "since": options.since,
        "until": options.until,
        "dry_run": options.dry_run,
        "provider": options.provider,
        "calls": done.calls,
        "written": done.written,
        "sent": done.sent,
        "failed": done.failed,
        "missed": done.missed,
        "models": [_row(row) for row in done.difference.rows()],
        "totals": [_row(row) for row in done.difference.totals()],
        "statuses": done.difference.statuses(),
    }


def _row(row: DifferenceRow) -> dict[str, object]:
    return {**asdict(row), "difference": row.difference}


def _next(done: Repricing) -> str:
    if done.run is None:
        return "nothing was written (dry run)"
    if not done.written:
        return "every price stands as it is; nothing was written"
    return f"run {done.run}; next: spanwise report repricings, or spanwise report cost"
