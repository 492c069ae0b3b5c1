"""`price_processors`: the price book and a policy's own prices as a processor of the Collector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from spanwise.cost.active import active_book
from spanwise.cost.own import OwnPrices
from spanwise.deploy.collector.ottl.doubt_statement import (
    ANOTHER_TIME,
    NAME_NOT_CARRIED,
    NOT_CARRIED,
    TIER_AND_SPEED,
    TOO_LARGE,
)
from spanwise.deploy.collector.ottl.name_table import NameTable
from spanwise.deploy.collector.ottl.own_statement import OwnStatements
from spanwise.deploy.collector.ottl.pricing import pricing
from spanwise.deploy.collector.ottl.refusal import Carried, Refusal
from spanwise.deploy.collector.ottl.resolving import resolving
from spanwise.deploy.collector.ottl.tariff_table import BY_HOUR, DATED, NOTHING, TariffTable


if TYPE_CHECKING:
    from spanwise.cost.book import PriceBook
    from spanwise.plan import Plan

PRICE: Final = "transform/spanwise_price"
"""The processor's name."""


def price_processors(plan: Plan) -> dict[str, Any]:
    """The processor that prices spans which nobody has priced yet, by its name.

    It writes `spanwise.cost.*`; `gen_ai.usage.cost.*` is for those who made the call. A span with a status passes
    untouched.
    """
    return dict(carried_prices(plan).processors)


def carried_prices(plan: Plan) -> Carried:
    """The same, with what is carried and what is not."""
    config = plan.pipeline.cost
    return compiled(config.book or active_book(), config.prices or OwnPrices())


@lru_cache(maxsize=2)
def _tables(book: PriceBook) -> tuple[TariffTable, NameTable]:
    """The tables of a book, which take a second or two; several files of one policy have the same."""
    tariffs = TariffTable(book)
    names = NameTable(book, book.raw, tariffs)
    # Tariffs that only patterns lead to are entered while these are written.
    names.patterns()
    return tariffs, names


def compiled(book: PriceBook, prices: OwnPrices) -> Carried:
    """One book and one's own prices."""
    tariffs, names = _tables(book)
    own = OwnStatements(prices, names.numbers, TIER_AND_SPEED)
    groups = [*resolving(names), pricing(tariffs, book, own, names.numbers)]
    processor = {"error_mode": "ignore", "trace_statements": groups}
    return Carried(
        {PRICE: processor},
        tuple(f"{tariff.name}" for tariff in book.tariffs() if tariff.name not in tariffs.limits.get(NOTHING, ())),
        (*own.refused(), *_refusals(tariffs)),
    )


def _refusals(tariffs: TariffTable) -> Iterator[Refusal]:
    """What of the book's prices cannot be said, and what of a call cannot be looked at."""
    for limit, names in sorted(tariffs.limits.items()):
        if limit not in _LIMITS:
            yield Refusal(_counted(names, limit), "no column of the table holds it", _WITH_SUCH_A_COUNT)
    for limit, (why, effect) in _LIMITS.items():
        if limit in tariffs.limits:
            yield Refusal(_counted(tariffs.limits[limit], limit), why, effect)
    if tariffs.rounded:
        rounded = {name.partition(": ")[0] for name in tariffs.rounded}
        yield Refusal(
            _counted(rounded, "price with more than nine digits"),
            _ROUNDED,
            "exact within a thousandth of a micro-dollar",
        )
    yield from _OF_CALLS


def _counted(names: set[str], what: str) -> str:
    shown = ", ".join(sorted(names)[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{what} ({len(names)}: {shown}{more})"


_SHOWN: Final = 4
_WITH_SUCH_A_COUNT: Final = f"unpriced, `{NOT_CARRIED}`, where a call has such a count; exact otherwise"
_ROUNDED: Final = "a price is a whole number of 10^-15 dollars for one token"
_LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    NOTHING: ("only seconds, pages or characters are billed", "calls with such counts are unpriced"),
    BY_HOUR: ("one table has one price", f"estimated, `{ANOTHER_TIME}`"),
    DATED: (
        "one table has the prices of the book's day",
        f"exact for calls between the days at which its price changes; estimated, `{ANOTHER_TIME}`, for others",
    ),
}
_OF_CALLS: Final = (
    Refusal("amounts above 9,000 dollars a call", "whole numbers of 64 bits end there", f"unpriced, `{TOO_LARGE}`"),
    Refusal(
        "a service tier and a speed that both have prices",
        "tables are made for one of them",
        f"estimated, `{TIER_AND_SPEED}`",
    ),
    Refusal(
        "a third name of a model",
        "two are looked up: the one that answered and the one that was asked for, or that one and what stands behind "
        "the provider's name in it",
        f"unpriced, `{NAME_NOT_CARRIED}`",
    ),
    Refusal(
        "names with a day such as -20250514 that only a pattern matches once it is written -2025-05-14",
        "a name is looked up in one spelling",
        f"unpriced, `{NAME_NOT_CARRIED}`",
    ),
    Refusal(
        "the provider `litellm`, whose models name their provider",
        "the provider is looked up before the model",
        f"unpriced, `{NAME_NOT_CARRIED}`; behind our normalisation the provider is named",
    ),
    Refusal(
        "gen_ai.usage.cost.*",
        "what is computed away from the call is not written there",
        "spanwise.cost.amount_usd and the other spanwise.cost.* instead",
    ),
    Refusal("what a call's cache saved", "it is a metric of the process", "not written"),
)
