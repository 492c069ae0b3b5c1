"""`Receiver`: who hears of an alert, and by which way. Secrets are files: a policy is committed, a key is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Reader


_URL: Final = re.compile(r"https?://[^\s/@?#]+(?:/[^\s@?#]*)?")
_SMARTHOST: Final = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}:[0-9]{1,5}")
_ADDRESS: Final = re.compile(r"[^\s@,;<>]{1,64}@[^\s@,;<>]{1,255}")
_CHANNEL: Final = re.compile(r"[#@]?[^\s]{1,80}")
_MOST_ADDRESSES: Final = 50


@dataclass(frozen=True, slots=True)
class Slack:
    """A Slack channel.

    Attributes:
        webhook_url_file: File that holds the URL of an incoming webhook.
        channel: `#channel` or `@person`; `None` for the webhook's own.
    """

    webhook_url_file: str
    channel: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings under `slack`; `None` with a complaint when the file is missing."""
        file = secret(reader, "webhook_url_file", like="webhook_url")
        channel = _matching(reader, "channel", _CHANNEL, "a channel as in '#llm', in quotes")
        reader.finish()
        return None if file is None else cls(file, channel)


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """A PagerDuty service.

    Attributes:
        routing_key_file: File that holds the integration key of Events API v2.
    """

    routing_key_file: str

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings under `pagerduty`; `None` with a complaint when the file is missing."""
        file = secret(reader, "routing_key_file", like="routing_key")
        reader.finish()
        return None if file is None else cls(file)


@dataclass(frozen=True, slots=True)
class Email:
    """Mail by SMTP, always over TLS.

    Attributes:
        to: Addresses.
        sender: The address in From; `from` in the policy.
        smarthost: `host:port` of the mail server.
        username: Who logs in; `None` without a login.
        password_file: File that holds the password.
    """

    to: tuple[str, ...]
    sender: str
    smarthost: str
    username: str | None = None
    password_file: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings under `email`; `None` with a complaint when one is missing."""
        to = reader.texts("to")
        wrong = [address for address in to if _ADDRESS.fullmatch(address) is None]
        if wrong or len(to) > _MOST_ADDRESSES:
            reader.complain(
                "to", f"accepted: a list of up to {_MOST_ADDRESSES} addresses, each as in team@example.com."
            )
        sender = _matching(reader, "from", _ADDRESS, "an address as in spanwise@example.com")
        smarthost = _matching(reader, "smarthost", _SMARTHOST, "host:port as in smtp.example.com:587")
        username = reader.text("username", None, longest=200)
        password_file = secret(reader, "password_file", like="password") if _has_password(reader) else None
        for key in ("to", "from", "smarthost"):
            if not reader.has(key):
                reader.complain(key, "missing; an email receiver needs to, from and smarthost.")
        reader.finish()
        if not to or wrong or sender is None or smarthost is None:
            return None
        return cls(to, sender, smarthost, username, password_file)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An HTTP endpoint that takes Alertmanager's JSON.

    Attributes:
        url: Where it is posted to; without credentials.
        token_file: File that holds a bearer token; `None` without one.
    """

    url: str
    token_file: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings under `webhook`; `None` with a complaint when the URL is missing."""
        accepted = "http://host/path or https://host/path without name, password or query; put a secret in token_file"
        url = _matching(reader, "url", _URL, accepted, show=False)
        if not reader.has("url"):
            reader.complain("url", f"missing; accepted: {accepted}.")
        token_file = secret(reader, "token_file", like="token") if _has_token(reader) else None
        reader.finish()
        return None if url is None else cls(url, token_file)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Everybody who hears of an alert that is routed to this name: one way or several.

    Attributes:
        slack: A Slack channel.
        pagerduty: A PagerDuty service.
        email: Mail.
        webhook: An HTTP endpoint.
    """

    slack: Slack | None = None
    pagerduty: PagerDuty | None = None
    email: Email | None = None
    webhook: Webhook | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of one item of `alerts.receivers`; complaints go to `reader`."""
        receiver = cls(
            slack=Slack.read(reader.section("slack")) if reader.has("slack") else None,
            pagerduty=PagerDuty.read(reader.section("pagerduty")) if reader.has("pagerduty") else None,
            email=Email.read(reader.section("email")) if reader.has("email") else None,
            webhook=Webhook.read(reader.section("webhook")) if reader.has("webhook") else None,
        )
        if not reader.keys():
            reader.complain(None, "found nothing; accepted: slack, pagerduty, email, webhook.")
        reader.finish()
        return receiver


def secret(reader: Reader, key: str, *, like: str) -> str | None:
    """The name of a file that holds a secret. A secret that stands in the policy itself is refused unread."""
    if reader.has(like):
        reader.complain(like, f"a secret does not belong in a policy. Put it in a file and write {key}: FILE.")
        return None
    file = reader.text(key, None, longest=4096)
    if not reader.has(key):
        reader.complain(key, "missing; accepted: the name of the file that holds it.")
    return file


def _has_password(reader: Reader) -> bool:
    return any([reader.has("password_file"), reader.has("password")])


def _has_token(reader: Reader) -> bool:
    return any([reader.has("token_file"), reader.has("token")])


def _matching(reader: Reader, key: str, form: re.Pattern[str], accepted: str, *, show: bool = True) -> str | None:
    """Text of the given form; what does not match is repeated in the complaint only when it can hold no secret."""
    text = reader.text(key, None)
    if text is None or form.fullmatch(text):
        return text
    reader.complain(key, f"found {text!r}; accepted: {accepted}." if show else f"accepted: {accepted}.")
    return None
