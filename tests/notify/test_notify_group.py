"""What one alert finds of many is one message, with each of them in it; incidents stay apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spanwise.alert import PagerDuty, Receiver, Slack, Webhook
from spanwise.notify import Notice, Notifier, together
from spanwise.notify.answer import Answer
from spanwise.notify.slack import SlackChannel
from tests.notify.endpoint import Endpoint
from tests.notify.sample import ENDED, FIRST
from tests.notify.test_notify_notifier import SWIFT, Outcomes, notifier


def about(model: str, of: Notice = FIRST) -> Notice:
    """A notice of the same alert about another model."""
    return replace(of, labels={**of.labels, "gen_ai_request_model": model}, summary=f"shop: 120.00 USD for {model}")


MODELS = ("a", "b", "c")
THREE = tuple(about(model) for model in MODELS)


def test_one_message_has_all_of_them() -> None:
    """One post has an alert for each, with its labels and fingerprint, and what they have in common."""
    outcomes = Outcomes()
    with Endpoint() as endpoint:
        tells = notifier(endpoint, outcomes)
        assert tells.send("ops", *THREE)
        found = outcomes.wait_for(3)
        assert tells.close(5)
        (request,) = endpoint.requests
    assert [outcome.notice for outcome in found] == list(THREE)
    assert [alert["labels"]["gen_ai_request_model"] for alert in request.body["alerts"]] == list(MODELS)
    assert [alert["fingerprint"] for alert in request.body["alerts"]] == [notice.fingerprint for notice in THREE]
    assert request.body["commonLabels"] == {
        "alertname": "SpanwiseSpendRate",
        "severity": "page",
        "service_name": "shop",
    }


def test_each_of_them_is_remembered_by_itself() -> None:
    """What was told is not told again beside what is new, and the end of one is its own."""
    outcomes = Outcomes()
    with Endpoint() as endpoint:
        tells = notifier(endpoint, outcomes)
        tells.send("ops", *THREE[:2])
        outcomes.wait_for(2)
        tells.send("ops", *THREE)
        outcomes.wait_for(3)
        assert not tells.send("ops", *THREE)
        tells.send("ops", about("b", ENDED))
        outcomes.wait_for(4)
        assert tells.close(5)
    models = [[alert["labels"]["gen_ai_request_model"] for alert in it.body["alerts"]] for it in endpoint.requests]
    assert models == [["a", "b"], ["c"], ["b"]]


class Busy:
    """A way that does not take the first message; meanwhile one of what it is about ends."""

    way = "webhook"
    groups = True

    def __init__(self) -> None:
        self.tells: Notifier | None = None
        self.messages: list[list[str]] = []

    def rendered(self, *notices: Notice) -> dict[str, object]:
        """Nothing."""
        return {}

    def deliver(self, *notices: Notice, timeout_s: float) -> Answer:
        """Keep what it is about."""
        assert self.tells is not None
        self.messages.append([f"{each.labels['gen_ai_request_model']} {each.state}" for each in notices])
        if len(self.messages) > 1:
            return Answer(accepted=True, again=False, text="ok")
        self.tells.send("ops", about("a", ENDED))
        return Answer(accepted=False, again=True, text="busy")


def test_one_that_ends_while_its_message_waits_is_taken_out() -> None:
    """A message that is tried again is about those that still hold; the other is told to be over."""
    outcomes, busy = Outcomes(), Busy()
    busy.tells = tells = Notifier({"ops": Receiver()}, on_outcome=outcomes, retry=SWIFT)
    tells._channels = {"ops": (busy,)}
    tells.send("ops", *THREE)
    said = sorted(outcomes.said(4))
    assert tells.close(5)
    assert said == [
        ("firing", "delivered"),
        ("firing", "delivered"),
        ("firing", "superseded"),
        ("resolved", "delivered"),
    ]
    assert sorted(busy.messages[1:]) == [["a resolved"], ["b firing", "c firing"]]


def test_incidents_stay_apart(tmp_path: Path) -> None:
    """PagerDuty gets an event for each, with a key of its own, so that each ends by itself."""
    (tmp_path / "key").write_text("k" * 32)
    outcomes = Outcomes()
    with Endpoint() as endpoint:
        receiver = Receiver(pagerduty=PagerDuty(str(tmp_path / "key"), endpoint.url))
        tells = Notifier({"ops": receiver}, on_outcome=outcomes, retry=SWIFT)
        tells.send("ops", *THREE)
        outcomes.wait_for(3)
        assert tells.close(5)
        keys = {request.body["dedup_key"] for request in endpoint.requests}
    assert keys == {f"spanwise-{notice.fingerprint}" for notice in THREE}


def test_a_person_sees_how_many_there_are(tmp_path: Path) -> None:
    """The first line says so, and the text has a line for each with its labels."""
    shown = SlackChannel(Slack(str(tmp_path / "url"))).rendered(*THREE)["body"]
    assert isinstance(shown, dict)
    assert shown["text"] == "Page: shop: 120.00 USD for a (and 2 more of SpanwiseSpendRate)"
    lines = shown["attachments"][0]["text"].splitlines()
    assert lines[1] == "shop: 120.00 USD for b (gen_ai_request_model: b, service_name: shop)"
    assert lines[3] == "Runbook: https://runbooks.example.com/spend_rate.md"


def test_only_the_same_is_put_together() -> None:
    """Another alert, another severity and an end are other messages; more than fifty are several."""
    other = replace(FIRST, id="SpanwiseUnpriced")
    groups = list(together([FIRST, other, ENDED, about("b")]))
    assert groups == [(FIRST, about("b")), (other,), (ENDED,)]
    many = list(together(about(f"m-{number}") for number in range(120)))
    assert [len(group) for group in many] == [50, 50, 20]


def test_a_dry_run_shows_a_message_once() -> None:
    """The document is shown with the first of them."""
    outcomes = Outcomes()
    tells = Notifier({"ops": Receiver(webhook=Webhook("http://127.0.0.1:9/"))}, dry_run=True, on_outcome=outcomes)
    tells.send("ops", *THREE)
    assert [outcome.document is None for outcome in outcomes.wait_for(3)] == [False, True, True]
    tells.close(5)
