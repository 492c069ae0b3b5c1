"""What a repricing changes, added up by model and currency."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.store import StoredPrice, cost_amount


Key: TypeAlias = tuple[str | None, str]
"""Model and currency."""

MAX_ROWS: Final = 1_000
"""Models told apart; calls of further ones are added up in one row."""

OTHER_MODELS: Final = "(other models)"

_USD: Final = "USD"
_NONE: Final = "none"
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class StatusChange:
    """How many calls went from one status to another; `none` where a call had not been priced at all."""

    before: str
    after: str
    calls: int


@dataclass(slots=True)
class DifferenceRow:
    """What the calls of one model cost in one currency, before and after.

    `old` and `new` are sums of the known prices, exact to twelve decimals. A call whose currency changes leaves one row
    and enters another; it counts as a call of the row it enters.
    """

    model: str | None
    currency: str
    calls: int = 0
    changed: int = 0
    old: Decimal = _ZERO
    new: Decimal = _ZERO
    newly_priced: int = 0
    became_unpriced: int = 0
    unpriced: int = 0

    @property
    def difference(self) -> Decimal:
        """`new` less `old`."""
        return self.new - self.old


@dataclass(slots=True)
class Difference:
    """Adds up calls. Memory is bounded by `MAX_ROWS` and the number of statuses."""

    _rows: dict[Key, DifferenceRow] = field(default_factory=dict)
    _statuses: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, old: StoredPrice, record: SpanRecord) -> None:
        """Count a call that cost `old` and now costs what `record` says."""
        amount, currency = cost_amount(record), record.text(attr.GEN_AI_USAGE_COST_CURRENCY)
        status = record.text(attr.SPANWISE_COST_STATUS)
        model = record.text(attr.GEN_AI_REQUEST_MODEL) or record.text(attr.GEN_AI_RESPONSE_MODEL)
        before = _currency(old.amount, old.currency)
        row = self._row(model, _currency(amount, currency) or before or _USD)
        row.calls += 1
        row.changed += (old.amount, before, old.status) != (amount, _currency(amount, currency), status)
        row.new += amount or _ZERO
        row.unpriced += amount is None
        row.newly_priced += old.amount is None and amount is not None
        row.became_unpriced += old.amount is not None and amount is None
        if old.amount is not None:
            self._row(model, before or _USD).old += old.amount
        if old.status != status:
            self._statuses[old.status or _NONE, status or _NONE] += 1

    def rows(self) -> list[DifferenceRow]:
        """The rows, largest difference first."""
        return sorted(
            self._rows.values(), key=lambda row: (-abs(row.difference), -row.new, row.model or "", row.currency)
        )

    def totals(self) -> list[DifferenceRow]:
        """One row per currency, without a model: the exact sums of the rows."""
        sums: dict[str, DifferenceRow] = {}
        for row in self.rows():
            total = sums.setdefault(row.currency, DifferenceRow(None, row.currency))
            for name in ("calls", "changed", "old", "new", "newly_priced", "became_unpriced", "unpriced"):
                setattr(total, name, getattr(total, name) + getattr(row, name))
        return [sums[currency] for currency in sorted(sums, key=lambda code: (code != _USD, code))]

    def statuses(self) -> list[StatusChange]:
        """The changes of status, most frequent first."""
        return [StatusChange(*change, calls) for change, calls in sorted(self._statuses.items(), key=_most_first)]

    def _row(self, model: str | None, currency: str) -> DifferenceRow:
        key = (model, currency)
        if key not in self._rows and len(self._rows) >= MAX_ROWS:
            key = (OTHER_MODELS, currency)
        return self._rows.setdefault(key, DifferenceRow(*key))


def _currency(amount: Decimal | None, currency: str | None) -> str | None:
    """The currency of an amount; dollars where it has none, as the store reads it."""
    return None if amount is None else currency or _USD


def _most_first(entry: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -entry[1], entry[0]
