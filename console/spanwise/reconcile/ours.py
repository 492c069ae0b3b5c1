"""What the store says, by day and model, in the words of an invoice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from spanwise.reconcile.invoice import TOKEN_KINDS, Kind
from spanwise.reconcile.model_name import canonical
from spanwise.semconv import values
from spanwise.store import LedgerRow


Key: TypeAlias = tuple[date, str]
"""Day and canonical model."""

UNKNOWN_MODEL: Final = "(no model)"

_ZERO: Final = Decimal(0)


@dataclass(slots=True)
class Group:
    """Calls that are equally sure of their price. `spent` is the cost by kind of token as far as it is told apart."""

    calls: int = 0
    silent: int = 0
    cost: Decimal = _ZERO
    tokens: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(TOKEN_KINDS, 0))
    spent: dict[Kind, Decimal] = field(default_factory=lambda: dict.fromkeys(TOKEN_KINDS, _ZERO))

    def add(self, row: LedgerRow) -> None:
        """Count the calls of `row`. Parts that are larger than their whole leave the whole at 0."""
        self.calls += row.calls
        self.silent += row.silent
        self.cost += row.cost or _ZERO
        uncached = max(row.input_tokens - row.cache_read_tokens - row.cache_write_tokens, 0)
        counts = (uncached, row.cache_read_tokens, row.cache_write_tokens, row.output_tokens)
        costs = (row.cost_input, row.cost_cache_read, row.cost_cache_write, row.cost_output)
        for kind, count, cost in zip(TOKEN_KINDS, counts, costs, strict=True):
            self.tokens[kind] += count
            self.spent[kind] += cost

    def merge(self, group: Group) -> None:
        """Count the calls of `group` as well."""
        self.calls += group.calls
        self.silent += group.silent
        self.cost += group.cost
        for kind in TOKEN_KINDS:
            self.tokens[kind] += group.tokens[kind]
            self.spent[kind] += group.spent[kind]

    @property
    def other(self) -> Decimal:
        """What was spent on things that are no tokens; 0 where no kind is told apart."""
        told = sum(self.spent.values(), _ZERO)
        return max(self.cost - told, _ZERO) if told else _ZERO


@dataclass(slots=True)
class Ours:
    """The calls of one day and model."""

    exact: Group = field(default_factory=Group)
    estimated: Group = field(default_factory=Group)
    unpriced: Group = field(default_factory=Group)

    def add(self, row: LedgerRow) -> None:
        """Count the calls of `row`."""
        if row.cost is None:
            self.unpriced.add(row)
        elif row.status == values.SPANWISE_COST_STATUS_ESTIMATED:
            self.estimated.add(row)
        else:
            self.exact.add(row)

    def merge(self, ours: Ours) -> None:
        """Count the calls of `ours` as well."""
        for group, other in zip(self.groups, ours.groups, strict=True):
            group.merge(other)

    @property
    def groups(self) -> tuple[Group, Group, Group]:
        """All calls, in three groups."""
        return self.exact, self.estimated, self.unpriced

    @property
    def calls(self) -> int:
        """How many calls."""
        return sum(group.calls for group in self.groups)

    @property
    def cost(self) -> Decimal:
        """What the priced ones cost."""
        return self.exact.cost + self.estimated.cost

    @property
    def other(self) -> Decimal:
        """What was spent on things that are no tokens."""
        return self.exact.other + self.estimated.other

    @property
    def tokens(self) -> Mapping[Kind, int]:
        """Tokens of all calls by kind."""
        return {kind: sum(group.tokens[kind] for group in self.groups) for kind in TOKEN_KINDS}


@dataclass(slots=True)
class Book:
    """Our side of a comparison: calls in the currency of the invoice, and how many there are in others."""

    cells: dict[Key, Ours] = field(default_factory=dict)
    foreign: dict[str, int] = field(default_factory=dict)
    oldest: date | None = None
    """The first day of the store, whichever calls are compared."""


def our_book(rows: Iterable[LedgerRow], *, currency: str, providers: Iterable[str] = ()) -> Book:
    """The calls of `rows` that one of `providers` bills (all where none is named), by day and canonical model."""
    wanted = set(providers)
    book = Book()
    for row in rows:
        book.oldest = row.day if book.oldest is None else min(book.oldest, row.day)
        if wanted and row.provider not in wanted:
            continue
        if row.cost is not None and (row.currency or "USD") != currency:
            code = row.currency or "USD"
            book.foreign[code] = book.foreign.get(code, 0) + row.calls
            continue
        model = canonical(row.model) if row.model else UNKNOWN_MODEL
        book.cells.setdefault((row.day, model), Ours()).add(row)
    return book
