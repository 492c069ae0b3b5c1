"""What changed between two periods: the difference of their costs, taken apart so that it adds up to the last cent.

What calls cost is their number, times what each model's share of them is, times the tokens of a call, times the price
of a token. Each of the four is changed from the first period's value to the second's, in every order; a factor's
effect is the mean of what its change does (its Shapley value). So the effects sum to the difference exactly, and none
depends on which is changed first. A model that one period alone has has no tokens and prices to compare: what it
brings or takes away is mix.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from spanwise.store import LedgerRow


Model: TypeAlias = tuple[str, str]
"""Provider and model."""

VOLUME: Final = "volume"
MIX: Final = "mix"
TOKENS: Final = "tokens"
PRICE: Final = "price"
FACTORS: Final = (VOLUME, MIX, TOKENS, PRICE)

_USD: Final = "USD"
_ORDERS: Final = tuple(itertools.permutations(FACTORS))
_SUBSETS: Final = frozenset(frozenset(order[:size]) for order in _ORDERS for size in range(len(FACTORS) + 1))
_BUCKETS: Final = ("input", "cache_read", "cache_write", "output", "other")
_NO_TOKENS: Final = "other"
"""What is charged otherwise than by tokens: requests, searches, amounts that a provider sends whole."""


@dataclass(slots=True)
class Usage:
    """What the priced calls of one model used and cost in one period.

    Attributes:
        calls: how many.
        amounts: tokens by bucket, none of them counted twice; `other` counts the calls.
        costs_usd: dollars by bucket.
    """

    calls: int = 0
    amounts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_BUCKETS, 0))
    costs_usd: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(_BUCKETS, Fraction(0)))

    def add(self, row: LedgerRow) -> None:
        """Add the calls of `row`, which have a price in US dollars."""
        cost_usd = Fraction(row.cost or 0)
        parts = dict(
            zip(_BUCKETS, (row.cost_input, row.cost_cache_read, row.cost_cache_write, row.cost_output), strict=False)
        )
        plain = max(row.input_tokens - row.cache_read_tokens - row.cache_write_tokens, 0)
        counts = (plain, row.cache_read_tokens, row.cache_write_tokens, row.output_tokens)
        tokens = dict(zip(_BUCKETS, counts, strict=False))
        self.calls += row.calls
        for bucket, part in parts.items():
            # A price without tokens to go with it is no price per token.
            home = bucket if tokens[bucket] else _NO_TOKENS
            self.amounts[bucket] += tokens[bucket]
            self.costs_usd[home] += Fraction(part)
        self.amounts[_NO_TOKENS] += row.calls
        self.costs_usd[_NO_TOKENS] += cost_usd - sum(map(Fraction, parts.values()))

    def per_call(self, bucket: str) -> Fraction:
        """Tokens of a call; of `other`, 1."""
        return Fraction(self.amounts[bucket], self.calls) if self.calls else Fraction(0)

    def price(self, bucket: str) -> Fraction | None:
        """Dollars for a token, or for what is `other` about a call; `None` where there were none."""
        return self.costs_usd[bucket] / self.amounts[bucket] if self.amounts[bucket] else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one model contributes to the difference, in US dollars: its parts by factor, and their sum."""

    model: Model
    before_usd: Decimal
    after_usd: Decimal
    calls_before: int
    calls_after: int
    factors_usd: Mapping[str, Decimal]

    @property
    def change_usd(self) -> Decimal:
        """By how much the cost of the model changed."""
        return self.after_usd - self.before_usd


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two periods.

    Attributes:
        before_usd: cost of the priced calls of the first.
        after_usd: of the second.
        factors_usd: what each factor did; they sum to the difference exactly.
        effects: the same by model, the largest change first; they sum to it too.
        left_out: calls without a price in US dollars, of the first and of the second period; in no sum.
    """

    before_usd: Decimal
    after_usd: Decimal
    factors_usd: Mapping[str, Decimal]
    effects: tuple[Effect, ...]
    left_out: tuple[int, int]

    @property
    def change_usd(self) -> Decimal:
        """By how much the cost changed."""
        return self.after_usd - self.before_usd


def change(before: Sequence[LedgerRow], after: Sequence[LedgerRow]) -> Change:
    """The difference between what the calls of `before` and those of `after` cost."""
    first, second = _usages(before), _usages(after)
    effects = sorted(
        (_effect(model, first, second) for model in first.keys() | second.keys()),
        key=lambda effect: (-abs(effect.change_usd), effect.model),
    )
    factors = {factor: sum((effect.factors_usd[factor] for effect in effects), Decimal(0)) for factor in FACTORS}
    return Change(
        sum((effect.before_usd for effect in effects), Decimal(0)),
        sum((effect.after_usd for effect in effects), Decimal(0)),
        factors,
        tuple(effects),
        (_left_out(before), _left_out(after)),
    )


def _is_priced(row: LedgerRow) -> bool:
    return row.cost is not None and row.currency == _USD


def _left_out(rows: Iterable[LedgerRow]) -> int:
    return sum(row.calls for row in rows if not _is_priced(row))


def _usages(rows: Iterable[LedgerRow]) -> dict[Model, Usage]:
    found: dict[Model, Usage] = defaultdict(Usage)
    for row in rows:
        if _is_priced(row):
            found[row.provider or "", row.model or ""].add(row)
    return dict(found)


def _effect(model: Model, first: Mapping[Model, Usage], second: Mapping[Model, Usage]) -> Effect:
    before, after = first.get(model, Usage()), second.get(model, Usage())
    calls = (_calls(first), _calls(second))
    parts = dict.fromkeys(FACTORS, Fraction(0))
    costs = {changed: _cost(before, after, calls, changed) for changed in _SUBSETS}
    for order in _ORDERS:
        changed: frozenset[str] = frozenset()
        for factor in order:
            parts[factor] += (costs[changed | {factor}] - costs[changed]) / len(_ORDERS)
            changed |= {factor}
    before_usd, after_usd = (_decimal(sum(usage.costs_usd.values(), Fraction(0))) for usage in (before, after))
    factors = {factor: _decimal(part) for factor, part in parts.items()}
    # Fractions of a dollar that no decimal has, as a third, go to the factor that is largest anyway.
    largest = max(FACTORS, key=lambda factor: (abs(factors[factor]), factor))
    factors[largest] += after_usd - before_usd - sum(factors.values(), Decimal(0))
    return Effect(model, before_usd, after_usd, before.calls, after.calls, factors)


def _calls(usages: Mapping[Model, Usage]) -> int:
    return sum(usage.calls for usage in usages.values())


def _cost(before: Usage, after: Usage, calls: tuple[int, int], changed: frozenset[str]) -> Fraction:
    """What the model would cost with the second period's value of what is `changed`, and the first's of the rest."""
    volume = calls[VOLUME in changed]
    share = _share(before, after, calls, second=MIX in changed)
    # What a model has in one period only is the same in the other.
    tokens = (before, after)[TOKENS in changed]
    tokens = tokens if tokens.calls else (after, before)[TOKENS in changed]
    per_call = Fraction(0)
    for bucket in _BUCKETS:
        prices = before.price(bucket), after.price(bucket)
        price = prices[PRICE in changed]
        price = price if price is not None else prices[PRICE not in changed]
        per_call += tokens.per_call(bucket) * (price or 0)
    return volume * share * per_call


def _share(before: Usage, after: Usage, calls: tuple[int, int], *, second: bool) -> Fraction:
    usage, total = (after, calls[1]) if second else (before, calls[0])
    if not total:
        # A period without calls has no shares: those of the other one, so that all of the change is volume.
        usage, total = (before, calls[0]) if second else (after, calls[1])
    return Fraction(usage.calls, total) if total else Fraction(0)


def _decimal(part: Fraction) -> Decimal:
    """`part` as a decimal with twelve places, those of the store."""
    return Decimal(round(part * 10**12)).scaleb(-12)
