"""One resolved set of prices: counts in, exact dollars out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from functools import reduce
from typing import Any, Final, NamedTuple, TypeAlias

from spanwise.cost.arithmetic import MAX_COUNT, Arrangement, Figures, Line, Quoting, adding
from spanwise.cost.quote import EXACT, INCOMPLETE, INCONSISTENT, NO_LIFETIME, Quote, Terms, Usage, unpriced
from spanwise.cost.unit import BUCKETS, OTHER, Unit, Units
from spanwise.semconv import values


RawPrice: TypeAlias = str | list[Any]
"""A price as it stands in `book.json`: `"2.5"`, or base and tiers `["2.5", [200000, "5"]]`."""

_SOURCE = Context(prec=28)
"""The precision genai-prices divides with; only prices per hour need it."""
_INPUT: Final = "input_tokens"
_MOST_SHAPES: Final = 64
_REQUESTS: Final = "requests"
_WRITTEN: Final = "cache_write_tokens"
_DURATIONS: Final = frozenset({"audio_seconds", "input_audio_seconds"})
_LIFETIMES: Final = ("cache_write_1h_tokens", "cache_write_5m_tokens")


class Charge(NamedTuple):
    """One line of a bill: `units` counted, of which `per` cost `price`, make `amount`. In US dollars."""

    usage_key: str
    units: int
    price: Decimal
    per: int
    amount: Decimal
    bucket: str


class Rule:
    """The prices of one model at one time in one context.

    Prices per million or thousand become whole numbers of one small unit (10**-scale dollars), so a call is priced
    with integer arithmetic. Prices per hour have no finite decimal form and take the rounding of the source.
    Every price above a threshold applies to all tokens of the call, as providers bill it.
    """

    def __init__(self, name: str, prices: Mapping[str, RawPrice], units: Units, least_audio_s: int = 0) -> None:
        table = [(units.of_price(key), _tiers(price)) for key, price in prices.items()]
        self.name = name
        self._registry = units
        self._starts = sorted({start for _, tiers in table for start, _ in tiers if start >= 0})
        self._least_audio_s = least_audio_s
        self._prices = [{unit: _at(tiers, start) for unit, tiers in table} for start in (-1, *self._starts)]
        self._units = sorted(
            (unit for unit, _ in table if unit.usage_key != _REQUESTS),
            key=lambda unit: (-len(unit.dimensions), unit.usage_key),
        )
        self._scale = _scale(self._prices)
        self._made: dict[tuple[tuple[str, ...], str], Quoting] = {}
        self._request = units.of_usage(_REQUESTS)
        self._by_lifetime = _LIFETIMES[0] in {unit.usage_key for unit in self._units}

    def prices(self, usage_key: str) -> bool:
        """Whether counts of `usage_key` have a price of their own."""
        return any(unit.usage_key == usage_key for unit in self._units)

    def quoting(self, keys: tuple[str, ...], reason: str = "") -> Quoting:
        """What prices usages with exactly `keys`. With a `reason` every amount is an estimate.

        Made once for the shapes that were used last: many names lead to one rule.
        """
        known = self._made.get((keys, reason))
        if known is None:
            if len(self._made) >= _MOST_SHAPES:
                self._made.clear()
            known = self._made[keys, reason] = self._make(keys, reason)
        return known

    def _make(self, keys: tuple[str, ...], reason: str) -> Quoting:
        status = values.SPANWISE_COST_STATUS_ESTIMATED if reason else values.SPANWISE_COST_STATUS_EXACT
        if self._scale is None or self._least_audio_s:
            quoting = self._dividing(status, reason)
        else:
            quoting = self._adding(keys, status, reason, self._scale)
        if not reason and self._by_lifetime and _WRITTEN in keys and not any(key in keys for key in _LIFETIMES):
            quoting = _assuming_lifetime(quoting)
        guards = self._guards(keys)
        return _guarded(quoting, guards) if guards else quoting

    def is_strict(self, keys: tuple[str, ...]) -> bool:
        """Whether what `quoting` returns raises `KeyError` for a usage that lacks one of `keys`."""
        return self._scale is not None and not self._least_audio_s and not self._guards(keys)

    def is_guarded(self, keys: tuple[str, ...]) -> bool:
        """Whether a usage with `keys` may be incomplete."""
        return bool(self._guards(keys))

    def charges(self, usage: Usage) -> list[Charge]:
        """The bill of `usage`, line by line, wholes without their parts; empty when the usage contradicts itself."""
        band = self._band(usage)
        counts = self._rest(self._billed_audio(usage) if self._least_audio_s else usage)
        if counts is None:
            return []
        charges = []
        for unit, price in self._prices[band].items():
            count = 1 if unit.usage_key == _REQUESTS else counts.get(unit.usage_key, 0)
            amount = _SOURCE.divide(_SOURCE.multiply(price, count), unit.per)
            if count:
                charges.append(Charge(unit.usage_key, count, price, unit.per, amount, BUCKETS[unit.bucket]))
        return charges

    def _adding(self, keys: tuple[str, ...], status: str, reason: str, scale: int) -> Quoting:
        """The usual case: integers, in code that was generated for the arrangement of `keys`."""
        lines = [unit for unit in self._units if unit.usage_key in keys]
        flat = [self._whole(self._request, band, scale) for band in range(len(self._prices))]
        used = sorted({unit.bucket for unit in lines} | ({OTHER} if any(flat) else set()))
        arrangement = Arrangement(
            tuple(
                Line(
                    tuple(place for place, part in enumerate(lines) if part.within(unit)),
                    used.index(unit.bucket),
                )
                for unit in lines
            ),
            len(used),
            len(keys) - len(lines),
            used.index(OTHER) if any(flat) else None,
        )
        buckets = tuple(BUCKETS[bucket] for bucket in used)
        priced = [unit.usage_key for unit in lines]
        others = [key for key in keys if key not in priced]
        bands = [
            adding(
                arrangement,
                Figures(priced, [self._whole(unit, band, scale) for unit in lines], others, flat[band]),
                Terms(status, reason, self._named(band), scale, 10**scale, buckets),
                _INCONSISTENT,
            )
            for band in range(len(self._prices))
        ]
        return _tiered(self._starts, bands) if len(bands) > 1 and _INPUT in keys else bands[0]

    def _dividing(self, status: str, reason: str) -> Quoting:
        """Prices per hour, and a least duration: in the arithmetic of the source, term by term in its order."""

        def quoting(usage: Usage) -> Quote:
            billed = self._billed_audio(usage) if self._least_audio_s else usage
            counts = self._rest(billed)
            if counts is None:
                return _INCONSISTENT
            band = self._band(usage)
            sums, scale = _whole_sums(self._divided(counts, band))
            return Quote(Terms(status, reason, self._named(band), scale, 10**scale, BUCKETS), sums)

        return quoting

    def _divided(self, counts: Mapping[str, int], band: int) -> list[Decimal]:
        """The total and the sum of each bucket."""
        total = Decimal(0)
        sums = [Decimal(0)] * len(BUCKETS)
        for unit, price in self._prices[band].items():
            count = 1 if unit.usage_key == _REQUESTS else counts.get(unit.usage_key, 0)
            part = _SOURCE.divide(_SOURCE.multiply(price, count), unit.per)
            total = _SOURCE.add(total, part)
            if unit.bucket != OTHER:
                sums[unit.bucket] = EXACT.add(sums[unit.bucket], part)
        # What is billed by time takes the rest, so that the buckets sum to the rounded total to the last digit.
        sums[OTHER] = EXACT.subtract(total, reduce(EXACT.add, sums))
        return [total, *sums]

    def _rest(self, usage: Usage) -> dict[str, int] | None:
        """What is left of each priced count without its parts; `None` when the counts contradict each other."""
        rest: dict[str, int] = {}
        priced = [unit for unit in self._units if unit.usage_key in usage]
        for unit in priced:
            count = usage[unit.usage_key]
            if not 0 <= count <= MAX_COUNT:
                return None
            left = count - sum(rest[part.usage_key] for part in priced if part.within(unit))
            if left < 0:
                return None
            rest[unit.usage_key] = left
        return rest

    def _guards(self, keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """What must be 0 because a total is missing: parts of it, or one of two totals that overlap in it."""
        watched = {unit.usage_key for unit in self._units} | ({_INPUT} if self._starts else set())
        given = {*keys, *_DURATIONS} if self._least_audio_s and not _DURATIONS.isdisjoint(keys) else set(keys)
        guards: list[tuple[str, ...]] = []
        for missing in sorted(watched - given):
            unit = self._registry.of_usage(missing)
            guards += [(part,) for part in self._registry.parts(unit) if part in keys]
            guards += [pair for pair in self._registry.crossings(unit) if pair[0] in keys and pair[1] in keys]
        return tuple(guards)

    def _band(self, usage: Usage) -> int:
        return bisect_left(self._starts, usage.get(_INPUT, 0)) if self._starts else 0

    def _named(self, band: int) -> str:
        return f"{self.name}>{self._starts[band - 1]}" if band else self.name

    def _whole(self, unit: Unit, band: int, scale: int) -> int:
        """The price of one `unit` in units of 10**-scale dollars; 0 when it has none."""
        price = self._prices[band].get(unit)
        if price is None:
            return 0
        numerator, denominator = price.as_integer_ratio()
        return int(numerator * 10**scale // (denominator * unit.per))

    def _billed_audio(self, usage: Usage) -> Usage:
        """`usage` with the least duration that is billed; one of 0 is billed as 0."""
        seconds = usage.get("audio_seconds") or usage.get("input_audio_seconds")
        if seconds is None or seconds < 0:
            return usage
        billed = max(seconds, self._least_audio_s) if seconds > 0 else 0
        return {**usage, **dict.fromkeys(_DURATIONS, billed)}


_INCONSISTENT: Final = unpriced(INCONSISTENT)
_INCOMPLETE: Final = unpriced(INCOMPLETE)


def _tiered(starts: Sequence[int], bands: Sequence[Quoting]) -> Quoting:
    def quoting(usage: Usage) -> Quote:
        return bands[bisect_left(starts, usage[_INPUT])](usage)

    return quoting


def _guarded(quoting: Quoting, guards: tuple[tuple[str, ...], ...]) -> Quoting:
    def guarded(usage: Usage) -> Quote:
        for guard in guards:
            if all(usage[key] > 0 for key in guard):
                return _INCOMPLETE
        return quoting(usage)

    return guarded


def _assuming_lifetime(quoting: Quoting) -> Quoting:
    def assuming(usage: Usage) -> Quote:
        quote = quoting(usage)
        return quote.estimated(NO_LIFETIME) if quote.sums and usage[_WRITTEN] else quote

    return assuming


def _whole_sums(amounts: Sequence[Decimal]) -> tuple[tuple[int, ...], int]:
    """`amounts` as whole numbers of one small unit, and its digits."""
    scale = max(0, *(-int(amount.as_tuple().exponent) for amount in amounts))
    return tuple(int(EXACT.scaleb(amount, scale)) for amount in amounts), scale


def _tiers(price: RawPrice) -> list[tuple[int, Decimal]]:
    """Thresholds in rising order with the price above each; the base price stands above -1."""
    if isinstance(price, str):
        return [(-1, Decimal(price))]
    base, *tiers = price
    steps = [(int(start), Decimal(above)) for start, above in tiers]
    return [(-1, Decimal(str(base))), *sorted(steps, key=lambda step: step[0])]


def _at(tiers: Sequence[tuple[int, Decimal]], start: int) -> Decimal:
    return [price for threshold, price in tiers if threshold <= start][-1]


def _scale(bands: Sequence[Mapping[Unit, Decimal]]) -> int | None:
    """Digits after the point that every price per single unit needs; `None` when one has no finite form."""
    digits = 0
    for unit, price in (entry for band in bands for entry in band.items()):
        per = str(unit.per)
        if per.strip("0") != "1":
            return None
        digits = max(digits, len(per) - 1 - int(price.as_tuple().exponent))
    return digits
