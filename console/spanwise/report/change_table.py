"""What changed between two periods as a table."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.report.change import FACTORS, MIX, PRICE, TOKENS, VOLUME, Change, Effect
from spanwise.report.quantity import counted, money, places, signed_money
from spanwise.report.text import plain


if TYPE_CHECKING:
    from rich.table import Table


_HEADINGS: Final = {VOLUME: "calls", MIX: "model mix", TOKENS: "tokens per call", PRICE: "price"}
_MOST_MODELS: Final = 20


def change_table(found: Change) -> Table:
    """One row for each model, the largest change first; the columns of a row, and the rows, sum to the difference."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    decimals = places(max(found.before_usd, found.after_usd))
    table = Table(box=SIMPLE_HEAD, show_footer=True, pad_edge=False)
    table.add_column("model", "total", overflow="ellipsis", no_wrap=True, min_width=12)
    table.add_column("before", money(found.before_usd, decimals), justify="right", no_wrap=True)
    table.add_column("now", money(found.after_usd, decimals), justify="right", no_wrap=True)
    table.add_column("change", _signed(found.change_usd, decimals), justify="right", no_wrap=True)
    for factor in FACTORS:
        table.add_column(_HEADINGS[factor], _signed(found.factors_usd[factor], decimals), justify="right", no_wrap=True)
    for effect in found.effects[:_MOST_MODELS]:
        table.add_row(plain(effect.model[1]) or "(no model)", *_cells(effect, decimals))
    return table


def change_notes(found: Change) -> list[str]:
    """What a reader of the table must know: what is in no sum, and which models it does not show."""
    notes = []
    if rest := len(found.effects) - _MOST_MODELS:
        notes += [f"{counted(rest, 'model')} with smaller changes are in the total only"] if rest > 0 else []
    before, after = found.left_out
    if before or after:
        notes.append(f"without a price in US dollars, and in no sum: {counted(before, 'call')} before, {after:,} now")
    return notes


def change_sentence(found: Change) -> str:
    """The change in one line: how much, and which factor did most of it."""
    factor = max(FACTORS, key=lambda name: abs(found.factors_usd[name]))
    decimals = places(max(found.before_usd, found.after_usd))
    if not found.change_usd:
        return f"{money(found.after_usd, decimals)}, as before"
    word = "more" if found.change_usd > 0 else "less"
    share = f" ({_percent(found)})" if found.before_usd else ""
    most = f"; most of it is {_HEADINGS[factor]}: {_signed(found.factors_usd[factor], decimals)}"
    return f"{money(abs(found.change_usd), decimals)} {word} than before{share}{most}"


def _cells(effect: Effect, decimals: int) -> list[str]:
    parts = [_signed(effect.factors_usd[factor], decimals) for factor in FACTORS]
    known = [money(amount, decimals) for amount in (effect.before_usd, effect.after_usd)]
    return [*known, _signed(effect.change_usd, decimals), *parts]


def _percent(found: Change) -> str:
    return f"{found.change_usd / found.before_usd * 100:+.0f} %"


def _signed(amount: Decimal, decimals: int) -> str:
    return signed_money(amount, decimals, plus=True) if amount else "-"
