"""`compile_alertmanager`: one file, complete: routes, receivers, inhibition, quiet hours, texts."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.alert import AlertConfig, Quiet
from spanwise.alert.config import PAGE, TICKET
from spanwise.deploy.alertmanager.inhibition import inhibitions
from spanwise.deploy.alertmanager.receivers import NOBODY, receivers
from spanwise.deploy.artefact import Artefact
from spanwise.deploy.document import Path, Value, dump
from spanwise.deploy.header import header


if TYPE_CHECKING:
    from spanwise.plan import Plan

QUIET: Final = "spanwise-quiet"
"""The name of the hours in which tickets wait."""

_GROUP_BY: Final = ("alertname", "service_name", "deployment_environment_name", "budget")
_COMMENTS: Final[dict[Path, str]] = {
    ("route", "group_wait"): "Alerts that begin together are told together; a page waits no longer than this.",
    ("route", "routes", 0): "Somebody is woken, at any hour, and again every hour.",
    ("route", "routes", 1): "Somebody looks at it on the next working day.",
}
_NOBODY: Final = (
    "The policy has no receivers: alerts stand on Alertmanager's page and nobody is told. Add alerts.receivers."
)


def compile_alertmanager(plan: Plan) -> list[Artefact]:
    """`alertmanager.yaml` of `plan`. It needs no other file, but for those that hold the secrets."""
    config = plan.alerts
    rules = list(inhibitions())
    comments = dict(_COMMENTS)
    comments |= {("inhibit_rules", at): rule.about for at, rule in enumerate(rules)}
    if not config.receivers:
        comments["receivers",] = _NOBODY
    value: dict[str, Value] = {
        "route": _route(config),
        "inhibit_rules": [rule.document() for rule in rules],
        "receivers": receivers(config),
    }
    if config.quiet:
        value["time_intervals"] = [{"name": QUIET, "time_intervals": list(intervals(config.quiet))}]
    about = "Alertmanager 0.25 or newer. Secrets are read from files; the names are those of the policy."
    text = header(about) + "\n" + dump(value, comments)
    return [Artefact(PurePosixPath("alertmanager.yaml"), text)]


def _route(config: AlertConfig) -> Value:
    ticket: dict[str, Value] = {
        "matchers": ['severity="ticket"'],
        "receiver": config.receiver_of(TICKET) or NOBODY,
        "repeat_interval": "24h",
    }
    if config.quiet:
        ticket["mute_time_intervals"] = [QUIET]
    return {
        "receiver": config.receiver_of(TICKET) or NOBODY,
        "group_by": list(_GROUP_BY),
        "group_wait": "10s",
        "group_interval": "1m",
        "repeat_interval": "4h",
        "routes": [
            {
                "matchers": ['severity="page"'],
                "receiver": config.receiver_of(PAGE) or NOBODY,
                "repeat_interval": "1h",
            },
            ticket,
        ],
    }


def intervals(quiet: Quiet) -> list[Value]:
    """The quiet hours as Alertmanager and Grafana have them: whole days, and hours of every day."""
    made: list[Value] = []
    if quiet.weekdays:
        # Day by day: weeks begin on Sunday there, so saturday:sunday is refused, or taken and never true.
        made.append({"weekdays": list(quiet.weekdays), "location": quiet.location})
    if quiet.times:
        times: list[Value] = [{"start_time": start, "end_time": end} for start, end in quiet.hours()]
        made.append({"times": times, "location": quiet.location})
    return made
