"""Notices of budgets are told as alerts are: once, with their end, and tickets not in quiet hours."""

from __future__ import annotations

import logging
import time
from calendar import timegm
from decimal import Decimal
from pathlib import Path

import pytest

from spanwise.alert import AlertConfig, Quiet, Receiver, Webhook
from spanwise.budget import Budget, BudgetStep, Ledger
from spanwise.budget.sums import Sums
from spanwise.budget.sums_file import SumsFile
from spanwise.notify import Notice, Notifier, Outcome
from spanwise.notify.retry import Retry
from spanwise.pipeline.budget_notices import BudgetNotices
from spanwise.pipeline.keeper import Keeper
from spanwise.pipeline.notice_book import NoticeBook
from spanwise.semconv import attributes as attr
from tests.notify.endpoint import Endpoint, Reply


NOON = timegm((2026, 11, 26, 12, 0, 0))
HOUR = 3_600
OPS = {"ops": Receiver(webhook=Webhook("http://127.0.0.1:9/"))}


class Heard(Notifier):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__(OPS)
        self.notices: list[Notice] = []

    def send(self, receiver_name: str, *notices: Notice) -> bool:
        """Keep `notices`."""
        self.notices += notices
        return True


class Process:
    """A process that spends and tells; time is what a test sets."""

    def __init__(self, file: SumsFile | None = None, per: str = "day", quiet: Quiet | None = None) -> None:
        budget = Budget("each", Decimal(1), per, by=("user",), action="alert")  # type: ignore[arg-type]
        self.now_s: float = NOON
        self.step = BudgetStep([budget], ledger=Ledger([budget], clock=lambda: self.now_s))
        self.heard = Heard()
        self.notices = BudgetNotices(
            self.step.ledger,
            AlertConfig(receivers=OPS, quiet=quiet),
            NoticeBook(file),
            made=lambda _: self.heard,
            clock=lambda: self.now_s,
        )
        self.step.tell = self.notices.tell

    def spend(self, usd: str) -> None:
        """A call of a user ends, and a round is made."""
        said = {attr.USER_ID: "u-1"}
        self.step.act(self.step.ledger.add(said.get, Sums(usd=Decimal(usd), calls=1), self.now_s)[1])
        self.notices.round()

    def later(self, seconds: float) -> None:
        """A round after that time."""
        self.now_s += seconds
        self.notices.round()

    def told(self) -> list[tuple[str, str]]:
        """State and share of each notice."""
        return [(notice.state, notice.labels["share"]) for notice in self.heard.notices]


def test_a_day_that_ends_resolves_what_was_told() -> None:
    """The share and the limit are told once, and both their ends at midnight, with the fingerprint of the beginning."""
    process = Process()
    process.spend("0.8")
    process.spend("0.3")
    process.later(HOUR)
    assert process.told() == [("firing", "80%"), ("firing", "100%")]
    process.later(11 * HOUR)
    process.later(HOUR)
    assert sorted(process.told()[2:]) == [("resolved", "100%"), ("resolved", "80%")]
    beginnings, ends = process.heard.notices[:2], process.heard.notices[2:]
    assert {each.fingerprint for each in beginnings} == {each.fingerprint for each in ends}
    assert all(each.ended_unix_s == NOON + 12 * HOUR for each in ends)


def test_an_hour_is_resolved_when_it_was_below_the_share_for_five_minutes() -> None:
    """An hour slides: its end is told when less was spent for a while, and what is reached again is told again."""
    process = Process(per="hour")
    process.spend("1")
    for _ in range(60):
        process.later(60)
    assert process.told() == [("firing", "100%")]
    for _ in range(10):
        process.later(60)
    assert process.told() == [("firing", "100%"), ("resolved", "100%")]


def test_tickets_wait_in_quiet_hours_and_pages_do_not() -> None:
    """A share below the limit is told when it is no longer quiet; the limit is told at once."""
    process = Process(quiet=Quiet(times=("11:00-14:00",)))
    process.spend("0.8")
    assert process.told() == []
    process.later(HOUR)
    process.later(HOUR)
    assert process.told() == [("firing", "80%")]
    process = Process(quiet=Quiet(times=("11:00-14:00",)))
    process.spend("1")
    assert process.told() == [("firing", "100%")]


def test_what_is_over_when_it_is_no_longer_quiet_is_not_told() -> None:
    """Nobody hears of a ticket that began and ended in quiet hours, nor of its end."""
    process = Process(quiet=Quiet(times=("11:00-01:00",)))
    process.spend("0.8")
    process.later(14 * HOUR)
    assert process.told() == []


def test_of_two_processes_one_tells_and_another_tells_the_end(tmp_path: Path) -> None:
    """The file says what was told: a second process is silent, and tells the end when the first is no more."""
    file = SumsFile(tmp_path / "budgets.sqlite")
    first, second = Process(file), Process(file)
    first.spend("1")
    second.spend("1")
    assert (len(first.told()), second.told()) == (1, [])
    second.later(12 * HOUR)
    assert second.told() == [("resolved", "100%")]
    third = Process(file)
    third.later(12 * HOUR)
    assert third.told() == []


def test_what_nobody_took_is_told_again() -> None:
    """A notice that failed is tried again after five minutes, and its end is told only if it was."""
    process = Process()
    process.spend("1")
    (notice,) = process.heard.notices
    process.notices._outcomes.put(Outcome("ops", "webhook", notice, "failed", "500", 6))
    process.later(1)
    assert len(process.told()) == 1
    process.later(310)
    assert process.told() == [("firing", "100%")] * 2


def test_a_file_that_cannot_be_used_costs_no_notice(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One line says so, and notices are kept in memory from then on."""
    broken = tmp_path / "budgets.sqlite"
    broken.write_bytes(b"no database" * 1000)
    process = Process(SumsFile(broken))
    with caplog.at_level(logging.WARNING):
        process.spend("0.9")
    process.later(60)
    assert process.told() == [("firing", "80%")]
    assert len(caplog.records) == 1


def test_the_keeper_tells_on_its_thread_and_at_the_end() -> None:
    """A crossing reaches a real receiver by the last round; the thread that made the call does nothing but note it."""
    budget = Budget("all", Decimal(1), "day", action="alert")
    with Endpoint(Reply(500)) as endpoint:
        receivers = {"ops": Receiver(webhook=Webhook(endpoint.url))}
        step = BudgetStep([budget])
        swift = Retry(first_s=0.01, most_s=0.01, timeout_s=2)
        notices = BudgetNotices(
            step.ledger,
            AlertConfig(receivers=receivers),
            NoticeBook(None),
            made=lambda told: Notifier(receivers, on_outcome=told, retry=swift),
        )
        keeper = Keeper(step, None, interval_s=3600)
        step.tell, keeper.each, keeper.last = notices.tell, notices.round, notices.close
        keeper.start()
        step.act(step.ledger.add(lambda _: None, Sums(usd=Decimal(2), calls=1), time.time())[1])
        keeper.close()
        assert [request.body["status"] for request in endpoint.requests] == ["firing", "firing"]
