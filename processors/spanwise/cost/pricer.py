"""`Pricer`: how the calls of a span are priced, resolved once per kind of call."""

from __future__ import annotations

from typing import TypeAlias

from spanwise.cost.book import PriceBook
from spanwise.cost.own import OwnPrices
from spanwise.cost.reading import Call, plain
from spanwise.cost.recent import Recent
from spanwise.cost.resolution import Resolution
from spanwise.cost.search import Search


_REMEMBERED = 4096
_LONGEST_NAME = 256
_Key: TypeAlias = tuple[Call, tuple[str, ...]]


class Pricer:
    """A price book and a user's own prices, asked together. Safe to use from several threads.

    What a kind of call costs is worked out once: which model of the book it is, which of the user's entries concern it,
    which region, tier and day. Then it is a dict look-up and integer arithmetic, whether the prices are the book's
    or one's own.
    """

    def __init__(self, book: PriceBook, own: OwnPrices | None = None) -> None:
        self.book = book
        self.own = own or OwnPrices()
        self.by_tenant = self.own.by_tenant
        self._ways: Recent[_Key, Resolution] = Recent(_REMEMBERED)

    def way(self, call: Call, keys: tuple[str, ...], at_s: int) -> Resolution:
        """How usages with exactly `keys` are priced that `call` made at `at_s`, in seconds since the epoch."""
        try:
            way = self._ways.young.get((call, keys))
        except TypeError:  # a list or a map where a text belongs
            return self.way(plain(call), keys, at_s)
        if way is None or not way.since_s <= at_s < way.until_s:
            return self._new_way(call, keys, at_s)
        return way

    def _new_way(self, call: Call, keys: tuple[str, ...], at_s: int) -> Resolution:
        known = self._ways.get((call, keys))
        if known is not None and known.since_s <= at_s < known.until_s:
            return known
        way = Search(self.book, self.own, call, keys, at_s).resolution()
        # Names that strangers chose are not kept when they are long.
        if all(not isinstance(value, str) or len(value) <= _LONGEST_NAME for value in call):
            self._ways.put((call, keys), way)
        return way
