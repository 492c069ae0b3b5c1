"""Contact points: the receivers of the policy in Grafana's words. It reads secrets from its environment only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from spanwise.alert import AlertConfig, Receiver
from spanwise.deploy.alertmanager.message import PAGERDUTY_SEVERITY, TEXT, TITLE
from spanwise.deploy.document import Value
from spanwise.deploy.grafana.alerting.rules import uid


PREFIX: Final = "SPANWISE_ALERT"
"""What names of variables that hold secrets begin with."""

_NOT_A_NAME: Final = re.compile(r"[^A-Za-z0-9]+")


def contact_points(config: AlertConfig) -> list[Value]:
    """Every receiver of the policy, in their order."""
    return [
        {"orgId": 1, "name": name, "receivers": list(_ways(name, receiver))}
        for name, receiver in config.receivers.items()
    ]


def variables(config: AlertConfig) -> dict[str, str]:
    """The variables that the contact points read, and the file of the policy whose content each must have."""
    found: dict[str, str] = {}
    for name, receiver in config.receivers.items():
        if receiver.slack:
            found[variable(name, "SLACK_URL")] = receiver.slack.webhook_url_file
        if receiver.pagerduty:
            found[variable(name, "PAGERDUTY_KEY")] = receiver.pagerduty.routing_key_file
        if receiver.webhook and receiver.webhook.token_file:
            found[variable(name, "WEBHOOK_TOKEN")] = receiver.webhook.token_file
    return found


def variable(name: str, what: str) -> str:
    """The name of the variable with a secret of the receiver `name`."""
    return f"{PREFIX}_{_NOT_A_NAME.sub('_', name).upper()}_{what}"


def _ways(name: str, receiver: Receiver) -> Iterator[Mapping[str, Value]]:
    if receiver.slack:
        channel: dict[str, Value] = {"recipient": receiver.slack.channel} if receiver.slack.channel else {}
        url = _secret(name, "SLACK_URL")
        yield _way(name, "slack", {"url": url, **channel, "title": TITLE, "text": TEXT})
    if receiver.pagerduty:
        key = _secret(name, "PAGERDUTY_KEY")
        settings: dict[str, Value] = {"integrationKey": key, "severity": PAGERDUTY_SEVERITY, "summary": TITLE}
        yield _way(name, "pagerduty", settings)
    if receiver.email:
        # The mail server is one for all of Grafana: GF_SMTP_HOST and the like.
        to = ";".join(receiver.email.to)
        yield _way(name, "email", {"addresses": to, "singleEmail": True, "subject": TITLE, "message": TEXT})
    if receiver.webhook:
        token: dict[str, Value] = {}
        if receiver.webhook.token_file:
            secret = _secret(name, "WEBHOOK_TOKEN")
            token = {"authorization_scheme": "Bearer", "authorization_credentials": secret}
        yield _way(name, "webhook", {"url": receiver.webhook.url, "httpMethod": "POST", **token})


def _secret(name: str, what: str) -> str:
    return f"${{{variable(name, what)}}}"


def _way(name: str, kind: str, settings: dict[str, Value]) -> Mapping[str, Value]:
    return {"uid": uid(f"{name}/{kind}"), "type": kind, "settings": settings, "disableResolveMessage": False}
