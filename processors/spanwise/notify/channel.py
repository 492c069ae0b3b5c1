"""`Channel`: one way to tell somebody; `channels` are those of a receiver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from spanwise.alert import Receiver
from spanwise.notify.answer import Answer
from spanwise.notify.notice import Notice


class Channel(Protocol):
    """One way to tell somebody."""

    @property
    def way(self) -> str:
        """`webhook`, `slack`, `pagerduty` or `email`."""

    @property
    def groups(self) -> bool:
        """Whether several notices of one alert, one state and one severity fit into one message."""

    def rendered(self, notice: Notice, *others: Notice) -> Mapping[str, object]:
        """What would be sent, with secrets replaced; reads no secret and no network."""

    def deliver(self, notice: Notice, *others: Notice, timeout_s: float) -> Answer:
        """Try once, and say what came of it. Raises nothing; a broken connection is an answer too.

        Args:
            notice: what is told.
            others: more of the same alert, state and severity, in the same message; none where `groups` is `False`.
            timeout_s: how long it may take.
        """


def channels(name: str, receiver: Receiver) -> tuple[Channel, ...]:
    """Every way of `receiver`, which the policy calls `name`. What a receiver does not use is not imported."""
    found: list[Channel] = []
    if receiver.slack:
        from spanwise.notify.slack import SlackChannel

        found.append(SlackChannel(receiver.slack))
    if receiver.pagerduty:
        from spanwise.notify.pagerduty import PagerDutyChannel

        found.append(PagerDutyChannel(receiver.pagerduty))
    if receiver.email:
        from spanwise.notify.mail import EmailChannel

        found.append(EmailChannel(receiver.email))
    if receiver.webhook:
        from spanwise.notify.webhook import WebhookChannel

        found.append(WebhookChannel(name, receiver.webhook))
    return tuple(found)
