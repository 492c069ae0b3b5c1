"""What a ratio between two prices usually means."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final


HALF: Final = Decimal("0.5")

_NEAR: Final = Decimal("0.005")
"""How far a ratio may be from a round one and still be meant."""

_KNOWN: Final = (
    (HALF, "half the price, as batch and flex processing have"),
    (Decimal("0.1"), "a tenth of the price, as input read from a cache has"),
    (Decimal("1.1"), "10 percent more, as inference in one region has"),
    (Decimal("1.25"), "a quarter more, as input written to a cache has"),
    (Decimal("1.5"), "half as much again, as output of long prompts has"),
    (Decimal(2), "twice the price, as priority processing and long prompts have"),
)
_STEP: Final = Decimal("0.05")
_ONE: Final = Decimal(1)
_TIER_SHARE: Final = Decimal("0.5")


def ratio_name(ratio: Decimal | None, tiers: Mapping[str, int] | None = None, tokens: int = 0) -> str | None:
    """What a price `ratio` times another one usually is, or `None` for one that nothing is known of.

    `tiers` are tokens that the invoice says were processed another way, of `tokens` altogether: where they are most of
    them, that is the answer.
    """
    if ratio is None:
        return None
    for tier, count in sorted((tiers or {}).items(), key=lambda entry: -entry[1]):
        if tokens and Decimal(count) / tokens > _TIER_SHARE:
            return f"the invoice says that it was {tier} processing"
    for known, name in _KNOWN:
        if abs(ratio - known) <= _NEAR * known:
            return name
    rounded = (ratio / _STEP).quantize(_ONE, rounding=ROUND_HALF_EVEN) * _STEP
    if abs(ratio - rounded) > _NEAR or not _STEP <= rounded < _ONE:
        return None
    return f"a discount of {(_ONE - rounded) * 100:.0f} percent"
