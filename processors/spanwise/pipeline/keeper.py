"""`Keeper`: the thread that brings sums to a file and hears of those of others, so that no call waits for either."""

from __future__ import annotations

import http.client
import logging
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from spanwise.budget.document import MOST_BYTES, PATH, SumsError, read
from spanwise.budget.period import calendar_of
from spanwise.budget.step import BudgetStep
from spanwise.budget.sums_file import SumsFile
from spanwise.pipeline.boundary import shield


if TYPE_CHECKING:
    from spanwise.pipeline.fleet_sums import FleetSums

INTERVAL_S: Final = 1.0
"""How long sums of other processes may be behind, beside the time that spans take to the collector."""

_TIMEOUT_S: Final = 2.0
_LOOK_BACK_S: Final = 5.0
_logger = logging.getLogger("spanwise.budget")


class Keeper:
    """Keeps the sums of a step in step with a file, with a collector, or with neither.

    A process of its own writes what it spends to the file and reads what others wrote. A process that has a collector
    reads the file once, when it starts, and asks the collector from then on: the collector writes.

    Args:
        step: the budgets.
        file: where sums are kept; `None` keeps them in memory.
        collector: base URL of the collector that adds up; empty for none.
        interval_s: seconds between two rounds.
    """

    def __init__(
        self, step: BudgetStep, file: SumsFile | None, collector: str = "", *, interval_s: float = INTERVAL_S
    ) -> None:
        self._step = step
        self._file = file
        self._collector = collector
        self._interval_s = interval_s
        self._calendars = {budget.name: calendar_of(budget.per) for budget in step.ledger.budgets}
        self._complained: set[str] = set()
        self._ended = threading.Event()
        self._round = threading.Lock()
        self._thread: threading.Thread | None = None
        self._read_s = 0.0
        self.each: Callable[[], None] | None = None
        """What is done after each round, as telling of shares that were reached."""
        self.fleet: FleetSums | None = None
        """Who hears of other machines beside this; it begins and ends with the keeper."""
        self.last: Callable[[], object] | None = None
        """What is done when everything is kept, as sending what waits to be sent."""
        step.ledger.pends = file is not None and not collector
        step.file = file if step.ledger.pends else None

    def start(self) -> None:
        """Take over what the file holds, now, and keep on from then."""
        if self._file is not None:
            try:
                # A collector makes the file, so that programs beside it know its name from their first call on.
                since, now_s = self._since(), time.time()
                found = self._file.exchange((), since, now_s) if self._step.received else self._file.read(since)
            except (sqlite3.Error, OSError) as error:
                self._complain(f"the sums of budgets in {self._file.path} cannot be read", error)
            else:
                self._step.ledger.settle(found, tells=False)
        if self._file is not None or self._collector or self.each is not None:
            _keeping.add(self)
            self._begin()
        if self.fleet is not None:
            self.fleet.start()

    def settle(self) -> None:
        """One round, now."""
        with self._round:
            if self._collector:
                self._ask()
            elif self._file is not None:
                self._exchange(self._file)

    def close(self) -> None:
        """The last round, and no more."""
        if self._ended.is_set():
            return
        self._ended.set()
        if self.fleet is not None:
            self.fleet.close()
        if not self._collector:
            shield("budget", self.settle)
        if self.last is not None:
            shield("budget", self.last)

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._keep, name="spanwise-budgets", daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._ended.wait(self._interval_s):
            shield("budget", self.settle)
            if self.each is not None:
                shield("budget", self.each)

    def _exchange(self, file: SumsFile) -> None:
        now_s = time.time()
        entries = self._step.ledger.take()
        if not entries and now_s - self._read_s < min(self._interval_s, _LOOK_BACK_S):
            return
        try:
            since = self._since()
            found = file.exchange(entries, since, now_s) if entries else file.read(since)
        except (sqlite3.Error, OSError) as error:
            self._step.ledger.put_back(entries)
            self._complain(f"the sums of budgets cannot be kept in {file.path}", error)
            return
        self._read_s = now_s
        self._step.act(self._step.ledger.settle(found))

    def _ask(self) -> None:
        address = urlsplit(self._collector)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.hostname or "127.0.0.1", address.port, timeout=_TIMEOUT_S)
        try:
            connection.request("GET", PATH)
            response = connection.getresponse()
            content = response.read(MOST_BYTES + 1)
            if response.status != 200 or len(content) > MOST_BYTES:
                return
            entries = read(content)
        except (OSError, http.client.HTTPException, SumsError) as error:
            _logger.debug("spanwise: the collector did not tell its sums: %s", type(error).__name__)
            return
        finally:
            connection.close()
        self._step.act(self._step.ledger.hear(entries))

    def _since(self) -> dict[str, int]:
        now_s = time.time()
        return {name: calendar.first(now_s) for name, calendar in self._calendars.items()}

    def _complain(self, what: str, error: Exception) -> None:
        if what not in self._complained:
            self._complained.add(what)
            kind = type(error).__name__
            _logger.warning("spanwise: %s (%s); they are kept in the memory of this process", what, kind)

    def _after_fork(self) -> None:
        self._round = threading.Lock()
        if not self._ended.is_set():
            self._ended = threading.Event()
            self._begin()


_keeping: Final[weakref.WeakSet[Keeper]] = weakref.WeakSet()


def _begin_again() -> None:
    for keeper in list(_keeping):
        keeper._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_again)
