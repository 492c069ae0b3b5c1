"""The parts that a gap is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Reason(StrEnum):
    """Why an invoice and our costs differ."""

    NOT_SEEN = "not_seen"
    """Usage on the invoice without spans."""
    BEFORE_STORE = "before_store"
    """Usage from days before the store begins."""
    NOT_BILLED = "not_billed"
    """Calls that we priced and the invoice does not have."""
    DAY_EDGE = "day_edge"
    """Usage that the two sides count to neighbouring days; adds up to nothing."""
    UNPRICED = "unpriced"
    """Calls of ours without a price, or without usage to price."""
    ESTIMATED = "estimated"
    """Calls whose price is an estimate."""
    TOKENS = "tokens"
    """Other token counts for the same calls."""
    PRICE = "price"
    """Another price for the same tokens."""
    DISCOUNT = "discount"
    """What the invoice takes off its own list price."""
    UNDETERMINED = "undetermined"
    """Tokens or price: the invoice counts no tokens, so they cannot be told apart."""
    ROUNDING = "rounding"
    """No more than the rounding of the invoice's rows."""
    SERVICE = "service"
    """Services that are no models, less what we counted for searches and requests."""
    CREDIT = "credit"
    TAX = "tax"
    REFUND = "refund"
    PURCHASE = "purchase"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the gap of one day and model: `amount` is invoice less ours.

    `base` is what the same usage costs at our prices, or at list prices for a discount: the ratio of `base + amount` to
    it names the discount. `tiers` are the tokens of the invoice by processing, of `tier_tokens` altogether.
    """

    reason: Reason
    day: date | None
    model: str
    amount: Decimal
    calls: int = 0
    tokens: int = 0
    base: Decimal = Decimal(0)
    tiers: Mapping[str, int] = field(default_factory=dict)
    tier_tokens: int = 0
