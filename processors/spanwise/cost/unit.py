"""What can be counted and priced: the units of the price book and how they contain each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias


RawUnit: TypeAlias = Sequence[Any]
"""`[usage key, price key, per, dimensions]` as it stands in `book.json`."""

BUCKETS = ("input", "cache_read", "cache_write", "output", "other")
"""Where the cost of a unit is shown: tokens by direction and cache, and everything not counted in tokens as `other`."""
OTHER = BUCKETS.index("other")

IMAGES: Final = "output_images"
WALL: Final = "wall_us"
"""How long the call took, in microseconds: what a machine of one's own is paid for."""
OWN: Final[tuple[RawUnit, ...]] = (
    (IMAGES, "image", 1, {"family": "images", "direction": "output"}),
    (WALL, "second", 10**6, {"family": "wall time"}),
)
"""Units that no price book has and prices of one's own may use."""


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One thing that is billed. A unit with more dimensions is contained in every unit whose dimensions it has."""

    usage_key: str
    price_key: str
    per: int
    dimensions: frozenset[tuple[str, str]]
    bucket: int

    def within(self, other: Unit) -> bool:
        """Whether everything this unit counts is counted by `other` too, itself left out."""
        return self is not other and self.dimensions >= other.dimensions


class Units:
    """The units of one book."""

    def __init__(self, raw: Iterable[RawUnit]) -> None:
        self._units = [_unit(*entry) for entry in (*raw, *OWN)]
        self._by_price = {unit.price_key: unit for unit in self._units}
        self._by_usage = {unit.usage_key: unit for unit in self._units}

    def of_price(self, price_key: str) -> Unit:
        """The unit that `price_key` is the price of.

        Raises:
            KeyError: The book has no such unit.
        """
        return self._by_price[price_key]

    def of_usage(self, usage_key: str) -> Unit:
        """The unit counted under `usage_key`.

        Raises:
            KeyError: The book has no such unit.
        """
        return self._by_usage[usage_key]

    def parts(self, unit: Unit) -> frozenset[str]:
        """The usage keys that count a part of `unit`."""
        return frozenset(other.usage_key for other in self._units if other.within(unit))

    def crossings(self, unit: Unit) -> tuple[tuple[str, str], ...]:
        """The pairs of usage keys that overlap in exactly `unit`: cached and audio input overlap in cached audio."""
        wider = [other for other in self._units if unit.within(other)]
        return tuple(
            (left.usage_key, right.usage_key)
            for index, left in enumerate(wider)
            for right in wider[index + 1 :]
            if left.dimensions | right.dimensions == unit.dimensions
            and not left.within(right)
            and not right.within(left)
        )


def _unit(usage_key: str, price_key: str, per: int, dimensions: Mapping[str, str]) -> Unit:
    return Unit(usage_key, price_key, per, frozenset(dimensions.items()), _bucket(dimensions))


def _bucket(dimensions: Mapping[str, str]) -> int:
    if dimensions.get("family") != "tokens":
        return OTHER
    kind = dimensions.get("token_type")
    return BUCKETS.index(kind if kind in {"cache_read", "cache_write"} else dimensions["direction"])
