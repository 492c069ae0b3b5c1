"""The budgets of a pipeline: how its host has them kept, and who hears of them."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from spanwise.policy import find_policy, read_policy
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.budget.step import BudgetStep
    from spanwise.budget.sums_file import SumsFile
    from spanwise.pipeline.driver import Pipeline
    from spanwise.pipeline.keeper import Keeper

_SALT: Final = secrets.token_bytes(16)


def keep_budgets(pipeline: Pipeline, environ: Mapping[str, str], *, collects: bool = False) -> Keeper | None:
    """Have the sums of `pipeline` kept, from now on; `None` when its policy has no budgets.

    What the file holds is read before this returns: some milliseconds. The rest is done by threads. Close the answer
    when the last span has ended. A program below `spanwise run` asks the collector around it, and no other.

    Args:
        pipeline: the pipeline, which accounts for spans.
        environ: names the policy, the file, and the collector around a program.
        collects: whether this is the collector, which adds up what processes send.
    """
    step = pipeline.budget
    if step is None or not step.ledger.budgets:
        return None
    from spanwise.budget.config import ALERT
    from spanwise.budget.sums_file import SumsFile, machine_path, sums_path
    from spanwise.pipeline.keeper import Keeper

    collector = "" if collects else environ.get(environment.SPANWISE_RUN_ENDPOINT, "")
    fleet = None if collects or collector else pipeline.fleet
    path = sums_path(environ) if fleet is None else machine_path(environ)
    file = None if path is None else SumsFile(path)
    keeper = Keeper(step, file, collector)
    step.quiet = bool(collector)
    if fleet is not None:
        from spanwise.pipeline.fleet_sums import FleetSums

        keeper.fleet = FleetSums(step, fleet, environ)
    elif not step.quiet and any(budget.action == ALERT for budget in step.ledger.budgets):
        _have_told(step, keeper, file, environ)
    keeper.start()
    if any(budget.by or budget.where for budget in step.ledger.budgets):
        # What cleans keys takes tenths of a second to build: not on the thread that makes the first call.
        threading.Thread(target=pipeline.prepare, name="spanwise-prepare", daemon=True).start()
    return keeper


def key_cleaner(clean: Callable[[Mapping[str, str]], Mapping[str, object]]) -> Callable[[str, str], str]:
    """What makes a value that may stand in a key, a file and a log of one that a call says.

    Redaction may make values equal, as two addresses that become `[EMAIL]`. They still have budgets of their own here,
    under names that mean nothing and end with the process; a pseudonym of the policy means the same everywhere.

    Args:
        clean: redacts attributes as those of a span.
    """

    def cleaned(name: str, value: str) -> str:
        found = clean({name: value}).get(name)
        if found == value or (isinstance(found, str) and "~" in found):
            return str(found)
        return f"[REDACTED~{blake2b(value.encode('utf-8', 'replace'), digest_size=8, key=_SALT).hexdigest()}]"

    return cleaned


def _have_told(step: BudgetStep, keeper: Keeper, file: SumsFile | None, environ: Mapping[str, str]) -> None:
    """Have the receivers of the policy told; where it has none that can be used, a line in the log stands in."""
    from spanwise.alert import AlertConfig
    from spanwise.pipeline.budget_notices import BudgetNotices
    from spanwise.pipeline.notice_book import NoticeBook
    from spanwise.policy import PolicyError

    policy = find_policy(environ)
    if policy is None:
        return
    try:
        alerts = read_policy(policy).read(lambda reader: AlertConfig.read(reader.section("alerts")))
    except PolicyError:
        # A process does not fail for what is wrong in a section of the stack.
        return
    if alerts.receivers:
        notices = BudgetNotices(step.ledger, alerts, NoticeBook(file))
        step.tell, keeper.each, keeper.last = notices.tell, notices.round, notices.close
