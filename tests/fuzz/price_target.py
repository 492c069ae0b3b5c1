"""Any usage of any model at any time has a price or a reason, and the parts of a price are the price."""

from __future__ import annotations

import functools
from decimal import Decimal
from random import Random
from typing import Final

from spanwise.cost import Cost, PriceBook
from spanwise.cost.config import CostConfig
from spanwise.cost.reading import COUNTS
from spanwise.cost.step import BUCKETS, CURRENCY_UNKNOWN
from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr
from tests.fuzz.broken import Broken


_STEP: Final = Cost(CostConfig(warn_unknown=False))
_FIRST_S: Final = 1_577_836_800  # 2020
_LAST_S: Final = 1_893_456_000  # 2030
_ODD: Final[tuple[AttributeValue, ...]] = (
    None, True, -1, 1 << 63, 1 << 200, 0.5, -0.0, float("nan"), float("inf"), "", "12", "x", [], {}, b"1", 1e300,
)  # fmt: skip
_TIERS: Final = ("default", "flex", "priority", "scale", "auto", "batch", "standard", "", "x")


@functools.cache
def _models() -> list[tuple[str, str]]:
    return [
        (owner, model) for tariff in PriceBook.bundled().tariffs() for owner, _, model in [tariff.name.partition("/")]
    ]


def any_call(chance: Random) -> None:
    """The step raises on nothing, and its buckets sum to its amount as floats can."""
    attributes = _attributes(chance)
    start = chance.randrange(_FIRST_S, _LAST_S) * 1_000_000_000
    span = SpanRecord("chat", 1, 2, attributes=dict(attributes), start_unix_nano=start, end_unix_nano=start + 10**9)
    try:
        _STEP(span)
    except Exception as error:
        raise Broken(f"no exception from pricing, but {type(error).__name__}", repr((start, attributes))) from error
    amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
    status = span.attributes.get(attr.SPANWISE_COST_STATUS)
    reason = span.attributes.get(attr.SPANWISE_COST_REASON)
    # An amount in a currency that nobody said stays as it came.
    if status == "unpriced" and amount is not None and reason != CURRENCY_UNKNOWN:
        raise Broken("what is unpriced has no amount", repr((start, attributes)))
    if status in {"exact", "estimated"} and attr.SPANWISE_COST_BOOK in span.attributes:
        parts = [float(str(span.attributes[name])) for name in BUCKETS.values() if name in span.attributes]
        if not isinstance(amount, float) or abs(sum(parts) - amount) > 1e-9 * max(1.0, amount):
            raise Broken("buckets sum to the amount on the span", repr((start, attributes)))


def exact_sums(chance: Random) -> None:
    """A quote's buckets sum to its amount to the last digit, for any counts at any time."""
    book = PriceBook.bundled()
    provider, model = chance.choice(_models())
    usage = {key: chance.randrange(400_000) for key in _keys(chance)}
    at_s = chance.randrange(_FIRST_S, _LAST_S)
    try:
        quote = book.quote_at(provider, model, usage, at_s)
    except Exception as error:
        raise Broken(
            f"no exception from a quote, but {type(error).__name__}", repr((provider, model, usage, at_s))
        ) from error
    if quote.amount is None:
        if not quote.reason:
            raise Broken("no price without a reason", repr((provider, model, usage, at_s)))
        return
    if sum(quote.buckets.values(), Decimal(0)) != quote.amount or quote.amount < 0:
        raise Broken("buckets sum to the amount", repr((provider, model, usage, at_s)))


def _keys(chance: Random) -> list[str]:
    return chance.sample(sorted(COUNTS.values()), chance.randrange(1, 6)) + chance.choice(([], ["input_tokens"]))


def _attributes(chance: Random) -> dict[str, AttributeValue]:
    provider, model = chance.choice(_models())
    attributes: dict[str, AttributeValue] = {
        attr.GEN_AI_OPERATION_NAME: "chat",
        attr.GEN_AI_PROVIDER_NAME: provider,
        attr.GEN_AI_REQUEST_MODEL: model if chance.randrange(4) else model + chance.choice(("-x", "@1", "", ":free")),
    }
    for name in chance.sample(sorted(COUNTS), chance.randrange(8)):
        attributes[name] = chance.randrange(300_000) if chance.randrange(8) else chance.choice(_ODD)
    for name in (attr.OPENAI_RESPONSE_SERVICE_TIER, attr.SPANWISE_USAGE_SENT_COST, attr.GEN_AI_USAGE_COST_AMOUNT):
        if chance.randrange(8) == 0:
            attributes[name] = chance.choice((*_TIERS, *_ODD, 0.01, 0.0))
    return attributes
