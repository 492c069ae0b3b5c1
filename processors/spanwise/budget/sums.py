"""`Sums`: what calls have spent, and how many of them nobody knows the price of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Self


ZERO = Decimal(0)

# The application may have given its threads a context of few digits.
EXACT = Context(prec=60)


@dataclass(slots=True)
class Sums:
    """What was spent. Unknown is not zero: calls without a price are counted, and add nothing to the amount.

    Attributes:
        usd: US dollars of the calls with a price, exact.
        estimated_usd: The part of them in which something was assumed.
        calls: Calls, with and without a price.
        unpriced: Calls without a price.
        tokens: Tokens, in and out.
    """

    usd: Decimal = ZERO
    estimated_usd: Decimal = ZERO
    calls: int = 0
    unpriced: int = 0
    tokens: int = 0

    def add(self, other: Self) -> None:
        """Add `other` to this."""
        self.usd = EXACT.add(self.usd, other.usd)
        if other.estimated_usd:
            self.estimated_usd = EXACT.add(self.estimated_usd, other.estimated_usd)
        self.calls += other.calls
        self.unpriced += other.unpriced
        self.tokens += other.tokens

    def copy(self) -> Self:
        """The same once more."""
        return type(self)(self.usd, self.estimated_usd, self.calls, self.unpriced, self.tokens)
