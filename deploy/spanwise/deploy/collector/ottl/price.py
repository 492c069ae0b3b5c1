"""`price_processors`: the price book and a policy's own prices as a processor of the Collector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spanwise.cost.active import active_book
from spanwise.cost.own import OwnPrices
from spanwise.deploy.collector.ottl.name_table import NameTable
from spanwise.deploy.collector.ottl.own_statement import OwnStatements
from spanwise.deploy.collector.ottl.pricing import TIER_AND_SPEED, pricing
from spanwise.deploy.collector.ottl.refusal import Carried, Refusal
from spanwise.deploy.collector.ottl.resolving import resolving
from spanwise.deploy.collector.ottl.tariff_table import TariffTable


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


def compiled(book: PriceBook, prices: OwnPrices) -> Carried:
    """One book and one's own prices."""
    tariffs = TariffTable(book)
    names = NameTable(book, book.raw, tariffs)
    own = OwnStatements(prices, names.numbers, TIER_AND_SPEED)
    groups = resolving(names)
    groups.append(pricing(tariffs, book, own, names.numbers))
    processor = {"error_mode": "ignore", "trace_statements": groups}
    return Carried({PRICE: processor}, tuple(names.models), (*own.refused(), *_refusals(tariffs)))


def _refusals(tariffs: TariffTable) -> list[Refusal]:
    return []
