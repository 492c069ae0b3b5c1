"""`Account`: what one key of a budget has spent."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from spanwise.budget.period import Calendar
from spanwise.budget.sums import EXACT, ZERO, Sums


class Entry(NamedTuple):
    """What was spent in one bucket of time.

    Attributes:
        budget: Name of the budget.
        key: Values of its dimensions.
        bucket: When the bucket begins, in Unix seconds.
        sums: What was spent in it.
    """

    budget: str
    key: tuple[str, ...]
    bucket: int
    sums: Sums


class Account:
    """Sums by bucket: of this process, with those that a file or a collector told it. Whoever uses it holds the lock.

    Attributes:
        told: Percents that somebody was told of in this period.
        calm: Amounts of which the first, and all more below the second, were found to change nothing.
    """

    __slots__ = (
        "_buckets",
        "_calendar",
        "_elsewhere",
        "_first",
        "_now",
        "_oldest",
        "_pending",
        "_since",
        "_total",
        "calm",
        "told",
    )

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._buckets: dict[int, Sums] = {}
        self._pending: dict[int, Sums] = {}
        self._elsewhere: dict[int, Sums] = {}
        self._since: dict[int, Sums] = {}
        self._oldest = 0
        self._first = 0
        self._now = range(0)
        self._total: Sums | None = None
        self.calm = ZERO, ZERO
        self.told: set[int] = set()

    def add(self, sums: Sums, at_s: float, now_s: float, *, pends: bool) -> None:
        """Add what was spent at `at_s`; what lies in the future counts now, what is past no longer counts.

        Args:
            sums: what was spent.
            at_s: when, in Unix seconds.
            now_s: the time now.
            pends: whether it waits for `take`.
        """
        if not self._now.start <= now_s < self._now.stop:
            self.roll(now_s)
        bucket = self._now.start if at_s >= self._now.start else self._calendar.bucket(at_s)
        if pends:
            _into(self._pending, bucket, sums)
        if bucket >= self._first:
            self._oldest = min(self._oldest, bucket)
            _into(self._buckets, bucket, sums)
            if bucket in self._elsewhere:
                _into(self._since, bucket, sums)
            if self._total is not None:
                # Both of which the larger counts have become larger by this.
                self._total.add(sums)

    def take(self) -> dict[int, Sums]:
        """What was added since this was asked last."""
        taken, self._pending = self._pending, {}
        return taken

    def put_back(self, bucket: int, sums: Sums) -> None:
        """Have `sums`, which was taken, taken again."""
        _into(self._pending, bucket, sums)

    def settle(self, bucket: int, sums: Sums) -> None:
        """`sums` is the sum of all in `bucket`, what waits for `take` excepted."""
        settled = sums.copy()
        if bucket in self._pending:
            settled.add(self._pending[bucket])
        self._buckets[bucket] = settled
        self._oldest = min(self._oldest, bucket)
        self._recount()

    def hear(self, bucket: int, sums: Sums) -> None:
        """A collector says that all of them have spent `sums` in `bucket`, some of it here.

        What ends here after this cannot be in it. Where it says the same again, nothing has come to it in between.
        """
        if self._elsewhere.get(bucket) == sums:
            return
        self._elsewhere[bucket] = sums
        self._since.pop(bucket, None)
        self._oldest = min(self._oldest, bucket)
        self._recount()

    def roll(self, now_s: float) -> None:
        """Forget what no longer counts."""
        bucket = self._calendar.bucket(now_s)
        self._now = range(bucket, bucket + self._calendar.step_s)
        self._first = first = self._calendar.first(now_s)
        if first <= self._oldest:
            return
        self._oldest = first
        self._recount()
        for buckets in (self._buckets, self._elsewhere, self._since):
            for bucket in [bucket for bucket in buckets if bucket < first]:
                del buckets[bucket]
        if not self._buckets and not self._elsewhere:
            self.told.clear()

    def spent(self) -> Sums:
        """The sum of the period, as far as it is known here; not to be changed."""
        if self._total is None:
            self._total = Sums()
            for bucket in {**self._buckets, **self._elsewhere}:
                self._total.add(self._of(bucket))
        return self._total

    def entries(self) -> dict[int, Sums]:
        """What was spent, bucket by bucket."""
        return {bucket: self._of(bucket) for bucket in {**self._buckets, **self._elsewhere}}

    def frees_at(self, limit_usd: Decimal) -> int:
        """When less than `limit_usd` is left of what was spent, if nothing more is."""
        left = self.spent().usd
        end = 0
        for bucket in sorted({**self._buckets, **self._elsewhere}):
            if left < limit_usd:
                break
            left = EXACT.subtract(left, self._of(bucket).usd)
            end = self._calendar.end(bucket)
        return end

    @property
    def is_empty(self) -> bool:
        """Whether nothing counts, and nothing waits."""
        return not (self._buckets or self._pending or self._elsewhere)

    def _recount(self) -> None:
        """Less may be spent than before: what was found of more is no longer true."""
        self._total = None
        self.calm = ZERO, ZERO

    def _of(self, bucket: int) -> Sums:
        """The larger of what is known here and what was heard, with what was added since: neither is ahead."""
        here, heard = self._buckets.get(bucket), self._elsewhere.get(bucket)
        if heard is None:
            return here or Sums()
        if bucket in self._since:
            heard = heard.copy()
            heard.add(self._since[bucket])
        return here if here is not None and (here.usd, here.calls) >= (heard.usd, heard.calls) else heard


def _into(buckets: dict[int, Sums], bucket: int, sums: Sums) -> None:
    if bucket in buckets:
        buckets[bucket].add(sums)
    else:
        buckets[bucket] = sums.copy()
