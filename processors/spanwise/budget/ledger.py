"""`Ledger`: what the calls of a process have spent, by budget, and which calls are to be refused."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from spanwise.budget.account import Account, Entry
from spanwise.budget.barring import Barring
from spanwise.budget.book import Book
from spanwise.budget.config import BLOCK, Budget
from spanwise.budget.crossing import Crossing
from spanwise.budget.exceeded import BudgetExceeded
from spanwise.budget.scope import OTHERS, Clean, Get, Key, Scope
from spanwise.budget.sums import Sums


MOST_KEYS: Final = 10_000
"""Keys of one budget. What the others spend is put together under `(others)`, which refuses nobody."""

_MOST_CLEANED: Final = 16_384
_SWEEP_S: Final = 60


class Standing(NamedTuple):
    """How a call leaves one of its budgets.

    Attributes:
        budget: The budget.
        share: What is spent of the limit, as 0.25.
    """

    budget: Budget
    share: float


class Line(NamedTuple):
    """One key of a budget, for a person to look at."""

    budget: Budget
    key: dict[str, str]
    sums: Sums
    since_s: int
    until_s: int


class Ledger:
    """Exact sums in `Decimal` for each budget, key and period. Its lock is held for some microseconds.

    Args:
        budgets: what is kept count of.
        clean: takes secrets and personal data out of a value before it becomes a key; each value is cleaned once.
        most_keys: keys of one budget.
        pends: whether what is added waits for `take`, for a host that writes it to a file.
        clock: the time now, in Unix seconds.
    """

    def __init__(
        self,
        budgets: Sequence[Budget],
        *,
        clean: Clean | None = None,
        most_keys: int = MOST_KEYS,
        pends: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        cleaned: Clean = lru_cache(maxsize=_MOST_CLEANED)(clean or _same)
        self._books = {budget.name: Book(Scope(budget, cleaned)) for budget in budgets}
        self._most_keys = most_keys
        self.pends = pends
        self._clock = clock
        self._lock = threading.Lock()
        scopes = [book.scope for book in self._books.values()]
        self._barrings = {(scope.names, scope.asked): Barring(scope.names, scope.asked) for scope in scopes}
        self.barring: tuple[Barring, ...] = ()
        """Where something is barred now: while that is nowhere, nobody has to ask. It is replaced and never changed."""
        self.heard_s: float | None = None
        """As of when a collector told what all have spent, or was first asked; `None` where nobody asks. Monotonic."""
        self._clean = cleaned
        _alive.add(self)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """What is kept count of."""
        return tuple(book.scope.budget for book in self._books.values())

    def add(self, get: Get, sums: Sums, at_s: float) -> tuple[list[Standing], list[Crossing]]:
        """Add what a call spent at `at_s` to each budget it counts for: a few microseconds for each.

        Returns:
            How it leaves them, and the shares that were reached for the first time.
        """
        standings: list[Standing] = []
        crossings: list[Crossing] = []
        for book in self._books.values():
            key = book.scope.key(get)
            if key is None or not book.scope.admits(get):
                continue
            with self._lock:
                now_s = self._clock()
                key = self._room_for(book, key, now_s)
                account = book.accounts[key]
                account.add(sums, at_s, now_s, pends=self.pends)
                share = self._judge(book, key, account, crossings, now_s)
            standings.append(Standing(book.scope.budget, share))
        return standings, crossings

    def passes(self, request: Mapping[str, object], said: Mapping[str, object]) -> bool:
        """Whether a call is known not to be refused, by what it says itself. Of others `refusal` knows.

        No lock, no clock, and for a single attribute nothing is made: about 0.1 us for each of them.

        Args:
            request: attributes of the request.
            said: attributes of the context, where the request has none.
        """
        try:
            for barring in self.barring:
                if name := barring.name:
                    value = request.get(name)
                    if value is None:
                        value = said.get(name)
                else:
                    value = tuple([said.get(n) if (v := request.get(n)) is None else v for n in barring.asked])
                if value not in barring.passed:
                    return False
        except TypeError:  # a value that is a list
            return False
        return True

    def refusal(self, get: Get) -> BudgetExceeded | None:
        """Why a call with these attributes is to be refused; `None` when it is not. It takes no lock."""
        for barring in self.barring:
            passed = barring.passed
            if barring.name:
                value = get(barring.name)
                if (value in passed) if type(value) is str else (value is None and barring.is_by):
                    continue
                values: tuple[object, ...] = (value,)
            else:
                values = tuple([get(name) for name in barring.asked])
            key = barring.key(values, self._clean)
            if key is None:
                continue
            for book in barring.barred.get(key, ()):
                if book.scope.admits(get) and (refused := self._exceeded(book, key)) is not None:
                    return refused
            barring.remember(values, passed)
        return None

    def take(self) -> list[Entry]:
        """What was added since this was asked last."""
        with self._lock:
            return [
                Entry(name, key, bucket, sums)
                for name, book in self._books.items()
                for key, account in book.accounts.items()
                for bucket, sums in account.take().items()
            ]

    def put_back(self, entries: Iterable[Entry]) -> None:
        """Have `entries`, which were taken and could not be written, taken again."""
        for book, key, entry in self._known(entries):
            with self._lock:
                book.accounts[key].put_back(entry.bucket, entry.sums)

    def settle(self, entries: Iterable[Entry], *, tells: bool = True) -> list[Crossing]:
        """Take over the sums of all who write to the same file.

        Args:
            entries: the sum in each bucket that may still count.
            tells: whether shares that are reached now are crossings; they are none of a process that just started.
        """
        return self._take_over(entries, Account.settle, tells=tells)

    def hear(self, entries: Iterable[Entry]) -> list[Crossing]:
        """Take over what a collector has added up. It may be behind: the larger sum counts."""
        return self._take_over(entries, Account.hear, tells=True)

    def lines(self) -> list[Line]:
        """Every key of every budget, as it stands now."""
        found = []
        with self._lock:
            now_s = self._clock()
            for book in self._books.values():
                since_s = book.scope.calendar.first(now_s)
                until_s = book.scope.calendar.end(book.scope.calendar.bucket(now_s))
                for key, account in book.accounts.items():
                    account.roll(now_s)
                    named = book.scope.named(key)
                    found.append(Line(book.scope.budget, named, account.spent().copy(), since_s, until_s))
        return found

    def holds(self, budget: str, key: Mapping[str, str], percent: int) -> bool | None:
        """Whether nine tenths of a share are still spent, as of a share that was told; `None` of a budget not known."""
        book = self._books.get(budget)
        if book is None or set(key) != set(book.scope.budget.by):
            return None
        with self._lock:
            account = book.accounts.get(tuple(key[name] for name in book.scope.budget.by))
            if account is None:
                return False
            account.roll(self._clock())
            return account.spent().usd * 1000 >= book.scope.budget.limit_usd * percent * 9

    def entries(self) -> list[Entry]:
        """What counts now, bucket by bucket."""
        with self._lock:
            now_s = self._clock()
            found = []
            for name, book in self._books.items():
                for key, account in book.accounts.items():
                    account.roll(now_s)
                    found += [Entry(name, key, bucket, sums.copy()) for bucket, sums in account.entries().items()]
            return found

    def _take_over(
        self, entries: Iterable[Entry], take: Callable[[Account, int, Sums], None], *, tells: bool
    ) -> list[Crossing]:
        crossings: list[Crossing] = []
        touched: dict[tuple[str, Key], tuple[Book, Account]] = {}
        for book, key, entry in self._known(entries):
            with self._lock:
                account = book.accounts[key]
                take(account, entry.bucket, entry.sums)
                touched[entry.budget, key] = book, account
        for (_, key), (book, account) in touched.items():
            with self._lock:
                now_s = self._clock()
                account.roll(now_s)
                self._judge(book, key, account, crossings, now_s)
        return crossings if tells else []

    def _known(self, entries: Iterable[Entry]) -> Iterator[tuple[Book, Key, Entry]]:
        """Entries of budgets that there are; a file may hold those of a policy of yesterday."""
        for entry in entries:
            book = self._books.get(entry.budget)
            if book is not None and len(entry.key) == len(book.scope.budget.by):
                with self._lock:
                    key = self._room_for(book, entry.key, self._clock())
                yield book, key, entry

    def _room_for(self, book: Book, key: Key, now_s: float) -> Key:
        """`key`, which now has an account, or the one for all there is no room for. The lock is held."""
        if key in book.accounts:
            return key
        if len(book.accounts) >= self._most_keys:
            self._sweep(book, now_s)
            if len(book.accounts) >= self._most_keys:
                key = (OTHERS,) * len(key)
        if key not in book.accounts:
            book.accounts[key] = Account(book.scope.calendar)
        return key

    def _sweep(self, book: Book, now_s: float) -> None:
        if now_s - book.swept_s < _SWEEP_S:
            return
        book.swept_s = now_s
        for key, account in list(book.accounts.items()):
            account.roll(now_s)
            if account.is_empty:
                self._bar(book, key, is_over=False)
                del book.accounts[key]

    def _judge(self, book: Book, key: Key, account: Account, crossings: list[Crossing], now_s: float) -> float:
        """The share that is spent; what follows of it is seen to. The lock is held."""
        budget, spent = book.scope.budget, account.spent()
        # A float of a decimal never changes which of two is the larger: a limit that is reached is a share of 1.
        share = float(spent.usd) / book.scope.limit
        from_usd, to_usd = account.calm
        if from_usd <= spent.usd < to_usd or OTHERS in key:
            return share
        reached = [percent for percent, usd in book.scope.levels if spent.usd >= usd]
        if fresh := [percent for percent in reached if percent not in account.told]:
            account.told.update(fresh)
            since_s = book.scope.calendar.first(now_s)
            until_s = book.scope.calendar.end(book.scope.calendar.bucket(now_s))
            named = book.scope.named(key)
            # Two shares at once are one message, the higher.
            crossings.append(Crossing(budget, named, fresh[-1], spent.usd, spent.unpriced, since_s, until_s))
        elif len(account.told) > len(reached):
            # An hour that slides comes back to a share; it is told again once it was a tenth below it.
            account.told = {p for p in account.told if spent.usd * 1000 >= budget.limit_usd * p * 9}
        if budget.action == BLOCK:
            self._bar(book, key, is_over=spent.usd >= budget.limit_usd)
        account.calm = spent.usd, book.scope.next_level(spent.usd)
        return share

    def _bar(self, book: Book, key: Key, *, is_over: bool) -> None:
        """Have calls with `key` refused, or no more. The lock is held."""
        if is_over == (key in book.refused):
            return
        barring = self._barrings[book.scope.names, book.scope.asked]
        barring.bar(book, key, is_over=is_over)
        if bool(barring.barred) != (barring in self.barring):
            self.barring = tuple(each for each in self._barrings.values() if each.barred)

    def _exceeded(self, book: Book, key: Key) -> BudgetExceeded | None:
        """The refusal, with exact numbers: only who is refused pays for them. `None` when its period has ended."""
        budget = book.scope.budget
        with self._lock:
            now_s = self._clock()
            account = book.accounts.get(key)
            if account is None:
                return None
            account.roll(now_s)
            spent_usd = account.spent().usd
            if spent_usd < budget.limit_usd:
                self._bar(book, key, is_over=False)
                return None
            resets_s = account.frees_at(budget.limit_usd)
        return BudgetExceeded(
            budget.name,
            key=book.scope.named(key),
            limit=budget.limit_usd,
            spent=spent_usd,
            resets_at=datetime.fromtimestamp(resets_s, UTC),
        )

    def _after_fork(self) -> None:
        self._lock = threading.Lock()
        # What waits is written by the process that it was spent in.
        self.take()


_alive: Final[weakref.WeakSet[Ledger]] = weakref.WeakSet()


def _renew_locks() -> None:
    for ledger in _alive:
        ledger._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)


def _same(name: str, value: str) -> str:  # noqa: ARG001 - the shape of a cleaner
    return value
