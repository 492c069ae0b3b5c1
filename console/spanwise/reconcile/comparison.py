"""Invoice and store side by side, and every part of the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from spanwise.reconcile.billed import ALL_MODELS, Bill, Billed, bill_of, covered
from spanwise.reconcile.edge import with_day_edges
from spanwise.reconcile.explanation import Explanation, explanations
from spanwise.reconcile.gap import Gap, Reference, gap_of, reference
from spanwise.reconcile.invoice import Category, Invoice
from spanwise.reconcile.ours import Book, Key, Ours, our_book
from spanwise.reconcile.part import Part, Reason
from spanwise.store import LedgerRow


_ZERO: Final = Decimal(0)
OUR_SERVICES: Final = "(searches and requests here)"


class GroupBy(StrEnum):
    """What a row of a comparison is."""

    MODEL = "model"
    DAY = "day"


@dataclass(slots=True)
class Row:
    """One model or day on both sides. `invoice` is `None` where no part of it has an amount."""

    key: str
    invoice: Decimal | None = None
    ours: Decimal = _ZERO
    calls: int = 0
    requests: int | None = None
    invoice_tokens: int | None = None
    our_tokens: int = 0
    unpriced: int = 0
    estimated: int = 0

    @property
    def gap(self) -> Decimal | None:
        """Invoice less ours."""
        return None if self.invoice is None else self.invoice - self.ours


@dataclass(slots=True)
class Comparison:
    """An invoice compared with what the store says.

    `usage` and `ours` are what was charged for usage and what our calls cost; `charges` is everything else on the
    invoice: credits, taxes, purchases. `explanations` add up to `gap`, the whole invoice less ours, exactly.
    `valued` says that the invoice has no amounts and its tokens were valued at our prices. `unvalued` counts days and
    models that have no price on either side and no part in the sums.
    """

    currency: str
    first: date
    last: date
    by: GroupBy
    rows: list[Row]
    explanations: list[Explanation]
    usage: Decimal
    ours: Decimal
    charges: Decimal
    providers: tuple[str, ...]
    by_model: bool = True
    by_day: bool = True
    valued: bool = False
    unvalued: int = 0
    foreign: dict[str, Decimal] = field(default_factory=dict)
    foreign_calls: dict[str, int] = field(default_factory=dict)
    left_out: int = 0
    left_out_amount: Decimal = _ZERO
    oldest: date | None = None

    @property
    def usage_gap(self) -> Decimal:
        """Usage on the invoice less ours: what a tolerance is for."""
        return self.usage - self.ours

    @property
    def gap(self) -> Decimal:
        """The whole invoice less ours."""
        return self.usage_gap + self.charges

    @property
    def gap_percent(self) -> Decimal | None:
        """`usage_gap` in percent of the usage on the invoice; `None` where that is nothing and ours is not."""
        if self.usage:
            return abs(self.usage_gap / self.usage) * 100
        return None if self.ours else _ZERO

    def is_within(self, tolerance_percent: Decimal) -> bool:
        """Whether the two sides agree, credits and taxes apart."""
        percent = self.gap_percent
        return percent is not None and percent <= tolerance_percent


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are compared: from `first` on, before `end`; `None` sets no limit but the invoice's own days."""

    first: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` is compared."""
        return (self.first is None or day >= self.first) and (self.end is None or day < self.end)


def compare(
    invoice: Invoice,
    ledger: Sequence[LedgerRow],
    *,
    by: GroupBy = GroupBy.MODEL,
    period: Period | None = None,
    providers: Iterable[str] = (),
) -> Comparison | None:
    """`invoice` against `ledger`, on the days that the invoice covers within `period`; `None` when there are none.

    `providers` are names of the convention whose calls the invoice bills; those that its format tells where none is
    given.
    """
    within = period or Period()
    lines = [line for line in invoice.lines if within.holds(line.day)]
    days = covered([*filter(within.holds, invoice.days), *(line.day for line in lines)])
    if days is None:
        return None
    bill = bill_of(lines)
    billing = tuple(sorted(providers)) or tuple(sorted(invoice.providers))
    book = our_book(ledger, currency=bill.currency, providers=billing)
    oldest = book.oldest
    book.cells = {key: ours for key, ours in book.cells.items() if days[0] <= key[0] <= days[1]}
    if not bill.by_model or not invoice.whole_days:
        _merge(bill, book, day=None if invoice.whole_days else days[0], by_model=bill.by_model)
    return _compared(invoice, bill, book, days, by, billing, oldest)


def _merge(bill: Bill, book: Book, *, day: date | None, by_model: bool) -> None:
    """Forget what the invoice does not tell apart: models, or days."""

    def wider(key: Key) -> Key:
        return day or key[0], key[1] if by_model else ALL_MODELS

    cells: dict[Key, Billed] = {}
    for key, billed in bill.cells.items():
        held = cells.get(wider(key))
        cells[wider(key)] = billed if held is None else held.plus(billed)
    bill.cells = cells
    mine: dict[Key, Ours] = {}
    for key, ours in book.cells.items():
        mine.setdefault(wider(key), Ours()).merge(ours)
    book.cells = mine


def _compared(  # noqa: PLR0913, PLR0917 - private, one caller
    invoice: Invoice,
    bill: Bill,
    book: Book,
    days: tuple[date, date],
    by: GroupBy,
    providers: tuple[str, ...],
    oldest: date | None,
) -> Comparison:
    services = bill.service_total()
    apart = any(charge.category is Category.USAGE for charge in bill.charges.values())
    gaps = _gaps(bill, book, apart=apart, step=invoice.rounded_to, oldest=oldest if invoice.whole_days else None)
    if invoice.whole_days:
        gaps = with_day_edges(gaps)
    known = [gap for gap in gaps if gap.invoice is not None]
    our_services = sum((ours.other for ours in book.cells.values()), _ZERO) if apart else _ZERO
    parts = [part for gap in known for part in gap.parts]
    parts += _charge_parts(bill, our_services)
    rest = sum((charge.amount for charge in bill.charges.values()), _ZERO) - services
    return Comparison(
        bill.currency,
        *days,
        by,
        _rows(gaps, bill, book, by),
        explanations(parts),
        sum((gap.invoice or _ZERO for gap in known), services),
        sum((gap.ours for gap in known), our_services),
        rest,
        providers,
        by_model=bill.by_model,
        by_day=invoice.whole_days,
        valued=any(gap.valued for gap in gaps),
        unvalued=len(gaps) - len(known),
        foreign=bill.foreign,
        foreign_calls=book.foreign,
        left_out=invoice.left_out,
        left_out_amount=invoice.left_out_amount,
        oldest=oldest,
    )


def _gaps(bill: Bill, book: Book, *, apart: bool, step: Decimal | None, oldest: date | None) -> list[Gap]:
    whole: dict[str, Ours] = {}
    for (_, model), cell in book.cells.items():
        whole.setdefault(model, Ours()).merge(cell)
    found = []
    for key in sorted({*bill.cells, *book.cells}):
        ours = book.cells.get(key)
        known: Reference = reference(ours, whole.get(key[1]))
        before = oldest is not None and key[0] < oldest
        found.append(gap_of(key, bill.cells.get(key), ours, known, apart=apart, step=step, before_store=before))
    return found


def _charge_parts(bill: Bill, our_services: Decimal) -> list[Part]:
    parts = []
    for charge in bill.charges.values():
        reason = Reason.SERVICE if charge.category is Category.USAGE else Reason(charge.category.value)
        parts.append(Part(reason, None, charge.item, charge.amount))
    if our_services:
        parts.append(Part(Reason.SERVICE, None, OUR_SERVICES, -our_services))
    return parts


def _rows(gaps: Sequence[Gap], bill: Bill, book: Book, by: GroupBy) -> list[Row]:
    name: Callable[[Key], str] = (lambda key: key[1]) if by is GroupBy.MODEL else (lambda key: key[0].isoformat())
    rows: dict[str, Row] = {}
    for gap in gaps:
        row = rows.setdefault(name(gap.key), Row(name(gap.key)))
        _fill(row, gap, bill.cells.get(gap.key), book.cells.get(gap.key))
    if by is GroupBy.DAY:
        return sorted(rows.values(), key=lambda row: row.key)
    return sorted(rows.values(), key=lambda row: (-max(row.invoice or _ZERO, row.ours), row.key))


def _fill(row: Row, gap: Gap, billed: Billed | None, ours: Ours | None) -> None:
    if gap.invoice is not None:
        row.invoice = (row.invoice or _ZERO) + gap.invoice
    row.ours += gap.ours
    if ours is not None:
        row.calls += ours.calls
        row.our_tokens += sum(ours.tokens.values())
        row.unpriced += ours.unpriced.calls
        row.estimated += ours.estimated.calls
    if billed is not None and billed.requests is not None:
        row.requests = (row.requests or 0) + billed.requests
    if billed is not None and billed.counts is not None:
        row.invoice_tokens = (row.invoice_tokens or 0) + sum(billed.counts.values())
