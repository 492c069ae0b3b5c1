"""`Allowance`: what an evaluation may still spend."""

from __future__ import annotations

from decimal import Decimal


class Allowance:
    """Counts what is spent and what calls under way may cost at most. For one thread.

    Args:
        limit_usd: of all calls together; `None` for no limit.
        limit_calls: calls; `None` for no limit.
    """

    def __init__(self, limit_usd: Decimal | None, limit_calls: int | None) -> None:
        self._limit_usd = limit_usd
        self._limit_calls = limit_calls
        self._reserved = Decimal(0)
        self._calls = 0
        self.spent_usd = Decimal(0)

    def reserve(self, most_usd: Decimal | None) -> bool:
        """Whether a call that costs at most `most_usd`, or an unknown amount, may begin; it is then counted."""
        if not self.fits(most_usd):
            return False
        self._calls += 1
        self._reserved += most_usd or 0
        return True

    def fits(self, most_usd: Decimal | None) -> bool:
        """Whether a call that costs at most `most_usd` is within the limits beside those under way."""
        if self._limit_calls is not None and self._calls >= self._limit_calls:
            return False
        if self._limit_usd is None or most_usd is None:
            return True
        return self.spent_usd + self._reserved + most_usd <= self._limit_usd

    def settle(self, most_usd: Decimal | None, usd: Decimal | None) -> None:
        """A call that was reserved with `most_usd` has cost `usd`; where that is unknown it counts as `most_usd`."""
        self._reserved -= most_usd or 0
        self.spent_usd += (most_usd or Decimal(0)) if usd is None else usd
