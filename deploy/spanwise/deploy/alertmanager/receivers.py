"""Receivers of the policy in Alertmanager's words. A secret is always the name of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spanwise.alert import AlertConfig, Email, PagerDuty, Receiver, Slack, Webhook
from spanwise.deploy.alertmanager.message import PAGERDUTY_SEVERITY, TEXT, TITLE
from spanwise.deploy.document import Value


NOBODY: Final = "nobody"
"""The receiver that tells nobody: alerts stand on Alertmanager's page and go no further."""


def receivers(config: AlertConfig) -> list[Value]:
    """Every receiver of the policy; one that tells nobody when it has none."""
    if not config.receivers:
        return [{"name": NOBODY}]
    return [_receiver(name, receiver) for name, receiver in config.receivers.items()]


def _receiver(name: str, receiver: Receiver) -> Value:
    made: dict[str, Value] = {"name": name}
    if receiver.slack:
        made["slack_configs"] = [_slack(receiver.slack)]
    if receiver.pagerduty:
        made["pagerduty_configs"] = [_pagerduty(receiver.pagerduty)]
    if receiver.email:
        made["email_configs"] = [_email(receiver.email)]
    if receiver.webhook:
        made["webhook_configs"] = [_webhook(receiver.webhook)]
    return made


def _slack(slack: Slack) -> Mapping[str, Value]:
    channel: dict[str, Value] = {"channel": slack.channel} if slack.channel else {}
    return {
        "api_url_file": slack.webhook_url_file,
        **channel,
        "send_resolved": True,
        "title": TITLE,
        "text": TEXT,
    }


def _pagerduty(pagerduty: PagerDuty) -> Mapping[str, Value]:
    address: dict[str, Value] = {"url": pagerduty.url} if pagerduty.url else {}
    return {
        **address,
        "routing_key_file": pagerduty.routing_key_file,
        "send_resolved": True,
        "client": "Spanwise",
        "severity": PAGERDUTY_SEVERITY,
        "description": TITLE,
        "details": {"alerts": TEXT},
    }


def _email(email: Email) -> Mapping[str, Value]:
    login: dict[str, Value] = {}
    if email.username:
        login["auth_username"] = email.username
    if email.password_file:
        login["auth_password_file"] = email.password_file
    return {
        "to": ", ".join(email.to),
        "from": email.sender,
        "smarthost": email.smarthost,
        **login,
        "require_tls": True,
        "send_resolved": True,
        "headers": {"Subject": TITLE},
        "html": "",
        "text": TEXT,
    }


def _webhook(webhook: Webhook) -> Mapping[str, Value]:
    token: dict[str, Value] = {}
    if webhook.token_file:
        token["authorization"] = {"type": "Bearer", "credentials_file": webhook.token_file}
    return {
        "url": webhook.url,
        "send_resolved": True,
        # A webhook that answers with a redirect would send alerts, and a token, to somewhere else.
        "http_config": {**token, "follow_redirects": False},
    }
