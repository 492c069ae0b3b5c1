"""`Receiver`: who hears of an alert, and by which way. Secrets are files: a policy is committed, a key is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Form, Reader


_URL: Final = Form(
    r"https?://[^\s/@?#]+(?:/[^\s@?#]*)?",
    "http://host/path or https://host/path without name, password or query; put a secret in token_file",
    secret=True,
)
_EVENTS: Final = Form(
    r"(?:https://[^\s/@?#]+|http://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?)(?:/[^\s@?#]*)?",
    "an https URL without name, password or query, as in https://events.eu.pagerduty.com/v2/enqueue",
    secret=True,
)
_SMARTHOST: Final = Form(r"[A-Za-z0-9.\-\[\]:]{1,255}:[0-9]{1,5}", "host:port as in smtp.example.com:587")
_ADDRESS: Final = Form(r"[^\s@,;<>]{1,64}@[^\s@,;<>]{1,255}", "an address as in team@example.com")
_CHANNEL: Final = Form(r"[#@]?[^\s]{1,80}", "a channel as in '#llm', in quotes")
_MOST_ADDRESSES: Final = 50
_WAYS: Final = ("slack", "pagerduty", "email", "webhook")


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
        file = secret(
            reader, "webhook_url_file", like="webhook_url", about="File that holds the URL of an incoming webhook."
        )
        about = "The channel, as '#llm' in quotes, or a person as '@jane'; without it the webhook's own."
        channel = reader.text("channel", None, form=_CHANNEL, about=about)
        reader.finish()
        return None if file is None else cls(file, channel)


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """A PagerDuty service.

    Attributes:
        routing_key_file: File that holds the integration key of Events API v2.
        url: Where events go; `None` for PagerDuty's own address.
    """

    routing_key_file: str
    url: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings under `pagerduty`; `None` with a complaint when the file is missing."""
        file = secret(
            reader,
            "routing_key_file",
            like="routing_key",
            about="File that holds the integration key, of Events API v2.",
        )
        about = "Where events go, as that of the service region EU; without it PagerDuty's address of the US."
        url = reader.text("url", None, form=_EVENTS, about=about)
        reader.finish()
        return None if file is None else cls(file, url)


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
        to = reader.texts(
            "to", form=_ADDRESS, least=1, most=_MOST_ADDRESSES, required=_ADDRESS.wanted, about="Who gets the mail."
        )
        sender = reader.text("from", None, form=_ADDRESS, required=_ADDRESS.wanted, about="The address it is from.")
        smarthost = reader.text(
            "smarthost", None, form=_SMARTHOST, required=_SMARTHOST.wanted, about="The mail server; it must speak TLS."
        )
        username = reader.text("username", None, longest=200, about="Who logs in; without it nobody does.")
        password_file = secret(
            reader, "password_file", like="password", about="File that holds the password of username.", needed=False
        )
        reader.finish()
        if not to or sender is None or smarthost is None:
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
        url = reader.text("url", None, form=_URL, required=_URL.wanted, about="Where alerts are posted to.")
        token_file = secret(
            reader,
            "token_file",
            like="token",
            about="File that holds a bearer token, sent with each post.",
            needed=False,
        )
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
        slack = reader.section("slack", about="A Slack channel.") if reader.has("slack") else None
        pagerduty = reader.section("pagerduty", about="A PagerDuty service.") if reader.has("pagerduty") else None
        email = reader.section("email", about="Mail by SMTP, always over TLS.") if reader.has("email") else None
        webhook = reader.section("webhook", about="Anything that takes a JSON post.") if reader.has("webhook") else None
        receiver = cls(
            slack=None if slack is None else Slack.read(slack),
            pagerduty=None if pagerduty is None else PagerDuty.read(pagerduty),
            email=None if email is None else Email.read(email),
            webhook=None if webhook is None else Webhook.read(webhook),
        )
        message = f"found nothing; accepted: {', '.join(_WAYS)}."
        reader.count_of(_WAYS, least=1, most=len(_WAYS), message=message)
        reader.finish()
        return receiver


def secret(reader: Reader, key: str, *, like: str, about: str, needed: bool = True) -> str | None:
    """The name of a file that holds a secret. A secret that stands in the policy itself is refused unread."""
    reader.forbids(like, f"a secret does not belong in a policy. Put it in a file and write {key}: FILE.")
    required = "the name of the file that holds it" if needed else ""
    return reader.text(key, None, longest=4096, required=required, about=about)
