"""What an invoice or usage export says, whatever format it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from spanwise.reconcile.value import BadValue


class Kind(StrEnum):
    """What tokens are billed as. `input` is input at full price, `other` whatever is not counted in tokens."""

    INPUT = "input"
    CACHE_READ = "cache_read"
    CACHE_WRITE = "cache_write"
    OUTPUT = "output"
    OTHER = "other"


MAX_LINES: Final = 200_000
"""Different lines held at most; a year of 100 models has 150,000."""

MAX_PROBLEMS: Final = 100
"""Bad rows named at most."""

TOKEN_KINDS: Final = (Kind.INPUT, Kind.CACHE_READ, Kind.CACHE_WRITE, Kind.OUTPUT)


class Category(StrEnum):
    """What a line is charged for. All but `usage` are told apart, because no call of ours can explain them."""

    USAGE = "usage"
    CREDIT = "credit"
    TAX = "tax"
    REFUND = "refund"
    PURCHASE = "purchase"
    ADJUSTMENT = "adjustment"


Key: TypeAlias = tuple[date, str | None, str | None, Kind | None, Category, str, str | None, bool]
"""What the lines that are added up have in common; the last says whether they have no amount."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line, or several equal ones added up. Days are UTC; amounts are in the main unit of `currency`, not in cents.

    `model` is a canonical name; where a line names none, `item` says what it is for, and a usage line without either is
    the total of a day. `amount` is `None` in a usage export. `tokens` is empty where the line counts none.
    `list_amount` is the amount before discounts, where the format tells it. `tier` says how the usage was processed
    where that has another price: `batch`, `flex`, `priority`.
    """

    day: date
    model: str | None = None
    item: str | None = None
    kind: Kind | None = None
    category: Category = Category.USAGE
    amount: Decimal | None = None
    list_amount: Decimal | None = None
    currency: str = "USD"
    tokens: Mapping[Kind, int] = field(default_factory=dict)
    requests: int | None = None
    tier: str | None = None
    rows: int = 1

    def key(self) -> Key:
        """What lines that may be added up have in common."""
        return (
            self.day,
            self.model,
            self.item,
            self.kind,
            self.category,
            self.currency,
            self.tier,
            self.amount is None,
        )

    def plus(self, other: InvoiceLine) -> InvoiceLine:
        """Both lines as one. A list amount that one of them lacks is its amount."""
        tokens = dict(self.tokens)
        for kind, count in other.tokens.items():
            tokens[kind] = tokens.get(kind, 0) + count
        listed = None
        if self.list_amount is not None or other.list_amount is not None:
            listed = _sum(self.list_amount, self.amount) + _sum(other.list_amount, other.amount)
        return InvoiceLine(
            self.day,
            self.model,
            self.item,
            self.kind,
            self.category,
            None if self.amount is None else self.amount + (other.amount or 0),
            listed,
            self.currency,
            tokens,
            None if self.requests is None else self.requests + (other.requests or 0),
            self.tier,
            self.rows + other.rows,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """A row or file that cannot be read: where it stands, and what is wrong with it."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(slots=True)
class Invoice:
    """Everything read from one or several files, equal lines added up so that memory stays bounded.

    `days` are covered even where nothing was billed. `providers` are names of the convention whose calls the files
    bill, empty where they do not say. `rounded_to` is the step to which a format rounds each amount, `None` where all
    are exact. `whole_days` is false where a usage line covers more than a day. `left_out` counts rows of services that
    are no models, `left_out_amount` is their sum.
    """

    files: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)
    rounded_to: Decimal | None = None
    whole_days: bool = True
    left_out: int = 0
    left_out_amount: Decimal = Decimal(0)
    problems: list[Problem] = field(default_factory=list)
    unread: int = 0
    unreadable: int = 0
    _lines: dict[Key, InvoiceLine] = field(default_factory=dict)

    @property
    def lines(self) -> list[InvoiceLine]:
        """The lines, equal ones added up, in the order of their first."""
        return list(self._lines.values())

    def add(self, line: InvoiceLine) -> None:
        """Take a line.

        Raises:
            BadValue: there are too many different ones.
        """
        key = line.key()
        held = self._lines.get(key)
        if held is None and len(self._lines) >= MAX_LINES:
            raise BadValue(f"more than {MAX_LINES:,} different days, models and items; cut the export into months")
        self._lines[key] = line if held is None else held.plus(line)
        self.days.add(line.day)

    def complain(self, where: str, message: str) -> None:
        """Remember a row that cannot be read; only the first `MAX_PROBLEMS` are kept, all are counted."""
        self.unread += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(where, message))

    def refuse(self, file: str, message: str) -> None:
        """Remember a file that cannot be read at all."""
        self.unreadable += 1
        self.complain(file, message)


def _sum(listed: Decimal | None, amount: Decimal | None) -> Decimal:
    return listed if listed is not None else amount or Decimal(0)
