"""`Notifier` returns at once, tries again as it is asked to, tells nothing twice, and ends in time."""

from __future__ import annotations

import http.client
import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.instrumentation.utils import is_http_instrumentation_enabled, is_instrumentation_enabled

from spanwise.alert import Receiver, Webhook
from spanwise.notify import Notice, Notifier, Outcome
from spanwise.notify.answer import Answer
from spanwise.notify.retry import Retry
from tests.notify.endpoint import Endpoint, Reply
from tests.notify.sample import ENDED, FIRST
from tests.pipeline.joins import noted_joins
from tests.steps import steps


SWIFT = Retry(attempts=4, first_s=0.01, most_s=0.02, timeout_s=0.2)
SECRET = "sk-hidden-part-0123456789"


class Outcomes:
    """Keeps what became of notices."""

    def __init__(self) -> None:
        self.all: list[Outcome] = []
        self._arrived = threading.Condition()

    def __call__(self, outcome: Outcome) -> None:
        with self._arrived:
            self.all.append(outcome)
            self._arrived.notify_all()

    def wait_for(self, count: int) -> list[Outcome]:
        """The outcomes, when there are `count` of them."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.all) >= count, 10), self.all
        return list(self.all)

    def said(self, count: int) -> list[tuple[str, str]]:
        """State and status of each, when there are `count` of them."""
        return [(each.notice.state, each.status) for each in self.wait_for(count)]


def notifier(endpoint: Endpoint, outcomes: Outcomes, retry: Retry = SWIFT) -> Notifier:
    """One that tells `ops`, by webhook."""
    return Notifier({"ops": Receiver(webhook=Webhook(endpoint.url))}, on_outcome=outcomes, retry=retry)


def test_a_failing_endpoint_is_tried_again_until_it_takes_it() -> None:
    """500, then silence, then 429: the fourth attempt arrives."""
    outcomes = Outcomes()
    with Endpoint(Reply(500), Reply(hangs=True), Reply(429)) as endpoint:
        tells = notifier(endpoint, outcomes)
        assert tells.send("ops", FIRST)
        (outcome,) = outcomes.wait_for(1)
        assert tells.close(5)
    assert (outcome.status, outcome.attempts, len(endpoint.requests)) == ("delivered", 4, 4)


class Clock(threading.Condition):
    """A clock that stands still until somebody waits for a time, which is then over at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        """The time."""
        return self.now_s

    def wait(self, timeout: float | None = None) -> bool:
        """So much time passes; without a number, until somebody notifies."""
        if timeout is None:
            return super().wait()
        self.waits.append(timeout)
        self.now_s += timeout
        return False


def test_retry_after_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next attempt is no earlier than the endpoint asked for, even when our own wait is shorter."""
    outcomes, clock = Outcomes(), Clock()
    monkeypatch.setattr("spanwise.notify.notifier.time", clock)
    with Endpoint(Reply(429, {"Retry-After": "90"})) as endpoint:
        tells = notifier(endpoint, outcomes)
        tells._changed = clock
        tells.send("ops", FIRST)
        (outcome,) = outcomes.wait_for(1)
        assert (outcome.status, outcome.attempts) == ("delivered", 2)
        assert clock.waits == [90]
        tells.close(5)


def test_an_endpoint_that_stays_gone_is_given_up_and_said(caplog: pytest.LogCaptureFixture) -> None:
    """After the last attempt the outcome and the log say so, once."""
    outcomes = Outcomes()
    with Endpoint() as endpoint:
        pass
    with caplog.at_level(logging.WARNING):
        tells = notifier(endpoint, outcomes)
        tells.send("ops", FIRST)
        (outcome,) = outcomes.wait_for(1)
        tells.close(5)
    assert (outcome.status, outcome.attempts) == ("failed", 4)
    assert [record.getMessage() for record in caplog.records] == [
        "receiver ops by webhook was not told after 4 attempts: cannot be reached (Connection refused)"
    ]


def test_a_refusal_is_not_tried_again() -> None:
    """A 400 stays a 400."""
    outcomes = Outcomes()
    with Endpoint(Reply(400)) as endpoint:
        tells = notifier(endpoint, outcomes)
        tells.send("ops", FIRST)
        (outcome,) = outcomes.wait_for(1)
        tells.close(5)
    assert (outcome.status, outcome.attempts) == ("failed", 1)


def test_the_same_is_told_once_and_its_end_once() -> None:
    """A second firing and a second end are left out; after an end it may fire again."""
    outcomes = Outcomes()
    with Endpoint() as endpoint:
        tells = notifier(endpoint, outcomes)
        for notice in (FIRST, ENDED, FIRST):
            sent = len(outcomes.all)
            assert tells.send("ops", notice)
            outcomes.wait_for(sent + 1)
            assert not tells.send("ops", notice)
        tells.close(5)
    assert [request.body["status"] for request in endpoint.requests] == ["firing", "resolved", "firing"]


def test_what_was_not_delivered_may_be_sent_again() -> None:
    """Only what arrived counts as told."""
    outcomes = Outcomes()
    with Endpoint(Reply(400)) as endpoint:
        tells = notifier(endpoint, outcomes)
        tells.send("ops", FIRST)
        outcomes.wait_for(1)
        assert tells.send("ops", FIRST)
        assert outcomes.said(2) == [("firing", "failed"), ("firing", "delivered")]
        tells.close(5)


def test_the_repeat_interval_ends() -> None:
    """What still fires after the interval of its severity is told again."""
    outcomes = Outcomes()
    with Endpoint() as endpoint:
        receivers = {"ops": Receiver(webhook=Webhook(endpoint.url))}
        tells = Notifier(receivers, on_outcome=outcomes, retry=SWIFT, repeat_s={"page": 0, "ticket": 3_600})
        ticket = replace(FIRST, severity="ticket")
        for count, notice in enumerate((FIRST, FIRST, ticket), start=1):
            assert tells.send("ops", notice)
            outcomes.wait_for(count)
        assert not tells.send("ops", ticket)
        tells.close(5)


def test_an_end_takes_the_place_of_a_beginning_that_still_waits() -> None:
    """No incident is opened after it was resolved."""
    outcomes = Outcomes()
    with Endpoint(Reply(429, {"Retry-After": "1"})) as endpoint:
        tells = notifier(endpoint, outcomes)
        tells.send("ops", FIRST)
        endpoint.wait_for(1)
        tells.send("ops", ENDED)
        assert outcomes.said(2) == [("resolved", "delivered"), ("firing", "superseded")]
        tells.close(5)
    assert [request.body["status"] for request in endpoint.requests] == ["firing", "resolved"]


def test_a_wait_holds_nobody_else_up() -> None:
    """While one receiver is waited for, another is told."""
    outcomes = Outcomes()
    with Endpoint(Reply(429, {"Retry-After": "300"})) as busy, Endpoint() as ready:
        receivers = {"busy": Receiver(webhook=Webhook(busy.url)), "ready": Receiver(webhook=Webhook(ready.url))}
        tells = Notifier(receivers, on_outcome=outcomes, retry=SWIFT)
        tells.send("busy", FIRST)
        busy.wait_for(1)
        tells.send("ready", FIRST)
        (outcome,) = outcomes.wait_for(1)
        assert (outcome.receiver, outcome.status) == ("ready", "delivered")
        assert not tells.close(0.05)
    assert outcomes.all[-1].text == "the process ended before it could be sent"


def test_sending_returns_at_once_and_closing_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that hangs costs the caller a few steps, and the end of a process the wait that it allows.

    To post a notice takes three times the steps of leaving it to the thread.
    """
    outcomes, waits = Outcomes(), noted_joins(monkeypatch, "spanwise-notify")
    with Endpoint(Reply(hangs=True)) as endpoint:
        tells = notifier(endpoint, outcomes, Retry(timeout_s=30))
        assert steps(lambda: tells.send("ops", FIRST)) < 1_200
        endpoint.wait_for(1)
        assert not tells.close(0.05)
        assert waits == [0.05]
        assert steps(lambda: tells.send("ops", ENDED)) < 1_200
        assert not tells.send("ops", ENDED)
        assert outcomes.all == []


