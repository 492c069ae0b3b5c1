"""Parts of all days, added up into explanations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from typing import Final

from spanwise.reconcile.part import Part, Reason
from spanwise.reconcile.ratio import ratio_name


_WIDE: Final = Context(prec=28)
_PRICES: Final = frozenset({Reason.PRICE, Reason.DISCOUNT, Reason.ESTIMATED, Reason.UNDETERMINED})
"""Reasons whose ratio to our prices says something."""


@dataclass(slots=True)
class Explanation:
    """Why the two sides differ for one model or item: `amount` is what this adds to the invoice.

    `ratio` is the price that was billed by ours, or by the list price for a discount; `meaning` is what such a ratio
    usually is. Both are `None` where they say nothing.
    """

    reason: Reason
    model: str
    amount: Decimal = Decimal(0)
    calls: int = 0
    tokens: int = 0
    days: int = 0
    ratio: Decimal | None = None
    meaning: str | None = None
    _base: Decimal = Decimal(0)
    _days: set[date | None] = field(default_factory=set)
    _tiers: dict[str, int] = field(default_factory=dict)
    _tier_tokens: int = 0

    def add(self, part: Part) -> None:
        """Take a part."""
        self.amount += part.amount
        self.calls += part.calls
        self.tokens += part.tokens
        self._base += part.base
        self._days.add(part.day)
        self._tier_tokens += part.tier_tokens
        for tier, count in part.tiers.items():
            self._tiers[tier] = self._tiers.get(tier, 0) + count

    def finish(self) -> None:
        """Name what the sums say."""
        self.days = len(self._days - {None})
        if self.reason in _PRICES and self._base > 0:
            self.ratio = _WIDE.divide(self._base + self.amount, self._base)
        batch = self.reason in {Reason.PRICE, Reason.NOT_SEEN, Reason.UNDETERMINED}
        if self.ratio is not None or self.reason is Reason.NOT_SEEN:
            self.meaning = ratio_name(
                self.ratio if self.ratio is not None else Decimal(1),
                self._tiers if batch else None,
                self._tier_tokens,
            )

    def document(self) -> dict[str, object]:
        """The explanation for JSON."""
        return {
            "reason": self.reason.value,
            "model": self.model,
            "amount": self.amount,
            "calls": self.calls,
            "tokens": self.tokens,
            "days": self.days,
            "ratio": None if self.ratio is None else round(self.ratio, 6),
            "meaning": self.meaning,
        }


def explanations(parts: Iterable[Part]) -> list[Explanation]:
    """`parts` by reason and model, largest amount first. The sum of the amounts is that of the parts.

    A reason whose parts cancel out stays, because that is what it tells: a day's edge, say.
    """
    found: dict[tuple[Reason, str], Explanation] = {}
    for part in parts:
        key = (part.reason, part.model)
        found.setdefault(key, Explanation(*key)).add(part)
    for explanation in found.values():
        explanation.finish()
    return sorted(found.values(), key=lambda it: (-abs(it.amount), it.reason.value, it.model))
