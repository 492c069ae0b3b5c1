"""`spanwise alerts test`: does a receiver hear?"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spanwise.cli.alert_watch import plan_of
from spanwise.cli.output import say, show_json
from spanwise.policy import find_policy
from spanwise.policy.problem import guess, listed


if TYPE_CHECKING:
    from spanwise.alert import Alert, AlertConfig
    from spanwise.notify import Notice, Outcome

WRONG_USE: Final = 2
REFUSED: Final = 1

_DELIVERED: Final = "delivered"


def test_alert(name: str, receiver: str | None, *, dry_run: bool) -> int:
    """Have a receiver told a notice that is marked as a test, and its end, so that no incident stays open.

    The exit code: 1 when a way refused it, 2 when there is no such alert or receiver.

    Raises:
        PolicyError: the policy has mistakes.
    """
    from spanwise.alert import ALERTS
    from spanwise.notify import Notifier

    config = plan_of(find_policy(os.environ)).alerts
    alert = ALERTS.get(name)
    if alert is None:
        say(f"spanwise: there is no alert {name!r}.{guess(name, list(ALERTS))} Accepted: {listed(list(ALERTS))}.")
        return WRONG_USE
    chosen = receiver or config.receiver_of(alert.severity)
    if chosen is None:
        say("spanwise: the policy has no alerts.receivers, so nobody can be told; see spanwise policy explain alerts")
        return WRONG_USE
    if chosen not in config.receivers:
        names = list(config.receivers)
        say(f"spanwise: there is no receiver {chosen!r}.{guess(chosen, names)} Accepted: {listed(names) or 'none'}.")
        return WRONG_USE
    first = test_notice(alert, config)
    notifier = Notifier(config.receivers, dry_run=dry_run)
    outcomes = notifier.deliver(chosen, first)
    if dry_run:
        show_json([{"receiver": chosen, "way": each.way, "would_send": each.document} for each in outcomes])
        return 0
    ended = replace(first, state="resolved", ended_unix_s=int(time.time()))
    outcomes += [each for each in notifier.deliver(chosen, ended) if each.status != _DELIVERED]
    return _report(chosen, outcomes)


def test_notice(alert: Alert, config: AlertConfig) -> Notice:
    """A notice of `alert` that nobody takes for a real one, and that shares its key with none."""
    from spanwise.notify import Notice

    return Notice(
        id=alert.title,
        state="firing",
        severity="page" if alert.severity == "page" else "ticket",
        summary=f"Test of {alert.title}: nothing is wrong",
        description=f"Somebody ran spanwise alerts test. {alert.means}",
        labels={"test": "true"},
        value="0",
        started_unix_s=int(time.time()),
        runbook=f"{config.runbooks}{alert.runbook}.md",
    )


def _report(receiver: str, outcomes: list[Outcome]) -> int:
    failed = False
    for outcome in outcomes:
        took = outcome.status == _DELIVERED
        failed = failed or not took
        what = "took it" if took else f"did not take its {'begin' if outcome.notice.state == 'firing' else 'end'}"
        say(f"spanwise: {receiver} by {outcome.way} {what}: {outcome.text}")
    return REFUSED if failed else 0
