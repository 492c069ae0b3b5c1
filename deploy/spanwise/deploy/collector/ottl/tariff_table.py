"""`TariffTable`: every model of a price book with the prices that hold on its day, numbered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from spanwise.cost.book import Entry, PriceBook
from spanwise.cost.region import uplift
from spanwise.cost.tariff import ALWAYS, Prices, Tariff
from spanwise.deploy.collector.ottl import price_row
from spanwise.deploy.collector.ottl.string_table import Lines, Rows


T = TypeVar("T")

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY_S: Final = 86_400
_NEVER_S: Final = 9_200_000_000
_KINDS: Final = {"service_tier": "t", "processing": "b", "speed": "s"}
_REGIONS: Final = (None, "us", "another")
"""What is asked of each model: the region is not known, it is the one that Anthropic names, it is another."""

NUMBER: Final = Lines.ADDRESS
NONE: Final = "-" * NUMBER
"""Stands for no tariff."""

REFUSED: Final = "x" * NUMBER
"""Stands for a name that only a process can look up."""

BY_HOUR: Final = "price by the time of day"
DATED: Final = "price that begins or ends on a day"
NOTHING: Final = "no price of tokens, searches or requests"
NO_UPLIFT: Final = "n"


ROW_AT: Final = (0, 4)
REGIONS_AT: Final = (4, 3)
WINDOW_AT: Final = (7, 3)
HEAD: Final = 14
"""Where the parts of a tariff's line stand; its name follows."""

_WITH_CONTEXTS: Final = "c"
_WITHOUT: Final = "-"


class TariffTable:
    """Tariffs by number, by the address of its line.

    Attributes:
        at_s: The moment whose prices are taken: the first second of the book's day.
        reasons: Why an uplift is an assumption; the first is written `A`.
        factors: Uplifts; the first is written `0`.
        contexts: Tariffs of service tiers, batches and speeds, by the number of the model's own and the context.
        limits: The tariffs with a limit, by what it is: a price that no row holds, or one of the times below.
        rounded: Prices with more digits than a row holds.
        lines: Where the prices of each tariff are, which regions cost more, when it holds, and its name.
        rows, shared: All prices; see `price_row`.
        bands: How many thresholds the tariff with the most of them has.
    """

    def __init__(self, book: PriceBook) -> None:
        self._book = book
        self.at_s = (book.date.toordinal() - _EPOCH) * _DAY_S
        self.reasons: list[str] = []
        self.factors: list[Decimal] = []
        self.limits: dict[str, set[str]] = {}
        self.rounded: set[str] = set()
        self.contexts: dict[str, str] = {}
        self.lines = Lines(HEAD)
        self.rows = Rows(price_row.WIDTH)
        self.shared = Rows(price_row.SHARED_WIDTH)
        self.bands = 0
        self._groups: dict[tuple[price_row.Row, ...], int] = {}
        self._shared: dict[str, int] = {}
        self._windows: dict[str, int] = {f"{0:010d}{_NEVER_S:010d}": 0}
        self._known: dict[tuple[str, str, bool], str] = {}

    @property
    def windows(self) -> str:
        """Seconds since the epoch from which and until which prices hold, ten digits each."""
        return "".join(self._windows)

    def address(self, provider: str, entry: Entry, name: str = "") -> str:
        """The address of a tariff that `provider` sells, which may be another provider's.

        Its line says what it is called, unless that is what `provider` and the model's `name` say.
        """
        tariff = entry.tariff
        prices = tariff.at(self.at_s, None)
        contexts = dict(self._contexts(tariff)) if entry.own else {}
        # Contexts go by the address, so that a line with them is nobody else's: its name is among what it says.
        named = bool(contexts) or prices.name != f"{provider}/{name}"
        line = self._line(provider, tariff, prices, named=named, mark=_WITH_CONTEXTS if contexts else _WITHOUT)
        for context, of in contexts.items():
            self.contexts[f"{line}|{context}"] = self._line(provider, tariff, of, named=True, mark=_WITHOUT)
        return line

    def _contexts(self, tariff: Tariff) -> Iterator[tuple[str, Prices]]:
        """The service tiers, batches and speeds that have a price of their own, and the prices."""
        for when in {tuple(when.items()): when for when, _, _ in tariff.listed()}.values():
            if len(when) == 1:
                ((key, value),) = when.items()
                prices = tariff.at(self.at_s, dict(when))
                if key in _KINDS and not prices.reason:
                    yield f"{_KINDS[key]}:{value}", prices

    def _line(self, provider: str, tariff: Tariff, prices: Prices, *, named: bool, mark: str) -> str:
        key = (provider, prices.name, named)
        if key not in self._known:
            head = f"{self._group(prices):04d}{self._regions(provider, tariff)}{self._window(tariff):03d}{mark}"
            self.rounded.update(f"{prices.name}: {price}" for price in price_row.rounded(prices.table))
            missing = price_row.uncarried(prices.table)
            for limit in (*missing, *([NOTHING] if missing and len(missing) == len(prices.table) else [])):
                self.limits.setdefault(limit, set()).add(tariff.name)
            self._known[key] = self.lines.add(head, prices.name if named else "")
        return self._known[key]

    def _group(self, prices: Prices) -> int:
        """The number of the first of the rows, which stand together and are shared by models with the same prices."""
        rows = price_row.rows(prices.table)
        if rows not in self._groups:
            self._groups[rows] = self.rows.add(*(f"{row.own}{self._rare(row):0{price_row.SHARED}d}" for row in rows))
            self.bands = max(self.bands, len(rows) - 1)
        return self._groups[rows]

    def _rare(self, row: price_row.Row) -> int:
        if row.shared not in self._shared:
            self._shared[row.shared] = self.shared.add(row.shared)
        return self._shared[row.shared]

    def _regions(self, provider: str, tariff: Tariff) -> str:
        model = tariff.name.partition("/")[2]
        return "".join(self._region(provider, model, region) for region in _REGIONS)

    def _region(self, provider: str, model: str, region: str | None) -> str:
        """A digit for what `model` costs more in `region`, a letter for why nobody knows, or `NO_UPLIFT`."""
        found, reason = uplift(provider, model, region, self.at_s)
        if reason:
            return chr(ord("A") + _place(self.reasons, reason))
        return NO_UPLIFT if found is None else str(_place(self.factors, found.factor))

    def _window(self, tariff: Tariff) -> int:
        """The number of the time in which nothing about the price changes; one that is never where hours matter."""
        window = tariff.window(self.at_s)
        if window == ALWAYS:
            return 0
        since_s, until_s = max(window.since_s, 0), min(window.until_s, _NEVER_S)
        if any(":" in constraint.label for _, constraint, _ in tariff.listed()):
            since_s = until_s = 0
            self.limits.setdefault(BY_HOUR, set()).add(tariff.name)
        else:
            self.limits.setdefault(DATED, set()).add(tariff.name)
        return self._windows.setdefault(f"{since_s:010d}{until_s:010d}", len(self._windows))


def _place(values: list[T], value: T) -> int:
    if value not in values:
        values.append(value)
    return values.index(value)
