"""Every channel sends what its other side documents, and says in one line what came of it."""

from __future__ import annotations

import json
from dataclasses import replace
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest

from spanwise.alert import Email, PagerDuty, Receiver, Slack, Webhook
from spanwise.notify import Notice, channels
from tests.deploy.collector.certificates import issue
from tests.notify.endpoint import Endpoint, Reply
from tests.notify.mail_server import MailServer
from tests.notify.sample import ENDED, FIRST


Schema: TypeAlias = dict[str, Any]
"""A JSON Schema, written from the other side's documentation."""

SECRET = "sk-hidden-part-0123456789"

TEXT: Schema = {"type": "string", "minLength": 1}
ALERTMANAGER_4: Schema = {
    "type": "object",
    "required": [
        *("version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels"),
        *("commonAnnotations", "externalURL", "alerts"),
    ],
    "properties": {
        "version": {"const": "4"},
        "truncatedAlerts": {"type": "integer"},
        "status": {"enum": ["firing", "resolved"]},
        "alerts": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"],
                "properties": {
                    "labels": {"type": "object", "additionalProperties": TEXT, "required": ["alertname"]},
                    "startsAt": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "endsAt": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "fingerprint": {"pattern": "^[0-9a-f]{16}$"},
                },
            },
        },
    },
}
"""Alertmanager, "Configuration", section webhook_config: the JSON that a receiver is posted."""

EVENTS_V2: Schema = {
    "type": "object",
    "required": ["routing_key", "event_action", "dedup_key"],
    "additionalProperties": False,
    "properties": {
        "routing_key": TEXT,
        "event_action": {"enum": ["trigger", "resolve"]},
        "dedup_key": {"type": "string", "maxLength": 255, "minLength": 1},
        "client": TEXT,
        "links": {"type": "array", "items": {"required": ["href"]}},
        "payload": {
            "type": "object",
            "required": ["summary", "source", "severity"],
            "properties": {
                "summary": {"type": "string", "minLength": 1, "maxLength": 1024},
                "severity": {"enum": ["critical", "error", "warning", "info"]},
                "custom_details": {"type": "object"},
            },
        },
    },
    "if": {"properties": {"event_action": {"const": "trigger"}}},
    "then": {"required": ["payload"]},
}
"""PagerDuty, "Send an alert event": the body of a request to Events API v2."""

SLACK_MESSAGE: Schema = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": 40_000},
        "channel": TEXT,
        "attachments": {
            "type": "array",
            "maxItems": 100,
            "items": {"required": ["fallback"], "properties": {"color": {"enum": ["good", "warning", "danger"]}}},
        },
    },
}
"""Slack, "Sending messages using incoming webhooks" and "Legacy: secondary message attachments"."""


def secret(folder: Path, text: str = SECRET) -> str:
    """The name of a file that holds a secret."""
    file = folder / "secret"
    file.write_text(text + "\n", encoding="utf-8")
    return str(file)


def test_a_webhook_gets_alertmanagers_json_and_the_token(tmp_path: Path) -> None:
    """What takes Alertmanager's posts takes ours, with the bearer token of the file."""
    with Endpoint() as endpoint:
        (channel,) = channels("ops", Receiver(webhook=Webhook(endpoint.url, secret(tmp_path))))
        answers = [channel.deliver(notice, timeout_s=5) for notice in (FIRST, ENDED)]
    assert [answer.accepted for answer in answers] == [True, True]
    for request in endpoint.requests:
        jsonschema.validate(request.body, ALERTMANAGER_4)
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
    first, ended = (request.body["alerts"][0] for request in endpoint.requests)
    assert first["labels"] == {**FIRST.labels, "alertname": "SpanwiseSpendRate", "severity": "page"}
    assert first["fingerprint"] == ended["fingerprint"]
    assert (first["endsAt"], ended["endsAt"]) == ("0001-01-01T00:00:00Z", "2026-11-18T11:16:40Z")


def test_pagerduty_gets_an_event_that_opens_and_one_that_resolves(tmp_path: Path) -> None:
    """Both events name one incident, and hold the integration key of the file."""
    with Endpoint(Reply(202), Reply(202)) as endpoint:
        (channel,) = channels("ops", Receiver(pagerduty=PagerDuty(secret(tmp_path), endpoint.url)))
        assert all(channel.deliver(notice, timeout_s=5).accepted for notice in (FIRST, ENDED))
    trigger, resolve = (request.body for request in endpoint.requests)
    for event in (trigger, resolve):
        jsonschema.validate(event, EVENTS_V2)
        assert event["routing_key"] == SECRET
    assert (trigger["event_action"], resolve["event_action"]) == ("trigger", "resolve")
    assert trigger["dedup_key"] == resolve["dedup_key"]
    assert trigger["payload"]["severity"] == "critical"
    assert trigger["payload"]["source"] == "shop"