def test_what_waits_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    """The thousand-and-first notice is left out, and the log says so."""
    outcomes = Outcomes()
    with Endpoint(Reply(hangs=True)) as endpoint, caplog.at_level(logging.WARNING):
        tells = notifier(endpoint, outcomes, Retry(timeout_s=30))
        tells.send("ops", FIRST)
        endpoint.wait_for(1)
        taken = [tells.send("ops", replace(FIRST, labels={"budget": str(number)})) for number in range(1_001)]
        tells.close(0)
    assert taken == [True] * 1_000 + [False]
    assert "1000 wait already" in caplog.text


def test_an_unknown_receiver_is_the_callers_mistake() -> None:
    """It is said at once, not on another thread."""
    with pytest.raises(KeyError):
        Notifier({}).send("nobody", FIRST)


def test_a_dry_run_prints_and_sends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What would be sent is printed, with the token replaced, and the endpoint hears nothing."""
    token = tmp_path / "token"
    token.write_text(SECRET, encoding="utf-8")
    with Endpoint() as endpoint:
        tells = Notifier({"ops": Receiver(webhook=Webhook(endpoint.url, str(token)))}, dry_run=True)
        tells.send("ops", FIRST)
        assert tells.close(5)
    shown = capsys.readouterr().out
    assert "Bearer [secret]" in shown
    assert FIRST.summary in shown
    assert SECRET not in shown
    assert not endpoint.requests


def test_no_instrumentation_sees_our_own_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Around the exchange instrumentation is switched off, and on again afterwards."""
    seen: list[tuple[bool, bool]] = []

    def connect(_: http.client.HTTPConnection) -> None:
        seen.append((is_instrumentation_enabled(), is_http_instrumentation_enabled()))
        raise ConnectionRefusedError

    monkeypatch.setattr(http.client.HTTPConnection, "connect", connect)
    Notifier({"ops": Receiver(webhook=Webhook("http://127.0.0.1:9/"))}).deliver("ops", FIRST)
    assert seen == [(False, False)]
    assert is_instrumentation_enabled()


def test_waits_double_and_stay_within_their_limit() -> None:
    """The wait before attempt n is between a half and the whole of first * 2^(n-1), the limit aside."""
    retry = Retry(attempts=10, first_s=1, most_s=20)
    busy = Answer(accepted=False, again=True, text="")
    for attempts, longest_s in ((1, 1), (2, 2), (3, 4), (5, 16), (6, 20), (9, 20)):
        found = retry.wait_s(attempts, busy)
        assert found is not None
        assert longest_s / 2 <= found <= longest_s
    assert retry.wait_s(10, busy) is None


def test_a_notice_that_changes_while_it_is_tried_is_not_sent_twice() -> None:
    """The evaluator that asks again while an attempt is under way is told that it is being taken care of."""
    outcomes = Outcomes()
    with Endpoint(Reply(hangs=True)) as endpoint:
        tells = notifier(endpoint, outcomes)
        tells.send("ops", FIRST)
        endpoint.wait_for(1)
        again: Notice = replace(FIRST, value="121.00", summary="another sum")
        assert not tells.send("ops", again)
        outcomes.wait_for(1)
        tells.close(5)
    assert len(endpoint.requests) == 2
