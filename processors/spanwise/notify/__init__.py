"""Notices by webhook, Slack, PagerDuty and mail: the receivers of a policy, without Alertmanager.

Names are resolved at first use: a process that tells nobody anything imports nothing of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.notify.answer import Answer
    from spanwise.notify.channel import Channel, channels
    from spanwise.notify.group import together
    from spanwise.notify.notice import FIRING, RESOLVED, Notice
    from spanwise.notify.notifier import Notifier
    from spanwise.notify.outcome import Outcome

__all__ = ["FIRING", "RESOLVED", "Answer", "Channel", "Notice", "Notifier", "Outcome", "channels", "together"]

_HOMES = {
    "Answer": "answer",
    "Channel": "channel",
    "FIRING": "notice",
    "Notice": "notice",
    "Notifier": "notifier",
    "Outcome": "outcome",
    "RESOLVED": "notice",
    "channels": "channel",
    "together": "group",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
