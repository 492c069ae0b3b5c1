"""`spanwise reconcile`: an invoice or usage export against what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.cli.reconcile_by import ReconcileBy
from spanwise.reconcile import (
    Comparison,
    GroupBy,
    Invoice,
    Period,
    canonical,
    compare,
    comparison_table,
    document,
    notes,
    read_invoice,
    sentences,
    verdict,
)
from spanwise.report import plain
from spanwise.store import LedgerRow, Store


OUTSIDE: Final = 1
WRONG_USE: Final = 2
SHOWN_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class ReconcileOptions:
    """What is compared: whole UTC days, calls of `providers`, and how far the sums may differ, in percent."""

    by: ReconcileBy = ReconcileBy.MODEL
    since: datetime | None = None
    until: datetime | None = None
    providers: tuple[str, ...] = ()
    tolerance_percent: Decimal = Decimal(1)

    def period(self) -> Period:
        """The days asked for; a day that is partly meant is compared whole, because exports count whole days."""
        end = self.until
        return Period(
            None if self.since is None else self.since.astimezone(UTC).date(),
            None if end is None else _next_day(end.astimezone(UTC)),
        )


def tolerance(text: str) -> Decimal:
    """A tolerance in percent.

    Raises:
        ValueError: `text` is no number from 0 to 100.
    """
    try:
        found = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or not 0 <= found <= 100:
        raise ValueError(f"{text!r} is no number of percent from 0 to 100")
    return found


def reconcile_files(store: Store, files: Sequence[Path], options: ReconcileOptions, *, as_json: bool) -> int:
    """Compare invoices with the store and explain the difference.

    The exit code: 0 when usage and our costs differ by no more than the tolerance, 1 when they differ by more, 2 when
    a file cannot be read or says nothing about the time. Rows that cannot be read are named on standard error, and the
    others are compared all the same.

    Raises:
        StoreError: the store cannot be used.
    """
    ledger = _ledger(store, options)
    invoice = read_invoice(files, models={canonical(row.model) for row in ledger if row.model})
    _tell_problems(invoice)
    found = compare(invoice, ledger, by=GroupBy(options.by.value), period=options.period(), providers=options.providers)
    if found is None:
        if not invoice.unreadable:
            say("spanwise: the invoice has no rows for that time; leave out --since and --until to compare all of it")
        return WRONG_USE
    if as_json:
        show_json(_document(found, invoice, options))
    else:
        show_table(comparison_table(found))
        say(f"{found.first} to {found.last} (UTC), {_billing(found)}; {', '.join(dict.fromkeys(invoice.formats))}")
        say(verdict(found, options.tolerance_percent), *sentences(found), *notes(found))
    if invoice.unreadable:
        return WRONG_USE
    return 0 if found.is_within(options.tolerance_percent) else OUTSIDE


def _ledger(store: Store, options: ReconcileOptions) -> list[LedgerRow]:
    """All that is stored: the first day of the store says which days of the invoice it cannot explain."""
    end = options.period().end
    return store.ledger(until=None if end is None else datetime.combine(end, time(), UTC), evaluations=True)


def _next_day(moment: datetime) -> date:
    return moment.date() if moment.time() == time() else moment.date() + timedelta(days=1)


def _billing(found: Comparison) -> str:
    return f"calls of {', '.join(found.providers)}" if found.providers else "calls of every provider"


def _tell_problems(invoice: Invoice) -> None:
    shown = invoice.problems[:SHOWN_PROBLEMS]
    say(*[f"spanwise: {plain(str(problem), 400)}" for problem in shown])
    if invoice.unread > len(shown):
        say(f"spanwise: and {invoice.unread - len(shown):,} more that cannot be read")


def _document(found: Comparison, invoice: Invoice, options: ReconcileOptions) -> dict[str, object]:
    return {
        "files": invoice.files,
        "formats": list(dict.fromkeys(invoice.formats)),
        "tolerance_percent": options.tolerance_percent,
        "within_tolerance": found.is_within(options.tolerance_percent),
        **document(found),
        "unread": invoice.unread,
        "problems": [{"where": problem.where, "message": problem.message} for problem in invoice.problems],
    }
