"""`BudgetNotices`: tells of shares that are reached, and of their end, as alerts are told."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from spanwise.alert import AlertConfig
from spanwise.alert.config import TICKET
from spanwise.budget import Crossing, Ledger
from spanwise.notify import RESOLVED, Notice, Notifier, Outcome, together
from spanwise.notify.outcome import FAILED
from spanwise.pipeline.budget_notice import notice_of
from spanwise.pipeline.notice_book import NoticeBook, Open


_KEEP_FIRING_S: Final = 300
"""Seconds for which a share must not hold any more before it counts as resolved, as of any alert."""

_UNKNOWN_S: Final = 3_600 + _KEEP_FIRING_S
"""The same, of an hour of a budget that only another process knows."""

_HOLD_S: Final = 60
_PAUSE_S: Final = 300
"""Seconds before a notice that no attempt could deliver is tried again."""

_LAST_S: Final = 3.0
"""How long the end of a process waits for a notice that is being sent."""

_T = TypeVar("_T")

_logger = logging.getLogger("spanwise.budget")


class BudgetNotices:
    """Hears of crossings and tells receivers, on the thread of the keeper.

    Tickets wait in quiet hours, and are left out when they are over by then. The end is told once: of a day and a month
    when they end, of an hour when it was below nine tenths of the share for five minutes. Of processes with one file
    one tells, and another tells the end when that one has ended. What nobody took is tried again after five minutes.

    Args:
        ledger: knows what still holds.
        alerts: who is told, and when it is quiet.
        book: what is open.
        made: makes what tells receivers, given who hears of outcomes; by default one of the policy's receivers.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        ledger: Ledger,
        alerts: AlertConfig,
        book: NoticeBook,
        *,
        made: Callable[[Callable[[Outcome], None]], Notifier] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ledger = ledger
        self._alerts = alerts
        self._book = book
        self._clock = clock
        self._crossings: SimpleQueue[Crossing] = SimpleQueue()
        self._news: list[Crossing] = []
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        told = self._outcomes.put
        self._notifier = made(told) if made else Notifier(alerts.receivers, on_outcome=told)
        self._next_s = 0.0

    def tell(self, crossing: Crossing) -> bool:
        """Have `crossing` told by the next round; whether there is anybody to tell. Returns at once."""
        if self._alerts.receiver_of(notice_of(crossing, self._alerts).severity) is None:
            return False
        self._crossings.put(crossing)
        return True

    def round(self) -> None:
        """Tell what came up, and each `alerts.interval_s` what has ended or waited. Cheap when there is nothing."""
        now_s = self._clock()
        if self._crossings.empty() and self._outcomes.empty() and now_s < self._next_s:
            return
        self._next_s = now_s + self._alerts.interval_s
        try:
            self._go(now_s)
        except (sqlite3.Error, OSError) as error:
            kind = type(error).__name__
            _logger.warning("spanwise: notices of budgets cannot be kept (%s); they are in memory from now on", kind)
            self._book = NoticeBook(None)
            self._go(now_s)

    def close(self) -> None:
        """The last round, and what is being sent."""
        self.round()
        self._notifier.close(_LAST_S)
        self.round()

    def _go(self, now_s: float) -> None:
        for outcome in _drained(self._outcomes):
            if outcome.status == FAILED:
                self._book.untell(outcome.notice, now_s + _PAUSE_S)
        self._news += _drained(self._crossings)
        while self._news:
            crossing = self._news[-1]
            notice = notice_of(crossing, self._alerts)
            until_s = 0 if crossing.budget.per == "hour" else crossing.until_s
            key = dict(crossing.key)
            self._book.add(Open(notice, crossing.budget.name, key, crossing.percent, until_s, now_s))
            self._news.pop()
        quiet = self._alerts.quiet is not None and self._alerts.quiet.is_now(now_s)
        followed = (self._followed(found, now_s, quiet=quiet) for found in self._book.read(now_s))
        for group in together(notice for notice in followed if notice is not None):
            receiver = self._alerts.receiver_of(group[0].severity)
            if receiver is None or not self._notifier.send(receiver, *group):
                for notice in group:
                    self._book.untell(notice, now_s + _PAUSE_S)

    def _followed(self, found: Open, now_s: float, *, quiet: bool) -> Notice | None:
        """What is to be told of `found` now, claimed for this process; `None` for nothing."""
        over = self._is_over(found, now_s)
        if over and not found.told:
            self._book.drop(found.notice)
            return None
        if over == (not found.told) or (quiet and found.notice.severity == TICKET):
            return None  # it was told and goes on, or nobody is to hear of it now
        notice = replace(found.notice, state=RESOLVED, ended_unix_s=int(now_s)) if over else found.notice
        return notice if self._book.claim(notice, found.told) else None

    def _is_over(self, found: Open, now_s: float) -> bool:
        if found.until_s and now_s >= found.until_s:
            return True
        holds = self._ledger.holds(found.budget, found.key, found.percent)
        if holds is None:
            return not found.until_s and now_s - found.held_s >= _UNKNOWN_S
        if holds and now_s - found.held_s >= _HOLD_S:
            self._book.hold(found.notice, now_s)
        return not holds and now_s - found.held_s >= _KEEP_FIRING_S


def _drained(queue: SimpleQueue[_T]) -> Iterable[_T]:
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return
