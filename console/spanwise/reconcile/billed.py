"""What an invoice says by day and model: amounts and tokens, usage apart from everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from spanwise.reconcile.invoice import TOKEN_KINDS, Category, InvoiceLine, Kind
from spanwise.reconcile.ours import Key


Name = TypeVar("Name")
Number = TypeVar("Number", int, Decimal)

ALL_MODELS: Final = "(all models)"

_ZERO: Final = Decimal(0)


@dataclass(slots=True)
class Billed:
    """What was billed for one day and model.

    `amount` is `None` where only usage was exported. `tokens` are those of usage lines, `quantities` those that lines
    with an amount count, which may be the same ones again; each is `None` where there are none. `spent` is the amount
    by kind where lines tell it; `listed` is the amount before discounts, the same as `amount` where no line tells it.
    `priced_rows` counts the rows with an amount, each of which may have been rounded.
    """

    amount: Decimal | None = None
    listed: Decimal = _ZERO
    spent: dict[Kind, Decimal] = field(default_factory=dict)
    tokens: dict[Kind, int] | None = None
    quantities: dict[Kind, int] | None = None
    requests: int | None = None
    tiers: dict[str, int] = field(default_factory=dict)
    priced_rows: int = 0
    complete: bool = True
    """Whether every amount for tokens has its quantity; without that, `quantities` say too little."""

    @property
    def counts(self) -> dict[Kind, int] | None:
        """The tokens by kind, `None` where they are not all known."""
        if self.tokens is not None:
            return self.tokens
        return self.quantities if self.complete else None

    def plus(self, other: Billed) -> Billed:
        """Both added up. Tokens that one of them lacks are lacking in the sum."""
        both = self.counts is not None and other.counts is not None
        return Billed(
            None if self.amount is None and other.amount is None else (self.amount or _ZERO) + (other.amount or _ZERO),
            self.listed + other.listed,
            _added(self.spent, other.spent),
            _added(self.counts or {}, other.counts or {}) if both else None,
            None,
            None if self.requests is None and other.requests is None else (self.requests or 0) + (other.requests or 0),
            _added(self.tiers, other.tiers),
            self.priced_rows + other.priced_rows,
        )

    def add_amount(self, line: InvoiceLine, amount: Decimal) -> None:
        """Take the money of a line."""
        self.amount = (self.amount or _ZERO) + amount
        self.listed += amount if line.list_amount is None else line.list_amount
        self.priced_rows += line.rows
        if line.kind is not None:
            self.spent[line.kind] = self.spent.get(line.kind, _ZERO) + amount

    def add_tokens(self, line: InvoiceLine) -> None:
        """Take the counts of a line."""
        counts = dict((self.tokens if line.amount is None else self.quantities) or {})
        for kind in TOKEN_KINDS:
            counts[kind] = counts.get(kind, 0) + line.tokens.get(kind, 0)
        if line.amount is None:
            self.tokens = counts
        else:
            self.quantities = counts
        if line.requests is not None:
            self.requests = (self.requests or 0) + line.requests
        if line.tier is not None:
            self.tiers[line.tier] = self.tiers.get(line.tier, 0) + sum(line.tokens.values())


@dataclass(slots=True)
class Charge:
    """Lines that are no usage of a model: a service of its own, a credit, a tax."""

    category: Category
    item: str
    amount: Decimal = _ZERO
    rows: int = 0


@dataclass(slots=True)
class Bill:
    """The invoice's side of a comparison, in one currency. `foreign` are the sums in others."""

    currency: str
    cells: dict[Key, Billed] = field(default_factory=dict)
    charges: dict[tuple[Category, str], Charge] = field(default_factory=dict)
    foreign: dict[str, Decimal] = field(default_factory=dict)
    by_model: bool = True
    """Whether lines name models; where they do not, days are compared as a whole."""

    def service_total(self) -> Decimal:
        """What was billed for services that are no models."""
        return sum((charge.amount for charge in self.charges.values() if charge.category is Category.USAGE), _ZERO)


def bill_of(lines: Iterable[InvoiceLine]) -> Bill:
    """The bill that `lines` make up, in dollars where any line is, else in the currency of most lines.

    Usage of a day on which other things have an amount, and this has none, was billed at nothing.
    """
    held = list(lines)
    bill = Bill(_currency(held))
    bill.by_model = not any(_is_usage(line) and line.model is None for line in held)
    for line in held:
        if line.amount is not None and line.currency != bill.currency:
            bill.foreign[line.currency] = bill.foreign.get(line.currency, _ZERO) + line.amount
        elif _is_usage(line):
            _add_usage(bill, line)
        elif line.amount is not None:
            key = (line.category, line.item or line.category.value)
            charge = bill.charges.setdefault(key, Charge(*key))
            charge.amount += line.amount
            charge.rows += line.rows
    priced = {day for (day, _), cell in bill.cells.items() if cell.amount is not None}
    for (day, _), cell in bill.cells.items():
        if cell.amount is None and day in priced:
            cell.amount = _ZERO
    return bill


def _is_usage(line: InvoiceLine) -> bool:
    """Whether `line` is usage of a model, or of all models together."""
    return line.category is Category.USAGE and (line.model is not None or line.item is None)


def _add_usage(bill: Bill, line: InvoiceLine) -> None:
    model = (line.model if bill.by_model else None) or ALL_MODELS
    cell = bill.cells.setdefault((line.day, model), Billed())
    if line.amount is not None:
        cell.add_amount(line, line.amount)
        cell.complete &= bool(line.tokens) or not line.amount or line.kind is Kind.OTHER
    if line.tokens:
        cell.add_tokens(line)


def covered(days: Iterable[date]) -> tuple[date, date] | None:
    """The first and the last of `days`; `None` when there are none."""
    held = sorted(days)
    return (held[0], held[-1]) if held else None


def _added(first: Mapping[Name, Number], second: Mapping[Name, Number]) -> dict[Name, Number]:
    found = dict(first)
    for name, number in second.items():
        found[name] = found[name] + number if name in found else number
    return found


def _currency(lines: list[InvoiceLine]) -> str:
    counts: dict[str, int] = {}
    for line in lines:
        if line.amount is not None:
            counts[line.currency] = counts.get(line.currency, 0) + line.rows
    if not counts or "USD" in counts:
        return "USD"
    return max(counts, key=lambda code: (counts[code], code))
