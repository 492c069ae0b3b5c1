"""`Watch` tells once, also after a restart; it keeps quiet when it should, and one of several evaluates."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from spanwise.alert import ALERTS, AlertConfig, Quiet, Receiver, Webhook
from spanwise.alerting import StateTable, Watch
from spanwise.alerting.silencing import is_silenced
from spanwise.notify import Notifier, Outcome
from spanwise.notify.retry import Retry
from spanwise.plan import Plan
from spanwise.store import Store
from spanwise.store.connection import opened
from tests.alerting.asked import stored
from tests.alerting.traffic import NOON_S, call, calls
from tests.notify.endpoint import Endpoint, Reply
from tests.store.template import KEEPS


SWIFT = Retry(attempts=2, first_s=0.01, most_s=0.01, timeout_s=2)

OTHERS = frozenset(ALERTS) - {"spend_rate", "unpriced"}
"""What these tests are not about; not to be evaluated at each of their many moments."""


class Clock:
    """A time that a test sets."""

    def __init__(self, now_s: float = NOON_S) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class Tried:
    """A watch that is evaluated by hand, with the posts that its receiver got."""

    def __init__(self, path: Path, endpoint: Endpoint, clock: Clock, **alerts: object) -> None:
        self.endpoint, self.clock = endpoint, clock
        receivers = {"ops": Receiver(webhook=Webhook(endpoint.url))}
        config = replace(AlertConfig(disabled=OTHERS, receivers=receivers), **alerts)  # type: ignore[arg-type]
        self._done = threading.Condition()
        self._outcomes = 0
        self.watch = Watch(path, Plan(alerts=config), tell=self._notifier, clock=clock)

    def _notifier(self, came: Callable[[Outcome], None]) -> Notifier:
        def counted(outcome: Outcome) -> None:
            came(outcome)
            with self._done:
                self._outcomes += 1
                self._done.notify_all()

        receivers = {"ops": Receiver(webhook=Webhook(self.endpoint.url))}
        return Notifier(receivers, on_outcome=counted, retry=SWIFT)

    def tick(self, *, told: int = 0) -> None:
        """Evaluate, wait until that many notices are through, and remember what became of them."""
        before = self._outcomes
        self.watch.tick()
        with self._done:
            assert self._done.wait_for(lambda: self._outcomes >= before + told, 10)
        self.watch.tick()
        assert self._outcomes == before + told

    def posts(self) -> list[tuple[str, str]]:
        """State and name of each post."""
        return [
            (request.body["status"], request.body["alerts"][0]["labels"]["alertname"])
            for request in self.endpoint.requests
        ]


@pytest.fixture
def dear(tmp_path: Path) -> Path:
    """A store in which the last hour before noon cost too much."""
    return stored(tmp_path, calls(60, NOON_S - 3_600, NOON_S, usd=2.0))


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A receiver."""
    with Endpoint() as opened_endpoint:
        yield opened_endpoint


FIRST = ("firing", "SpanwiseSpendRate")
LAST = ("resolved", "SpanwiseSpendRate")


def test_a_beginning_and_its_end_are_told_once(dear: Path, endpoint: Endpoint) -> None:
    """Two hours of evaluations make two notices."""
    clock = Clock()
    tried = Tried(dear, endpoint, clock)
    tried.tick(told=1)
    for _ in range(3):
        clock.now_s += 30
        tried.tick()
    clock.now_s = NOON_S + 2_000  # the hour is cheap again, but not for five minutes
    tried.tick()
    clock.now_s += 301
    tried.tick(told=1)
    clock.now_s += 600
    tried.tick()
    assert tried.posts() == [FIRST, LAST]
    body = endpoint.requests[0].body["alerts"][0]
    assert body["labels"]["gen_ai_request_model"] == "gpt-5"
    assert body["annotations"]["summary"] == "shop: 120.00 USD for gpt-5 in the last hour"
    assert body["annotations"]["runbook_url"] == "deploy/runbooks/spend_rate.md"


def test_a_restart_neither_tells_twice_nor_forgets_the_end(dear: Path, endpoint: Endpoint) -> None:
    """The state lies in the store: another process goes on where the first ended."""
    clock = Clock()
    first = Tried(dear, endpoint, clock)
    first.tick(told=1)
    clock.now_s += 300  # the lease of the one that died has ended
    second = Tried(dear, endpoint, clock)
    second.tick()
    clock.now_s = NOON_S + 2_400
    Tried(dear, endpoint, clock).tick()
    clock.now_s += 400
    Tried(dear, endpoint, clock).tick(told=1)
    assert second.posts() == [FIRST, LAST]