def test_slack_gets_a_message_that_nobody_can_write_commands_into(tmp_path: Path) -> None:
    """A label cannot call a whole channel, and the message is of Slack's form."""
    wicked = replace(FIRST, summary="<!channel> & more", labels={"service_name": "<https://evil.example|shop>"})
    with Endpoint() as endpoint:
        (channel,) = channels("ops", Receiver(slack=Slack(secret(tmp_path, endpoint.url), "#llm")))
        assert channel.deliver(wicked, timeout_s=5).accepted
    (request,) = endpoint.requests
    jsonschema.validate(request.body, SLACK_MESSAGE)
    assert request.body["channel"] == "#llm"
    assert request.body["text"] == "Page: &lt;!channel&gt; &amp; more"
    assert "<" not in json.dumps(request.body)


@pytest.mark.parametrize(
    ("reply", "again"),
    [
        (Reply(429, {"Retry-After": "7"}), True),
        (Reply(500), True),
        (Reply(503), True),
        (Reply(400, body="invalid_payload"), False),
        (Reply(404), False),
        (Reply(302, {"Location": "http://elsewhere.example/"}), False),
    ],
)
def test_an_answer_says_whether_to_try_again(reply: Reply, again: bool) -> None:
    """Busy and failing endpoints are tried again, refusals and redirects are not."""
    with Endpoint(reply) as endpoint:
        (channel,) = channels("ops", Receiver(webhook=Webhook(endpoint.url)))
        answer = channel.deliver(FIRST, timeout_s=5)
    assert (answer.accepted, answer.again) == (False, again)
    assert answer.text.startswith(str(reply.status))
    assert answer.wait_s == (7.0 if reply.status == 429 else None)
    assert len(endpoint.requests) == 1


def test_an_endpoint_that_hangs_or_is_gone_is_an_answer() -> None:
    """Neither raises; both may be tried again, and say what happened."""
    with Endpoint(Reply(hangs=True)) as endpoint:
        (channel,) = channels("ops", Receiver(webhook=Webhook(endpoint.url)))
        silent = channel.deliver(FIRST, timeout_s=0.1)
    gone = channel.deliver(FIRST, timeout_s=1)
    assert (silent.again, silent.text) == (True, "no answer within 0.1 s")
    assert (gone.again, gone.text) == (True, "cannot be reached (Connection refused)")


def test_what_the_other_side_says_back_is_shown_without_the_secret(tmp_path: Path) -> None:
    """An endpoint that repeats the token does not bring it into a log."""
    with Endpoint(Reply(400, body=f"bad token {SECRET}")) as endpoint:
        (channel,) = channels("ops", Receiver(webhook=Webhook(endpoint.url, secret(tmp_path))))
        answer = channel.deliver(FIRST, timeout_s=5)
    assert answer.text == "400 Bad Request: bad token [secret]"


def test_what_would_be_sent_is_shown_without_secrets(tmp_path: Path) -> None:
    """A dry run reads no secret: it works where the files are not, and cannot show what is in them."""
    gone = str(tmp_path / "nowhere")
    receiver = Receiver(
        slack=Slack(gone),
        pagerduty=PagerDuty(gone),
        email=Email(("a@example.com",), "s@example.com", "mail.example.com:587", "user", gone),
        webhook=Webhook("https://example.com/hook", gone),
    )
    shown = [json.dumps(channel.rendered(FIRST)) for channel in channels("ops", receiver)]
    assert len(shown) == 4
    assert all("[secret]" in text and FIRST.description in text for text in shown)


def test_a_secret_that_is_missing_is_an_answer_that_names_its_file(tmp_path: Path) -> None:
    """Nothing is sent, and the sentence says which file cannot be read and why."""
    gone = str(tmp_path / "nowhere")
    receiver = Receiver(slack=Slack(gone), pagerduty=PagerDuty(gone), webhook=Webhook("http://127.0.0.1:9/", gone))
    for channel in channels("ops", receiver):
        answer = channel.deliver(FIRST, timeout_s=1)
        assert answer.text == f"the file {gone} cannot be read (No such file or directory)"


