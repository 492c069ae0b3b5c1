"""One value of a report, written for people: the only place that decides how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from spanwise.report.quantity import UNKNOWN, cost_cell, money, places, seconds, short_count, signed_money
from spanwise.report.text import plain
from spanwise.store import Column, Kind, Value


MONEY: Final = frozenset({Kind.COST, Kind.MONEY, Kind.DIFFERENCE})

RIGHT: Final = MONEY | {Kind.COUNT, Kind.TOKENS, Kind.SECONDS, Kind.RATE, Kind.SCORE, Kind.NUMBER, Kind.SPEED}
"""Kinds that stand at the right side of their column."""

_ID_DIGITS: Final = 12


def decimals(column: Column, values: Sequence[Value]) -> int:
    """Decimal places for all of a column of money, 0 for others."""
    if column.kind not in MONEY:
        return 0
    return places(max((abs(value) for value in values if isinstance(value, Decimal)), default=Decimal(0)))


def cell(column: Column, value: Value, decimals: int = 6, *, estimated: bool = False) -> str:
    """`value` as people read it: safe for a terminal, empty for a count of nothing, `-` where it is unknown.

    Args:
        column: what the value is.
        value: as the store gives it.
        decimals: places of money, the same for all of a column.
        estimated: whether an amount of money has an estimate in it, which `~` marks.
    """
    if column.kind is Kind.COST:
        return cost_cell(value if isinstance(value, Decimal) else None, decimals, estimated=estimated)
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Decimal):
        return _decimal(column.kind, value, decimals)
    if isinstance(value, int | float):
        return _number(column.kind, value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return value[:_ID_DIGITS] if column.kind is Kind.ID and value.isalnum() else plain(value)


def _decimal(kind: Kind, value: Decimal, decimals: int) -> str:
    if kind is Kind.DIFFERENCE:
        return signed_money(value, decimals, plus=True) if value else UNKNOWN
    return money(value, decimals) if kind is Kind.MONEY else exact(value)


def _number(kind: Kind, value: float) -> str:
    if kind is Kind.COUNT:
        return f"{value:,}" if value else ""
    if kind is Kind.TOKENS:
        return short_count(round(value)) if value else ""
    if kind is Kind.SECONDS:
        return seconds(value)
    if kind is Kind.RATE:
        return f"{value * 100:.1f} %"
    if kind is Kind.SPEED:
        return f"{value:,.0f}"
    if isinstance(value, int):
        return str(value)
    return f"{value:.{3 if kind is Kind.SCORE else 6}g}"


def exact(value: Decimal) -> str:
    """`value` with every digit that it has and no exponent: `0.0000001`, `12.5`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
