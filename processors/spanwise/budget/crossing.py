"""`Crossing`: a budget has come to one of its shares for the first time in a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from spanwise.budget.config import Budget


@dataclass(frozen=True, slots=True)
class Crossing:
    """What somebody is told.

    Attributes:
        budget: The budget.
        key: Values by dimension, clean of secrets and personal data; empty for one budget altogether.
        percent: The share of the limit that was reached, as 80.
        spent_usd: US dollars spent by then.
        unpriced: Calls of the period without a price, which are not in the amount.
        since_s: When the period began, in Unix seconds; of an hour, its oldest minute.
        until_s: When it ends.
    """

    budget: Budget
    key: Mapping[str, str]
    percent: int
    spent_usd: Decimal
    unpriced: int
    since_s: int
    until_s: int

    @property
    def sentence(self) -> str:
        """One line for a person."""
        whose = f" of {', '.join(f'{name} {value}' for name, value in self.key.items())}" if self.key else ""
        unpriced = f"; {self.unpriced} calls are unpriced and not in it" if self.unpriced else ""
        return (
            f"budget {self.budget.name}{whose}: {self.percent}% reached, {self.spent_usd:f} of "
            f"{self.budget.limit_usd:f} USD per {self.budget.per}{unpriced}"
        )