@pytest.mark.parametrize("url", ["http://hooks.example.com/x", "ftp://hooks.example.com/", "nonsense", "https://[::1"])
def test_a_secret_url_is_never_posted_to_in_plain_text(tmp_path: Path, url: str) -> None:
    """Slack's URL is the secret itself: it goes over TLS or nowhere."""
    (channel,) = channels("ops", Receiver(slack=Slack(secret(tmp_path, url))))
    answer = channel.deliver(FIRST, timeout_s=1)
    assert (answer.accepted, answer.again) == (False, False)
    assert answer.text.endswith("holds no https URL")


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of localhost with its key, which this process trusts."""
    folder = issue(tmp_path / "certificates")
    both = folder / "both.pem"
    both.write_text((folder / "server.key").read_text() + (folder / "server.crt").read_text(), encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.crt"))
    return both


def mail(to: MailServer, folder: Path) -> Email:
    """The settings of a mail through the server `to`, with a login."""
    return Email(("ops@example.com", "b@example.com"), "spanwise@example.com", to.smarthost, "user", secret(folder))


def deliver(email: Email, notice: Notice = FIRST, timeout_s: float = 5) -> Any:
    """The answer of a mail server."""
    (channel,) = channels("ops", Receiver(email=email))
    return channel.deliver(notice, timeout_s=timeout_s)


def test_mail_goes_over_tls_to_everybody_and_its_end_is_in_the_same_thread(tmp_path: Path, certificate: Path) -> None:
    """STARTTLS before the login, all recipients, and headers by which a client shows both mails together."""
    with MailServer(certificate) as server:
        assert deliver(mail(server, tmp_path)).accepted
        assert deliver(mail(server, tmp_path), ENDED).accepted
    first, ended = server.mails
    assert first.encrypted
    assert first.login == f"\0user\0{SECRET}"
    assert first.to == ["<ops@example.com>", "<b@example.com>"]
    told, over = (message_from_string(each.text, policy=default) for each in (first, ended))
    assert told["Subject"] == "Page: shop: 120.00 USD for gpt-5 in the last hour"
    assert over["Subject"] == "Resolved: shop: 120.00 USD for gpt-5 in the last hour"
    assert told["References"] == over["References"]
    assert told["Message-ID"] != over["Message-ID"]
    assert "The limit is 100.00 USD." in told.get_content()


def test_a_mail_server_without_tls_gets_no_mail_and_no_password(tmp_path: Path) -> None:
    """Nothing is sent in plain text, and it is not tried again."""
    with MailServer(None) as server:
        answer = deliver(mail(server, tmp_path))
    assert (answer.accepted, answer.again) == (False, False)
    assert "STARTTLS" in answer.text
    assert not server.mails


def test_a_certificate_that_nobody_trusts_is_refused(tmp_path: Path, certificate: Path) -> None:
    """The password does not go to whoever answers."""
    with pytest.MonkeyPatch.context() as patch, MailServer(certificate) as server:
        patch.delenv("SSL_CERT_FILE")
        answer = deliver(mail(server, tmp_path))
    assert (answer.accepted, answer.again) == (False, False)
    assert answer.text.startswith("its certificate is not valid")
    assert not server.mails


@pytest.mark.parametrize(
    ("command", "refusal", "again"),
    [
        ("MAIL", "451 later", True),
        ("MAIL", "550 never", False),
        ("AUTH", "535 wrong password", False),
        ("AUTH", "454 busy", True),
        ("RCPT", "450 greylisted", True),
        ("RCPT", "550 unknown", False),
    ],
)
def test_a_refusal_of_a_mail_server_says_whether_to_try_again(
    tmp_path: Path,
    certificate: Path,
    command: str,
    refusal: str,
    again: bool,
) -> None:
    """4xx is for later, 5xx for good, as RFC 5321 says."""
    with MailServer(certificate, refuses={command: refusal}) as server:
        answer = deliver(mail(server, tmp_path))
    assert (answer.accepted, answer.again) == (False, again)
    assert answer.text.startswith(refusal[:3])


def test_a_mail_server_that_is_gone_is_an_answer(tmp_path: Path, certificate: Path) -> None:
    """It does not raise, and may be tried again."""
    with MailServer(certificate) as server:
        pass
    answer = deliver(mail(server, tmp_path))
    assert (answer.again, answer.text) == (True, "cannot be reached (Connection refused)")


def test_fingerprints_are_those_of_alertmanager() -> None:
    """The key of a group of labels that Prometheus computes for {name="value"}-like sets is ours, too."""
    bare = Notice("a", "firing", "page", "", "", {}, "", 0)
    # FNV-1a of alertname=a, severity=page, worked out byte by byte from the published offset and prime.
    hashed = 0xCBF29CE484222325
    for byte in b"alertname\xffa\xffseverity\xffpage\xff":
        hashed = ((hashed ^ byte) * 0x100000001B3) % 2**64
    assert bare.fingerprint == f"{hashed:016x}"
    assert bare.fingerprint != replace(bare, labels={"service_name": "shop"}).fingerprint
