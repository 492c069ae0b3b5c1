"""Alerts: what is worth waking somebody for, as data. Engines' languages live in `spanwise.deploy`.

Names are resolved at first use: a process that only reads its policy never imports the definitions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.alert.alert import Alert
    from spanwise.alert.catalogue import ALERTS
    from spanwise.alert.config import AlertConfig
    from spanwise.alert.quiet import Quiet
    from spanwise.alert.receiver import Email, PagerDuty, Receiver, Slack, Webhook
    from spanwise.alert.slo import DEFAULT_SLOS, Slo, read_slos
    from spanwise.alert.threshold import Threshold

__all__ = [
    "ALERTS",
    "DEFAULT_SLOS",
    "Alert",
    "AlertConfig",
    "Email",
    "PagerDuty",
    "Quiet",
    "Receiver",
    "Slack",
    "Slo",
    "Threshold",
    "Webhook",
    "read_slos",
]

_HOMES = {
    "ALERTS": "catalogue",
    "Alert": "alert",
    "AlertConfig": "config",
    "DEFAULT_SLOS": "slo",
    "Email": "receiver",
    "PagerDuty": "receiver",
    "Quiet": "quiet",
    "Receiver": "receiver",
    "Slack": "receiver",
    "Slo": "slo",
    "Threshold": "threshold",
    "Webhook": "receiver",
    "read_slos": "slo",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
