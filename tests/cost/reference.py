"""genai-prices as the reference that our price book is compared with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from genai_prices.data import providers
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.data_units import unit_data
from genai_prices.types import Usage

from spanwise.cost import PriceBook


Source: TypeAlias = Any
"""An object of genai-prices."""
Answer: TypeAlias = Decimal | str

SNAPSHOT = DataSnapshot(providers=providers, from_auto_update=False)
PROVIDERS: list[Source] = providers
UNITS: dict[str, Source] = unit_data
LOOKUP = "lookup"
INVALID = "invalid"
OURS = {
    "unknown provider": LOOKUP,
    "unknown model": LOOKUP,
    "inconsistent usage": INVALID,
    "incomplete usage": INVALID,
}


def theirs(
    provider: str | None,
    model: str,
    usage: dict[str, int],
    at: datetime,
    context: dict[str, str] | None = None,
    url: str | None = None,
) -> Answer:
    """What genai-prices answers: a total, or which kind of error."""
    try:
        total: Decimal = SNAPSHOT.calc(Usage(**usage), model, provider, url, at, context).total_price
    except LookupError:
        return LOOKUP
    except ValueError:
        return INVALID
    return total


def ours(
    book: PriceBook,
    provider: str | None,
    model: str,
    usage: dict[str, int],
    at: datetime,
    context: dict[str, str] | None = None,
    url: str | None = None,
) -> Answer:
    """What our book answers, in the same terms. Checks on the way that the buckets sum to the amount."""
    quote = book.quote(provider, model, usage, at=at, context=context, url=url)
    if quote.amount is None:
        assert quote.status == "unpriced"
        return OURS[quote.reason]
    assert sum(quote.buckets.values(), Decimal(0)) == quote.amount
    assert all(quote.buckets.values())
    return quote.amount


def names(clause: Source) -> Iterator[str]:
    """Names that `clause` probably matches."""
    for field in ("equals", "starts_with", "contains", "ends_with"):
        if hasattr(clause, field):
            yield getattr(clause, field)
    if hasattr(clause, "regex"):
        text = clause.regex.replace("\\d{8}", "20260401").replace("\\d{4}-\\d{2}-\\d{2}", "2026-04-01")
        yield text.replace("\\", "").strip("^$")
    for part in getattr(clause, "or_", getattr(clause, "and_", ())):
        yield from names(part)


def name_of(provider: Source, model: Source) -> str | None:
    """A name that leads to `model` and not to one before it; `None` when no such name is known."""
    known: list[str] = [model.id, *names(model.match), f"{next(names(model.match))}-x"]
    for name in known:
        if provider.find_model(name) is model:
            return name
    return None


def moments(model: Source) -> set[datetime]:
    """Times on both sides of every constraint of `model`, and a few others."""
    found = {datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2026, 10, 20, 2, 30), datetime(2027, 6, 1, tzinfo=UTC)}
    conditional = model.prices if isinstance(model.prices, list) else []
    for item in (*conditional, *(model.price_variants or ())):
        constraint = item.constraint
        if hasattr(constraint, "start_date"):
            start = datetime.combine(constraint.start_date, time(), UTC)
            found |= {start, start - timedelta(microseconds=1)}
        elif constraint is not None:
            for edge in (constraint.start_time, constraint.end_time):
                start = datetime.combine(datetime(2026, 5, 5), edge)
                found |= {start, start - timedelta(microseconds=1)}
    return found


def contexts(model: Source) -> list[dict[str, str] | None]:
    """Every context `model` has a price for, all of them at once, and some it has no price for."""
    own = [dict(variant.when) for variant in model.price_variants or ()]
    both = {key: value for context in own for key, value in context.items()}
    return [None, {}, {"service_tier": "nobody"}, *own, both]


def thresholds(model: Source) -> set[int]:
    """Where the newest prices of `model` change with the size of the input."""
    prices = vars(_last_prices(model)).values()
    return {tier.start for price in prices for tier in getattr(price, "tiers", ())}


def usage(random_: random.Random, model: Source) -> dict[str, int]:
    """Random counts, consistent more often than not, around the thresholds that prices have."""
    shape = random_.random()
    scale = random_.choice((10, 5_000, 150_000, 600_000))
    if shape < 0.35:
        counts = {"input_tokens": random_.randint(0, scale), "output_tokens": random_.randint(0, scale)}
        rest = counts["input_tokens"]
        for key in ("cache_read_tokens", "cache_write_tokens"):
            if random_.random() < 0.5:
                counts[key] = random_.randint(0, rest)
                rest -= counts[key]
        if random_.random() < 0.3 and "cache_write_tokens" in counts:
            counts["cache_write_1h_tokens"] = random_.randint(0, counts["cache_write_tokens"])
        return counts
    if shape < 0.7:
        priced = [key for key, unit in UNITS.items() if getattr(_last_prices(model), unit["price_key"]) is not None]
        return {
            key: random_.randint(0, scale * (20 if key in {"input_tokens", "output_tokens"} else 1))
            for key in priced
            if key != "requests" and random_.random() < 0.9
        }
    keys = random_.sample(sorted(set(UNITS) - {"requests"}), random_.randint(0, 6))
    counts = {key: random_.choice((0, random_.randint(0, scale))) for key in keys}
    return {"input_tokens": 4 * scale, "output_tokens": 4 * scale, **counts} if random_.random() < 0.6 else counts


def _last_prices(model: Source) -> Source:
    return model.prices[-1].prices if isinstance(model.prices, list) else model.prices
