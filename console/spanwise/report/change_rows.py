"""What changed between two periods, as the rows of a report."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.report.change import FACTORS, MIX, PRICE, TOKENS, VOLUME, Change
from spanwise.report.quantity import counted, money, places, signed_money
from spanwise.report.report import Plot, Report, Shown
from spanwise.store import Answer, Column, Kind, Value


HEADINGS: Final = {VOLUME: "calls", MIX: "model mix", TOKENS: "tokens per call", PRICE: "price"}

MOST_MODELS: Final = 20
"""Models in the table."""

COLUMNS: Final = (
    Column("model", Kind.TEXT, "Model that answered."),
    Column("provider", Kind.TEXT, "Who was called."),
    Column("calls_before", Kind.COUNT, "Priced calls of the first period.", adds=True, of="calls"),
    Column("calls_after", Kind.COUNT, "Priced calls of the second period.", adds=True, of="calls"),
    Column("before_usd", Kind.MONEY, "What they cost in the first period.", adds=True),
    Column("after_usd", Kind.MONEY, "What they cost in the second period.", adds=True),
    Column("change_usd", Kind.DIFFERENCE, "The difference; the next four add up to it.", adds=True),
    Column("volume_usd", Kind.DIFFERENCE, "For more or fewer calls in all.", adds=True),
    Column("mix_usd", Kind.DIFFERENCE, "For another share of the calls.", adds=True),
    Column("tokens_usd", Kind.DIFFERENCE, "For more or fewer tokens in a call.", adds=True),
    Column("price_usd", Kind.DIFFERENCE, "For another price of a token.", adds=True),
)

CHANGE: Final = Report(
    name="change",
    title="Why model calls cost more or less than before",
    shown=(
        Shown("model", "model"),
        Shown("before_usd", "before"),
        Shown("after_usd", "now"),
        Shown("change_usd", "change"),
        *(Shown(f"{factor}_usd", HEADINGS[factor]) for factor in FACTORS),
    ),
    plot=Plot("Change of the cost by model, in US dollars", ("model",), "change_usd"),
    next="spanwise report cost --by user, or spanwise report cost --by prompt",
    top=MOST_MODELS,
)


def change_answer(found: Change, limit: int | None = None) -> Answer:
    """One row for each model, the largest change first, at most `limit`; the sums are over all models."""
    rows = [
        (
            effect.model[1] or None,
            effect.model[0] or None,
            effect.calls_before,
            effect.calls_after,
            effect.before_usd,
            effect.after_usd,
            effect.change_usd,
            *(effect.factors_usd[factor] for factor in FACTORS),
        )
        for effect in found.effects
    ]
    totals: dict[str, Value] = {
        "calls_before": sum(effect.calls_before for effect in found.effects),
        "calls_after": sum(effect.calls_after for effect in found.effects),
        "before_usd": found.before_usd,
        "after_usd": found.after_usd,
        "change_usd": found.change_usd,
        **{f"{factor}_usd": found.factors_usd[factor] for factor in FACTORS},
    }
    return Answer(COLUMNS, [*rows[:limit]], len(rows), totals if rows else {})


def change_notes(found: Change) -> list[str]:
    """What a reader must know: what is in no sum."""
    before, after = found.left_out
    if not before and not after:
        return []
    return [f"without a price in US dollars, and in no sum: {counted(before, 'call')} before, {after:,} now"]


def change_sentence(found: Change) -> str:
    """The change in one line: how much, and which factor did most of it."""
    factor = max(FACTORS, key=lambda name: abs(found.factors_usd[name]))
    decimals = places(max(found.before_usd, found.after_usd))
    if not found.change_usd:
        return f"{money(found.after_usd, decimals)}, as before"
    word = "more" if found.change_usd > 0 else "less"
    share = f" ({found.change_usd / found.before_usd * 100:+.0f} %)" if found.before_usd else ""
    most = f"; most of it is {HEADINGS[factor]}: {_signed(found.factors_usd[factor], decimals)}"
    return f"{money(abs(found.change_usd), decimals)} {word} than before{share}{most}"


def _signed(amount: Decimal, decimals: int) -> str:
    return signed_money(amount, decimals, plus=True) if amount else "-"
