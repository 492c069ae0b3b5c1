"""Explanations in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.reconcile.comparison import Comparison
from spanwise.reconcile.explanation import Explanation
from spanwise.reconcile.part import Reason
from spanwise.report.quantity import counted, money, short_count, signed_money
from spanwise.report.text import plain


SHOWN: Final = 12
"""Explanations told to a person at most; JSON has all."""

_WORDS: Final = {
    Reason.NOT_SEEN: "usage on the invoice without spans here",
    Reason.BEFORE_STORE: "usage from days before the store begins",
    Reason.NOT_BILLED: "calls here that the invoice does not have (another key or organisation, or a test)",
    Reason.DAY_EDGE: "usage that the two sides count to neighbouring days",
    Reason.UNPRICED: "calls here without a known price or without usage",
    Reason.ESTIMATED: "calls whose price is an estimate here",
    Reason.TOKENS: "other token counts for as many calls",
    Reason.PRICE: "another price for the same tokens",
    Reason.DISCOUNT: "what the invoice takes off its list price",
    Reason.UNDETERMINED: "tokens or price: the invoice counts no tokens, add a usage export to tell them apart",
    Reason.ROUNDING: "rounding",
    Reason.SERVICE: "services that are no models",
    Reason.CREDIT: "credits",
    Reason.TAX: "taxes",
    Reason.REFUND: "refunds and corrections",
    Reason.PURCHASE: "purchases and fees",
    Reason.ADJUSTMENT: "adjustments",
}


def sentences(comparison: Comparison) -> list[str]:
    """The explanations in words, largest first, then what has no part in the sums."""
    shown = [it for it in comparison.explanations if it.amount or it.reason is Reason.DAY_EDGE]
    told = [_sentence(it, comparison.currency) for it in shown[:SHOWN]]
    if len(shown) > SHOWN:
        rest = sum((it.amount for it in shown[SHOWN:]), Decimal(0))
        told.append(f"{_amount(rest, comparison.currency)}  {counted(len(shown) - SHOWN, 'smaller explanation')}")
    return told


def notes(comparison: Comparison) -> list[str]:
    """What a reader of the figures has to know about them."""
    told = []
    if comparison.valued:
        told.append("the invoice has no amounts: its tokens are valued at the prices of the calls here")
    if comparison.unvalued:
        told.append(f"{counted(comparison.unvalued, 'row')} of usage without a price on either side left out")
    if not comparison.by_model:
        told.append("the invoice names no models, so days are compared as a whole; export it by line item or model")
    if not comparison.by_day:
        told.append("the invoice has charges of several days, so the period is compared as a whole")
    if comparison.oldest is not None and comparison.first < comparison.oldest:
        told.append(f"the store begins on {comparison.oldest}; days before that cannot be explained by calls")
    told += [
        f"{amount:,} {plain(code, 8)} on the invoice in another currency left out"
        for code, amount in sorted(comparison.foreign.items())
    ]
    told += [
        f"{counted(calls, 'call')} here priced in {plain(code, 8)} left out"
        for code, calls in sorted(comparison.foreign_calls.items())
    ]
    if comparison.left_out:
        told.append(
            f"{counted(comparison.left_out, 'row')} of other services left out "
            f"({_sum(comparison.left_out_amount, comparison.currency)})"
        )
    return told


def verdict(comparison: Comparison, tolerance_percent: Decimal) -> str:
    """One line: both sides, the gap, and whether it is within the tolerance."""
    percent = comparison.gap_percent
    share = "" if percent is None else f" ({percent:.2f} %)"
    judged = "within" if comparison.is_within(tolerance_percent) else "outside"
    others = (
        f"; {_amount(comparison.charges, comparison.currency)} of credits, taxes and purchases apart"
        if comparison.charges
        else ""
    )
    return (
        f"usage on the invoice {_sum(comparison.usage, comparison.currency)}, "
        f"calls here {_sum(comparison.ours, comparison.currency)}, "
        f"gap {_amount(comparison.usage_gap, comparison.currency)}{share}: "
        f"{judged} the tolerance of {tolerance_percent:f} %{others}"
    )


def _sentence(it: Explanation, currency: str) -> str:
    details = []
    if it.calls:
        details.append(counted(it.calls, "call"))
    if it.tokens:
        details.append(f"{short_count(it.tokens)} tokens")
    if it.days > 1:
        details.append(f"{it.days} days")
    if it.ratio is not None and it.reason is not Reason.DAY_EDGE:
        details.append(f"{it.ratio:.3f} of {'the list price' if it.reason is Reason.DISCOUNT else 'ours'}")
    if it.meaning:
        details.append(it.meaning)
    tail = f": {', '.join(details)}" if details else ""
    return f"{_amount(it.amount, currency)}  {plain(it.model, 60)}, {_WORDS[it.reason]}{tail}"


def _amount(amount: Decimal, currency: str) -> str:
    return signed_money(amount, _decimals(amount), currency, plus=True)


def _sum(amount: Decimal, currency: str) -> str:
    return money(amount, _decimals(amount)) if currency == "USD" and amount >= 0 else _amount(amount, currency)


def _decimals(amount: Decimal) -> int:
    return 2 if abs(amount) >= 1 else 4 if abs(amount) >= Decimal("0.01") else 6
