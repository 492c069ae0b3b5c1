"""The files of `provisioning/alerting/`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.alert.config import PAGE, TICKET, AlertConfig
from spanwise.deploy.alertmanager.compile import QUIET, intervals
from spanwise.deploy.artefact import Artefact
from spanwise.deploy.document import Value, dump
from spanwise.deploy.grafana.alerting.contact import contact_points, variables
from spanwise.deploy.grafana.alerting.rules import rule_groups
from spanwise.deploy.header import header


if TYPE_CHECKING:
    from spanwise.plan import Plan

_RULES: Final = (
    "Alert rules of Grafana, for installations without Alertmanager. They ask what the rules of Prometheus ask, whose "
    "recorded series they need: load those there. With both in use everything rings twice; mount one of the two."
)
_POLICIES: Final = (
    "The tree of notification policies. Provisioning it replaces the whole tree of the organisation, with everything "
    "that others have put there: that is why it lies outside of provisioning/. Copy it if the tree is yours alone."
)
_CHECKED: Final = "No Grafana server runs in our tests: this file is checked by its schema."


def alerting(plan: Plan) -> list[Artefact]:
    """Rules; contact points and quiet hours where the policy has them; policies beside, to be copied on purpose."""
    config = plan.alerts
    rules: Value = {"apiVersion": 1, "groups": rule_groups(plan)}
    made = [_artefact("provisioning/alerting/spanwise-rules.yaml", rules, _RULES)]
    if not config.receivers:
        return made
    points: Value = {"apiVersion": 1, "contactPoints": contact_points(config)}
    needed = "".join(f"\n  {name}: the content of {file}" for name, file in variables(config).items())
    about = f"Contact points of Grafana. Variables that its environment must have:{needed or ' none'}"
    made.append(_artefact("provisioning/alerting/spanwise-contact-points.yaml", points, about))
    if config.quiet:
        times: Value = {
            "apiVersion": 1,
            "muteTimes": [{"orgId": 1, "name": QUIET, "time_intervals": intervals(config.quiet)}],
        }
        made.append(_artefact("provisioning/alerting/spanwise-mute-times.yaml", times, "Hours in which tickets wait."))
    made.append(_artefact("policies/spanwise-policies.yaml", _policies(config), _POLICIES))
    return made


def _policies(config: AlertConfig) -> Value:
    ticket: dict[str, Value] = {
        "receiver": config.receiver_of(TICKET),
        "object_matchers": [["severity", "=", TICKET]],
        "repeat_interval": "24h",
    }
    if config.quiet:
        ticket["mute_time_intervals"] = [QUIET]
    page: Value = {
        "receiver": config.receiver_of(PAGE),
        "object_matchers": [["severity", "=", PAGE]],
        "repeat_interval": "1h",
    }
    root: Value = {
        "orgId": 1,
        "receiver": config.receiver_of(TICKET),
        "group_by": ["alertname", "service_name", "deployment_environment_name", "budget"],
        "group_wait": "10s",
        "group_interval": "1m",
        "repeat_interval": "4h",
        "routes": [page, ticket],
    }
    return {"apiVersion": 1, "policies": [root]}


def _artefact(path: str, value: Value, about: str) -> Artefact:
    return Artefact(PurePosixPath(path), header(about, _CHECKED) + "\n" + dump(value))
