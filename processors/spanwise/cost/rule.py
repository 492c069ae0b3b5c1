"""One resolved set of prices: counts in, exact dollars out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

from spanwise.cost.quote import INCOMPLETE, INCONSISTENT, Usage
from spanwise.cost.unit import BUCKETS, OTHER, Unit, Units


RawPrice: TypeAlias = str | list[Any]
"""A price as it stands in `book.json`: `"2.5"`, or base and tiers `["2.5", [200000, "5"]]`."""
Amounts: TypeAlias = tuple[Decimal, dict[str, Decimal]]
"""The total and its buckets without zeros, in US dollars."""

MAX_COUNT = 10**12
"""More of anything in one call is a fault of the reporter; keeps micro-dollars inside 64 bits."""

EXACT = Context(prec=100)
"""Wide enough that no sum or product of counts and prices is rounded, whatever context the application has set."""
_times = EXACT.multiply
_SOURCE = Context(prec=28)
"""The precision genai-prices divides with; only prices per hour need it."""
_INPUT = "input_tokens"
_REQUESTS = "requests"
_MOST_SHAPES = 64


class _Shape(NamedTuple):
    """How a usage with certain keys is priced."""

    guards: tuple[tuple[str, ...], ...]
    """Keys that cannot all be counted, because something they belong to was not reported."""
    bands: list[list[tuple[str, tuple[int, ...], int, str]]]
    """Per tier: key, places of its parts, whole-number price and bucket of every priced unit, parts first."""


class Rule:
    """The prices of one model at one time in one context.

    Prices per million or thousand become whole numbers of one small unit (10**-scale dollars), so a call is priced
    with integer arithmetic. Prices per hour have no finite decimal form and take the rounding of the source.
    Every price above a threshold applies to all tokens of the call, as providers bill it.
    """

    def __init__(self, name: str, prices: Mapping[str, RawPrice], units: Units, least_audio_s: int = 0) -> None:
        table = [(units.of_price(key), _tiers(price)) for key, price in prices.items()]
        self._registry = units
        self._starts = sorted({start for _, tiers in table for start, _ in tiers if start >= 0})
        self._names = [name, *(f"{name}>{start}" for start in self._starts)]
        self._least_audio_s = least_audio_s
        self._prices = [{unit: _at(tiers, start) for unit, tiers in table} for start in (-1, *self._starts)]
        self._units = sorted(
            (unit for unit, _ in table if unit.usage_key != _REQUESTS),
            key=lambda unit: (-len(unit.dimensions), unit.usage_key),
        )
        self._scale = _scale(self._prices)
        self._smallest = Decimal((0, (1,), -(self._scale or 0)))
        requests = units.of_usage(_REQUESTS)
        self._requests = [self._whole(requests, band) for band in range(len(self._prices))]
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self.by_lifetime = "cache_write_1h_mtok" in prices

    def price(self, usage: Usage) -> tuple[Amounts, str] | str:
        """The amounts of `usage` and the name of the rule, or the reason why there is none."""
        if self._least_audio_s:
            usage = self._billed_audio(usage)
        shape = self._shapes.get(tuple(usage)) or self._shape(tuple(usage))
        for guard in shape.guards:
            if all(usage[key] > 0 for key in guard):
                return INCOMPLETE
        band = bisect_left(self._starts, usage.get(_INPUT, 0)) if self._starts else 0
        counts: list[int] = []
        request = self._requests[band]
        sums = {BUCKETS[OTHER]: request} if request else {}
        for key, parts, price, bucket in shape.bands[band]:
            count = usage[key]
            if not 0 <= count <= MAX_COUNT:
                return INCONSISTENT
            for part in parts:
                count -= counts[part]
            if count < 0:
                return INCONSISTENT
            counts.append(count)
            if count and price:
                sums[bucket] = sums.get(bucket, 0) + count * price
        if self._scale is None:
            left = dict(zip((step[0] for step in shape.bands[band]), counts, strict=True))
            return self._divided(left, band), self._names[band]
        smallest = self._smallest
        buckets = {bucket: _times(value, smallest) for bucket, value in sums.items()}
        return (_times(sum(sums.values()), smallest), buckets), self._names[band]

    def _shape(self, keys: tuple[str, ...]) -> _Shape:
        priced = [unit for unit in self._units if unit.usage_key in keys]
        places = [tuple(place for place, part in enumerate(priced) if part.within(unit)) for unit in priced]
        bands = [
            [
                (unit.usage_key, parts, self._whole(unit, band), BUCKETS[unit.bucket])
                for unit, parts in zip(priced, places, strict=True)
            ]
            for band in range(len(self._prices))
        ]
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        shape = self._shapes[keys] = _Shape(self._guards(keys), bands)
        return shape

    def _guards(self, keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """What must be 0 because a total is missing: parts of it, or one of two totals that overlap in it."""
        watched = {unit.usage_key for unit in self._units} | ({_INPUT} if self._starts else set())
        guards: list[tuple[str, ...]] = []
        for missing in sorted(watched.difference(keys)):
            unit = self._registry.of_usage(missing)
            guards += [(part,) for part in self._registry.parts(unit) if part in keys]
            guards += [pair for pair in self._registry.crossings(unit) if pair[0] in keys and pair[1] in keys]
        return tuple(guards)

    def _whole(self, unit: Unit, band: int) -> int:
        """The price of one `unit` in units of 10**-scale dollars; 0 when it has none."""
        price = self._prices[band].get(unit)
        if price is None or self._scale is None:
            return 0
        numerator, denominator = price.as_integer_ratio()
        return int(numerator * 10**self._scale // (denominator * unit.per))

    def _divided(self, counts: Mapping[str, int], band: int) -> Amounts:
        """Amounts in the arithmetic of the source, term by term in its order."""
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
        return total, {name: value for name, value in zip(BUCKETS, sums, strict=True) if value}

    def _billed_audio(self, usage: Usage) -> Usage:
        seconds = usage.get("audio_seconds") or usage.get("input_audio_seconds")
        if seconds is None:
            return usage
        billed = max(seconds, self._least_audio_s) if seconds > 0 else 0
        return {**usage, "audio_seconds": billed, "input_audio_seconds": billed}


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
