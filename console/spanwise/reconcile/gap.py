"""The gap of one day and model, taken apart so that the parts add up to it exactly.

Invoice less ours is split as accountants split a variance: usage that one side lacks is valued at our prices, and what
is left at equal tokens is the price. Prices of ours are what exactly priced calls of the same day cost per token, else
those of other days, else those of estimated calls, else those of the invoice. The last part is always the remainder,
so no division leaves a cent over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final, TypeAlias

from spanwise.reconcile.billed import Billed
from spanwise.reconcile.invoice import TOKEN_KINDS, Kind
from spanwise.reconcile.ours import Group, Key, Ours
from spanwise.reconcile.part import Part, Reason


Prices: TypeAlias = dict[Kind, Decimal]
"""Money per token, for the kinds whose price is known."""

_ZERO: Final = Decimal(0)
_STEP: Final = Decimal("1e-12")
_WIDE: Final = Context(prec=60)
_OUR_ROUNDING: Final = Decimal("1e-9")
"""Per call: amounts are binary fractions on the way to the store."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Prices to value usage at. `exact` says that they come from calls whose price is exact."""

    prices: Prices
    exact: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """One day and model on both sides. `invoice` is `None` where only tokens were exported and no price is known.

    `ours` leaves out what is compared with services. `valued` says that `invoice` is tokens at our prices.
    """

    key: Key
    invoice: Decimal | None
    ours: Decimal
    parts: tuple[Part, ...]
    valued: bool = False

    @property
    def amount(self) -> Decimal:
        """Invoice less ours; 0 where the invoice has no amount."""
        return _ZERO if self.invoice is None else self.invoice - self.ours


def unit_prices(group: Group) -> Prices:
    """What one token of each kind cost in `group`, for the kinds that cost something."""
    return {
        kind: _WIDE.divide(group.spent[kind], Decimal(group.tokens[kind]))
        for kind in TOKEN_KINDS
        if group.tokens[kind] and group.spent[kind]
    }


def reference(cell: Ours | None, whole: Ours | None) -> Reference:
    """The prices of exact calls of `cell`, filled up with those of the `whole` model, then with estimated ones."""
    prices: Prices = {}
    exact = False
    for source in (cell, whole):
        if source is not None:
            found = unit_prices(source.exact)
            exact = exact or bool(found)
            prices = {**found, **prices}
    for source in (cell, whole):
        if source is not None:
            prices = {**unit_prices(source.estimated), **prices}
    return Reference(prices, exact)


def gap_of(  # noqa: PLR0913 - the two sides, and what they are judged by
    key: Key,
    billed: Billed | None,
    ours: Ours | None,
    known: Reference,
    *,
    apart: bool,
    step: Decimal | None,
    before_store: bool = False,
) -> Gap:
    """The gap between what was `billed` and `ours`.

    `apart` leaves out what we spent on things that are no tokens, because the invoice bills them apart. `step` is what
    the invoice rounds each row to. `before_store` says that the store holds nothing from that day.
    """
    spent = _ZERO if ours is None else ours.cost - (ours.other if apart else _ZERO)
    invoice, valued = _invoice(billed, known)
    if invoice is None:
        return Gap(key, None, spent, ())
    if billed is None or (ours is None) != (billed is None):
        part = _one_sided(key, invoice, spent, billed, ours, before_store=before_store)
        return Gap(key, invoice, spent, (part,), valued)
    assert ours is not None
    parts = tuple(_Both(key, billed, ours, known, invoice - spent, step).parts())
    return Gap(key, invoice, spent, parts, valued)


def _invoice(billed: Billed | None, known: Reference) -> tuple[Decimal | None, bool]:
    """The amount of the invoice, or its tokens at our prices."""
    if billed is None:
        return _ZERO, False
    if billed.amount is not None:
        return billed.amount, False
    counts = billed.counts or {}
    if any(count and kind not in known.prices for kind, count in counts.items()):
        return None, False
    return _value(counts, known.prices), True


def _one_sided(  # noqa: PLR0913 - see gap_of
    key: Key, invoice: Decimal, spent: Decimal, billed: Billed | None, ours: Ours | None, *, before_store: bool
) -> Part:
    if billed is None:
        assert ours is not None
        return Part(Reason.NOT_BILLED, *key, -spent, ours.calls, sum(ours.tokens.values()))
    reason = Reason.BEFORE_STORE if before_store else Reason.NOT_SEEN
    tokens = sum((billed.counts or {}).values())
    return Part(reason, *key, invoice, billed.requests or 0, tokens, tiers=billed.tiers, tier_tokens=tokens)


def _value(tokens: Mapping[Kind, int], prices: Prices) -> Decimal:
    """`tokens` at `prices`; a kind without a price is worth nothing."""
    total = _ZERO
    for kind, count in tokens.items():
        if count and kind in prices:
            total = _WIDE.add(total, _WIDE.multiply(prices[kind], Decimal(count)))
    return total.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=_WIDE)


