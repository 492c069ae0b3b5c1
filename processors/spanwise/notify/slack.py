"""Slack: one message of an incoming webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from spanwise.alert import Slack
from spanwise.notify.answer import Answer
from spanwise.notify.notice import FIRING, Notice
from spanwise.notify.post import is_private, post
from spanwise.notify.secret_file import HIDDEN, SecretError, read_secret
from spanwise.notify.text import body, cut, title


_MOST_TEXT: Final = 3_000
"""Characters of a message; Slack folds what is longer."""


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """Posts to the incoming webhook whose URL is a secret, and stands in a file."""

    slack: Slack
    way: str = "slack"
    groups: bool = True

    def rendered(self, notice: Notice, *others: Notice) -> dict[str, object]:
        """What would be sent, without the URL."""
        return {"url": HIDDEN, "body": self._document(notice, *others)}

    def deliver(self, notice: Notice, *others: Notice, timeout_s: float) -> Answer:
        """Post `notice`. Slack answers 200 and `ok`, or a 4xx whose text says why."""
        try:
            url = read_secret(self.slack.webhook_url_file)
        except SecretError as error:
            return Answer(accepted=False, again=False, text=str(error))
        if not is_private(url):
            return Answer(accepted=False, again=False, text=f"{self.slack.webhook_url_file} holds no https URL")
        path = urlsplit(url).path.strip("/")
        return post(url, self._document(notice, *others), secrets=(url, path), timeout_s=timeout_s)

    def _document(self, notice: Notice, *others: Notice) -> dict[str, object]:
        heading = escaped(cut(title(notice, *others), _MOST_TEXT))
        colour = "good" if notice.state != FIRING else {"page": "danger", "ticket": "warning"}[notice.severity]
        channel = {"channel": self.slack.channel} if self.slack.channel else {}
        attachment = {"color": colour, "fallback": heading, "text": escaped(cut(body(notice, *others), _MOST_TEXT))}
        return {**channel, "text": heading, "attachments": [attachment]}


def escaped(text: str) -> str:
    """`text` without Slack's control signs: a label cannot call everybody, nor make a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