def test_a_restart_before_the_notice_was_taken_tells_it(dear: Path) -> None:
    """What no receiver took is told again."""
    clock = Clock()
    with Endpoint(Reply(500), Reply(500)) as failing:
        tried = Tried(dear, failing, clock)
        tried.tick(told=1)
    with Endpoint() as endpoint:
        clock.now_s += 300
        Tried(dear, endpoint, clock).tick(told=1)
        assert len(endpoint.requests) == 1


def test_what_was_refused_is_told_again_later_and_later(dear: Path) -> None:
    """After a minute, then two: a receiver that is broken is not flooded."""
    clock = Clock()
    with Endpoint(Reply(400), Reply(400)) as endpoint:
        tried = Tried(dear, endpoint, clock)
        tried.tick(told=1)
        clock.now_s += 50
        tried.tick()
        clock.now_s += 20
        tried.tick(told=1)
        clock.now_s += 100
        tried.tick()
        clock.now_s += 30
        tried.tick(told=1)
        assert len(endpoint.requests) == 3


def test_one_of_several_evaluates_and_another_takes_over(dear: Path, endpoint: Endpoint) -> None:
    """Programs that run over one store at once page once."""
    clock = Clock()
    one, two = Tried(dear, endpoint, clock), Tried(dear, endpoint, clock)
    one.tick(told=1)
    two.tick()
    assert len(endpoint.requests) == 1
    holder = StateTable(dear).read().holder
    clock.now_s += 200
    two.tick()
    assert StateTable(dear).read().holder != holder
    one.tick()
    assert len(endpoint.requests) == 1


def test_what_another_told_the_end_of_may_ring_again(tmp_path: Path, endpoint: Endpoint) -> None:
    """A watch that gets its turn back does not take its own last notice for the newest."""
    clock = Clock()
    path = stored(tmp_path, calls(60, NOON_S - 3_600, NOON_S, usd=2.0))
    one, two = Tried(path, endpoint, clock), Tried(path, endpoint, clock)
    one.tick(told=1)
    clock.now_s = NOON_S + 2_000
    two.tick()
    clock.now_s += 301
    two.tick(told=1)
    clock.now_s += 400
    Store(path, KEEPS).write(calls(1, clock.now_s - 60, clock.now_s, usd=2.0))
    one.tick(told=1)
    assert one.posts() == [FIRST, LAST, FIRST]


def test_a_thread_evaluates_at_once_and_once_more_at_the_end(dear: Path, endpoint: Endpoint) -> None:
    """What came between two intervals is seen before the end, and the next watch need not wait."""
    clock = Clock()
    tried = Tried(dear, endpoint, clock)
    tried.watch.start()
    endpoint.wait_for(1)
    late = call(NOON_S, usd=500.0, service="late")
    Store(dear, KEEPS).write([late])
    assert tried.watch.stop(20)
    services = [request.body["alerts"][0]["labels"]["service_name"] for request in endpoint.requests]
    assert services == ["shop", "late"]
    left = StateTable(dear).read()
    assert left.until_s == 0
    assert {condition.told for condition in left.conditions if condition.rule == "spend_rate"} == {"firing"}