class _Both:
    """A day and model that stands on both sides."""

    def __init__(  # noqa: PLR0913, PLR0917 - see gap_of
        self, key: Key, billed: Billed, ours: Ours, known: Reference, gap: Decimal, step: Decimal | None
    ) -> None:
        self._key = key
        self._billed = billed
        self._ours = ours
        self._gap = gap
        self._exact = known.exact
        self._counts = billed.counts
        self._prices = _filled(known.prices, billed, ours)
        self._bound = _OUR_ROUNDING * max(ours.calls, 1)
        if step is not None:
            self._bound += step / 2 * billed.priced_rows

    def parts(self) -> Iterator[Part]:
        """The parts, the remainder last."""
        found = [*self._unpriced(), *self._estimated(), *self._usage()]
        yield from found
        left = self._gap - sum((part.amount for part in found), _ZERO)
        if discount := self._discount():
            left -= discount
            yield self._part(Reason.DISCOUNT, discount, base=self._billed.listed)
        if left:
            yield self._part(self._remainder(left), left, base=self._base())

    def _unpriced(self) -> Iterator[Part]:
        group = self._ours.unpriced
        if self._counts is None and not self._ours.cost:
            # Nothing is priced and nothing counted: all that was billed is what we have no price for.
            value = self._gap - self._discount()
            yield self._part(Reason.UNPRICED, value, group.calls, sum(group.tokens.values()))
        elif value := _value(group.tokens, self._prices):
            yield self._part(Reason.UNPRICED, value, group.calls, sum(group.tokens.values()))

    def _discount(self) -> Decimal:
        """What the invoice takes off its own list prices, as a negative amount."""
        return _ZERO if self._billed.amount is None else self._billed.amount - self._billed.listed

    def _estimated(self) -> Iterator[Part]:
        group = self._ours.estimated
        if not (self._exact and group.calls):
            return
        spent = group.cost - group.other
        if value := _value(group.tokens, self._prices) - spent:
            yield self._part(Reason.ESTIMATED, value, group.calls, sum(group.tokens.values()))

    def _usage(self) -> Iterator[Part]:
        """Tokens that one side has and the other lacks."""
        if self._counts is None:
            return
        mine = self._ours.tokens
        more = {kind: self._counts[kind] - mine[kind] for kind in TOKEN_KINDS}
        value = _value(more, self._prices)
        if not value:
            return
        tokens = abs(sum(more.values()))
        silent = self._silent(value)
        if silent:
            yield self._part(Reason.UNPRICED, silent, sum(group.silent for group in self._ours.groups))
        if value != silent:
            reason, calls = self._missing(value)
            yield self._part(reason, value - silent, calls, tokens)

    def _silent(self, value: Decimal) -> Decimal:
        """What calls that reported no usage will have used: as much as the others did on average, at most `value`."""
        silent = sum(group.silent for group in self._ours.groups)
        if not silent or value <= 0:
            return _ZERO
        telling = self._ours.calls - silent
        if not telling or (self._billed.requests is not None and self._billed.requests <= self._ours.calls):
            return value
        each = _WIDE.divide(_value(self._ours.tokens, self._prices), Decimal(telling))
        return min(value, (each * silent).quantize(_STEP, context=_WIDE))

    def _missing(self, value: Decimal) -> tuple[Reason, int]:
        """What usage that one side lacks means, and how many calls it is."""
        requests = self._billed.requests
        if requests is None:
            return (Reason.NOT_SEEN if value > 0 else Reason.NOT_BILLED), 0
        if requests > self._ours.calls and value > 0:
            return Reason.NOT_SEEN, requests - self._ours.calls
        if requests < self._ours.calls and value < 0:
            return Reason.NOT_BILLED, self._ours.calls - requests
        return Reason.TOKENS, requests

    def _remainder(self, left: Decimal) -> Reason:
        if abs(left) <= self._bound:
            return Reason.ROUNDING
        if self._ours.estimated.calls and not self._exact:
            return Reason.ESTIMATED
        return Reason.UNDETERMINED if self._counts is None else Reason.PRICE

    def _base(self) -> Decimal:
        """What the usage that both sides have costs at our prices."""
        if self._counts is None:
            return self._ours.cost
        return _value(self._counts, self._prices)

    def _part(self, reason: Reason, amount: Decimal, calls: int = 0, tokens: int = 0, base: Decimal = _ZERO) -> Part:
        counted = sum((self._counts or {}).values())
        return Part(reason, *self._key, amount, calls, tokens, base, self._billed.tiers, counted)


def _filled(prices: Prices, billed: Billed, ours: Ours) -> Prices:
    """`prices` with those of the invoice for kinds that have none, by kind or, where it has one sum, by token."""
    counts = billed.counts
    if counts is None:
        return prices
    mine = ours.tokens
    missing = [kind for kind in TOKEN_KINDS if kind not in prices and (counts[kind] or mine[kind])]
    filled = dict(prices)
    rest, tokens = billed.amount or _ZERO, 0
    for kind in TOKEN_KINDS:
        if kind in missing and counts[kind] and kind in billed.spent:
            filled[kind] = _WIDE.divide(billed.spent[kind], Decimal(counts[kind]))
        if kind in filled:
            rest -= _value({kind: counts[kind]}, filled)
        elif kind in missing:
            tokens += counts[kind]
    for kind in missing:
        if kind not in filled and tokens and rest > 0 and billed.amount is not None:
            filled[kind] = _WIDE.divide(rest, Decimal(tokens))
    return filled
