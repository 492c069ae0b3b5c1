"""Crossings of budgets as notices."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from spanwise.alert import AlertConfig
from spanwise.alert.spend import BUDGET, BUDGET_NEAR, BUDGET_SPENT
from spanwise.notify.notice import FIRING, Notice


if TYPE_CHECKING:
    from spanwise.budget import Crossing

_IDS: Final = {True: BUDGET_SPENT, False: BUDGET_NEAR}


def notice_of(crossing: Crossing, alerts: AlertConfig) -> Notice:
    """`crossing` as a notice. Two of the same share of the same period are about the same thing.

    The whole limit is a page, a share of it a ticket, as in the rules that are rendered for Prometheus.
    """
    budget = crossing.budget
    alert = _IDS[crossing.percent >= 100]
    since = crossing.since_s if budget.per != "hour" else crossing.since_s // 3600 * 3600
    return Notice(
        id="Spanwise" + "".join(word.capitalize() for word in alert.id.split("_")),
        state=FIRING,
        severity="page" if crossing.percent >= 100 else "ticket",
        summary=crossing.sentence,
        description=(
            f"{crossing.sentence}. The period ends {time.strftime('%Y-%m-%d %H:%M', time.gmtime(crossing.until_s))} "
            "UTC. Calls go on; a budget with action: block would refuse them."
        ),
        labels={
            BUDGET: budget.name,
            "period": f"{budget.per} {time.strftime('%Y-%m-%dT%H:%MZ', time.gmtime(since))}",
            "share": f"{crossing.percent}%",
            **crossing.key,
        },
        value=f"{crossing.spent_usd:f}",
        started_unix_s=int(time.time()),
        runbook=f"{alerts.runbooks}{alert.runbook}.md",
    )