def test_a_store_in_use_changes_nothing(
    dear: Path, endpoint: Endpoint, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown is not calm: what fires goes on firing, and the log says once that nothing is evaluated."""
    clock = Clock()
    tried = Tried(dear, endpoint, clock)
    tried.tick(told=1)
    clock.now_s += 4_000
    (dear.parent / "aside").mkdir()
    moved = dear.rename(dear.parent / "aside" / dear.name)
    dear.write_text("no database", encoding="utf-8")
    tried.watch._attempt(tried.watch.tick)
    tried.watch._attempt(tried.watch.tick)
    assert len(caplog.records) == 1
    dear.unlink()
    moved.rename(dear)
    assert [each.state for each in StateTable(dear).read().conditions if each.rule == "spend_rate"] == ["firing"]
    assert tried.posts() == [FIRST]


def test_tickets_wait_in_quiet_hours_and_pages_do_not(tmp_path: Path, endpoint: Endpoint) -> None:
    """What still fires afterwards is told then."""
    records = [call(NOON_S - at, spanwise__cost__status="unpriced", service="a") for at in range(5)]
    dear = calls(60, NOON_S - 3_600, NOON_S, usd=2.0, service="b")
    clock = Clock()
    path = stored(tmp_path, [*records, *dear])
    tried = Tried(path, endpoint, clock, quiet=Quiet(times=("11:00-12:30",)))
    tried.tick(told=1)
    clock.now_s = NOON_S + 1_801
    tried.tick(told=1)
    assert tried.posts() == [FIRST, ("firing", "SpanwiseUnpriced")]


def test_a_page_silences_the_tickets_of_its_service(tmp_path: Path, endpoint: Endpoint) -> None:
    """Somebody is awake for it already; another service's ticket is told."""
    records = [
        *calls(60, NOON_S - 3_600, NOON_S, usd=2.0),
        call(NOON_S - 5, spanwise__cost__status="unpriced"),
        call(NOON_S - 5, spanwise__cost__status="unpriced", service="other"),
    ]
    tried = Tried(stored(tmp_path, records), endpoint, Clock())
    tried.tick(told=2)
    told = {
        (labels["alertname"], labels["service_name"])
        for labels in (request.body["alerts"][0]["labels"] for request in endpoint.requests)
    }
    assert told == {("SpanwiseSpendRate", "shop"), ("SpanwiseUnpriced", "other")}


def test_what_others_tell_is_watched_and_not_told(dear: Path, endpoint: Endpoint) -> None:
    """Budgets that a collector tells of by itself ring once."""
    receivers = {"ops": Receiver(webhook=Webhook(endpoint.url))}
    alerts = AlertConfig(disabled=OTHERS, receivers=receivers)
    watch = Watch(dear, Plan(alerts=alerts), told_elsewhere=("spend_rate",), clock=Clock())
    watch.tick()
    assert [each.state for each in StateTable(dear).read().conditions if each.rule == "spend_rate"] == ["firing"]
    assert not endpoint.requests


def test_thresholds_and_switched_off_alerts_are_those_of_the_policy(dear: Path, endpoint: Endpoint) -> None:
    """The number of the policy decides, and what it disables is not evaluated."""
    tried = Tried(dear, endpoint, Clock(), thresholds={"spend_rate_usd": Decimal(200)})
    tried.tick()
    off = Tried(dear, endpoint, Clock(NOON_S + 300), disabled=OTHERS | {"spend_rate"})
    off.tick()
    assert not endpoint.requests


def test_an_alert_that_the_policy_drops_ends(dear: Path, endpoint: Endpoint) -> None:
    """A receiver that was told of it does not keep it open for ever: it hears that it is over."""
    clock = Clock()
    Tried(dear, endpoint, clock).tick(told=1)
    clock.now_s += 1_000
    off = Tried(dear, endpoint, clock, disabled=OTHERS | {"spend_rate"})
    off.tick(told=1)
    assert off.posts() == [FIRST, LAST]
    (left,) = [each for each in StateTable(dear).read().conditions if each.rule == "spend_rate"]
    assert left.state == "resolved"


def test_a_file_of_an_earlier_release_has_no_states(tmp_path: Path) -> None:
    """A missing table is an empty one, for a reader that may not write."""
    path = stored(tmp_path, [])
    assert StateTable(path).read().conditions == ()
    with opened(path, read_only=True, lock_timeout_s=5) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert ("alert_states",) not in tables


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        (None, False),
        (Quiet(times=("11:00-12:00",)), False),
        (Quiet(times=("12:00-12:01",)), True),
        (Quiet(times=("22:00-13:00",)), True),
        (Quiet(weekdays=("wednesday",)), True),
        (Quiet(weekdays=("tuesday", "thursday")), False),
        (Quiet(times=("13:00-14:00",), location="Europe/Berlin"), True),
    ],
)
def test_quiet_hours(quiet: Quiet | None, expected: bool) -> None:
    """Wednesday noon UTC: spans include their begin and not their end, in the zone of the policy."""
    assert (quiet is not None and quiet.is_now(NOON_S)) is expected


def test_silencing_is_that_of_the_rendered_alertmanager() -> None:
    """The file that is rendered and what is done here are made of the same inhibitions."""
    spent = {"alertname": "SpanwiseBudgetSpent", "severity": "page", "budget": "a"}
    near = {"alertname": "SpanwiseBudgetNear", "severity": "ticket", "budget": "a"}
    assert is_silenced(near, [spent])
    assert not is_silenced({**near, "budget": "b"}, [spent])
    assert not is_silenced(spent, [spent])
    silence_all = {"alertname": "SpanwiseTelemetrySilenceAll", "severity": "page"}
    silence = {"alertname": "SpanwiseTelemetrySilence", "severity": "page", "service_name": "shop"}
    assert is_silenced(silence, [silence_all])
    assert not is_silenced(silence_all, [silence])


def test_what_one_evaluation_finds_of_one_alert_is_one_message(tmp_path: Path, endpoint: Endpoint) -> None:
    """Three models that cost too much are one post with their labels; each of them is remembered as told."""
    models = ("gpt-5", "gpt-4.1", "o3")
    dear = [
        record
        for model in models
        for record in calls(60, NOON_S - 3_600, NOON_S, usd=2.0, gen_ai__request__model=model)
    ]
    tried = Tried(stored(tmp_path, dear), endpoint, Clock())
    tried.tick(told=3)
    tried.clock.now_s += 30
    tried.tick()
    (request,) = endpoint.requests
    assert sorted(alert["labels"]["gen_ai_request_model"] for alert in request.body["alerts"]) == sorted(models)
