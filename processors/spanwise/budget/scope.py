"""`Scope`: which calls a budget is about, and whose share of it each is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeAlias

from spanwise.budget.condition import matches
from spanwise.budget.config import DIMENSIONS, Budget
from spanwise.budget.period import calendar_of
from spanwise.budget.sums import EXACT


Key: TypeAlias = tuple[str, ...]
"""The values of a budget's dimensions, in their order; empty for a budget of all calls."""

Get: TypeAlias = Callable[[str], object]
"""What knows the attributes of a call."""

Clean: TypeAlias = Callable[[str, str], str]
"""Takes secrets and personal data out of the value of an attribute, given its name; asked for each value once."""

OTHERS: Final = "(others)"
"""Stands in a key for values that there was no room for, and for those that redaction made equal."""

_NEVER: Final = Decimal("Infinity")


class Scope:
    """A budget, with what decides quickly whether a call counts.

    Args:
        budget: the budget.
        clean: cleans values.

    Attributes:
        names: The attributes that keys are made of.
        asked: All attributes that decide whether a call counts and as whose: first `names`, then those of conditions.
        limit: The limit in US dollars, as a float for shares.
        levels: Percents of the limit at which something happens, with their amounts.
    """

    __slots__ = ("_clean", "_where", "asked", "budget", "calendar", "levels", "limit", "names")

    def __init__(self, budget: Budget, clean: Clean) -> None:
        self.budget = budget
        self.calendar = calendar_of(budget.per)
        self._clean = clean
        self.names = tuple(DIMENSIONS[name] for name in budget.by)
        self.limit = float(budget.limit_usd)
        self.levels = tuple((percent, EXACT.multiply(budget.limit_usd, percent) / 100) for percent in budget.at)
        self._where = tuple((DIMENSIONS[name], pattern) for name, pattern in budget.where.items())
        compared = {name for name, _ in self._where} | {condition.attribute for condition in budget.when}
        self.asked = (*self.names, *sorted(compared.difference(self.names)))

    def key(self, get: Get) -> Key | None:
        """The key of a call; `None` when one of the dimensions is not said: its spend is nobody's, not everybody's."""
        return key_of(self.names, get, self._clean)

    def admits(self, get: Get) -> bool:
        """Whether the budget is about the call. A value that is not said counts as an empty one."""
        for name, pattern in self._where:
            value = get(name)
            text = value if isinstance(value, str) else ""
            if not matches(pattern, self._clean(name, text) if text else text):
                return False
        return not self.budget.when or all(condition.holds(get) for condition in self.budget.when)

    def next_level(self, usd: Decimal) -> Decimal:
        """The next amount above `usd` at which something happens; infinite where nothing does any more."""
        amounts = (*(amount for _, amount in self.levels), self.budget.limit_usd)
        return min((amount for amount in amounts if amount > usd), default=_NEVER)

    def named(self, key: Key) -> dict[str, str]:
        """`key` by dimension."""
        return dict(zip(self.budget.by, key, strict=True))


def key_of(names: tuple[str, ...], get: Get, clean: Clean) -> Key | None:
    """The values of the attributes `names`, clean; `None` when one is not said."""
    found = []
    for name in names:
        value = get(name)
        if not isinstance(value, str) or not value:
            return None
        found.append(clean(name, value))
    return tuple(found)
