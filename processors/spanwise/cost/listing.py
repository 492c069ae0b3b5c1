"""What a price book says about models, line by line: for people, and for comparing books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from spanwise.cost.book import PriceBook
from spanwise.cost.rule import RawPrice
from spanwise.cost.tariff import Constraint, Tariff
from spanwise.cost.unit import Unit


_PER: Final[Mapping[int, str]] = {10**6: "million", 1000: "thousand", 10**9: "billion", 3600: "hour", 1: "one"}


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One price: of which unit, in which context, when it holds, and above how many input tokens."""

    context: str
    """`standard`, or what a request must be, as `service_tier flex`."""
    since: str
    """First day it holds, or the time of day; empty for always."""
    key: str
    unit: str
    above: int
    usd: Decimal
    holds: bool
    """Whether it is among the prices at the moment that was asked about."""


def price_lines(book: PriceBook, tariff: Tariff, at_s: int) -> list[PriceLine]:
    """Every price of one model, standard prices first, in the order of the book."""
    return list(_lines(book, tariff, at_s))


def _lines(book: PriceBook, tariff: Tariff, at_s: int) -> Iterator[PriceLine]:
    standard = tariff.at(at_s, None)
    for when, constraint, table in tariff.listed():
        context = ", ".join(f"{key} {value}" for key, value in when.items()) or "standard"
        holds = constraint.holds(at_s) if when else standard.name == tariff.name + constraint.label
        for key, price in table.items():
            for above, usd in _steps(price):
                unit = _unit(book.unit(key))
                yield PriceLine(context, _since(constraint), key, unit, above, usd, holds)


def _steps(price: RawPrice) -> Iterator[tuple[int, Decimal]]:
    if isinstance(price, str):
        yield 0, Decimal(price)
        return
    yield 0, Decimal(str(price[0]))
    for start, above in price[1:]:
        yield int(start), Decimal(above)


def _since(constraint: Constraint) -> str:
    return constraint.label.removeprefix("@")


def _unit(unit: Unit) -> str:
    """`input tokens, per million`."""
    name = unit.usage_key.replace("_", " ")
    if unit.per == 3600:
        name = name.replace("seconds", "time")
    return f"{name}, per {_PER.get(unit.per, f'{unit.per:,}')}"
