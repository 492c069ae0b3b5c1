"""Numbers as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from spanwise.report.text import plain


UNPRICED: Final = "unpriced"
"""What stands where a cost would, when nothing is known about it. Never a zero."""

UNKNOWN: Final = "-"


def money(amount: Decimal, decimals: int) -> str:
    """`amount` of US dollars with `decimals` places: `$1,234.50`. An amount too small to show reads `<$0.01`."""
    step = Decimal(1).scaleb(-decimals)
    shown = amount.quantize(step, rounding=ROUND_HALF_UP)
    return f"<${step:f}" if amount and not shown else f"${shown:,f}"


def signed_money(amount: Decimal, decimals: int, currency: str = "USD", *, plus: bool = False) -> str:
    """`amount` with its sign in front: `-$1.50`, `+2.00 EUR`. `plus` marks what is above zero, for differences."""
    sign = "-" if amount < 0 else "+" if plus and amount > 0 else ""
    if currency == "USD":
        return sign + money(abs(amount), decimals)
    return f"{sign}{abs(amount):,.{decimals}f} {plain(currency, 8)}"


def short_money(amount: Decimal) -> str:
    """`amount` of US dollars for a sentence: three decimals, or two significant digits where it is below a cent."""
    if not amount or amount >= Decimal("0.01"):
        return money(amount, 2 if amount >= 100 else 3)
    return money(amount, min(1 - amount.adjusted(), 12))


def places(largest: Decimal) -> int:
    """Decimals for a column of money whose largest amount is `largest`, the same for every row."""
    return 2 if largest >= 1_000 else 4 if largest >= 1 else 6


def cost_cell(cost_usd: Decimal | None, decimals: int, *, estimated: bool = False) -> str:
    """A cost for a table: `unpriced` when unknown, with `~` in front when it is partly an estimate."""
    if cost_usd is None:
        return UNPRICED
    return ("~" if estimated else "") + money(cost_usd, decimals)


def short_count(count: int) -> str:
    """`count` in at most five characters: 950, 21.4k, 3.2M."""
    for limit, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        # From 999,950 on, one decimal of thousands would read 1000.0k.
        if count >= limit - limit // 20_000:
            return f"{count / limit:.1f}{unit}"
    return str(count)


def seconds(duration_s: float | None) -> str:
    """A duration with its unit: `740 us`, `12 ms`, `2.1 s`, `3 min 20 s`, or `-` when unknown."""
    if duration_s is None:
        return UNKNOWN
    if duration_s < 0.0009995:
        return f"{duration_s * 1e6:.0f} us"
    if duration_s < 0.9995:
        return f"{duration_s * 1e3:.0f} ms"
    if duration_s < 99.95:
        return f"{duration_s:.1f} s" if duration_s < 9.995 else f"{duration_s:.0f} s"
    minutes, rest = divmod(round(duration_s), 60)
    return f"{minutes} min {rest} s"


def counted(count: int, noun: str) -> str:
    """`count` with its noun, which takes an `s` unless there is one of it."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
