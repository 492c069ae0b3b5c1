"""One stored call priced as if it had just ended."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from spanwise.pipeline.boundary import shield
from spanwise.record import AttributeValue, SpanRecord, Step
from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store import NewPrice, StoredCall


_OURS: Final = f"{attr.SPANWISE_COST_STATUS.rpartition('.')[0]}."
"""Every attribute that pricing alone writes begins with this."""

_AMOUNT: Final = (attr.GEN_AI_USAGE_COST_AMOUNT, attr.GEN_AI_USAGE_COST_CURRENCY, attr.GEN_AI_USAGE_COST_SOURCE)


class Kept(StrEnum):
    """Why a call keeps the price it has."""

    SAME = "same"
    """It would be priced the same, or is none that is priced."""
    SENT = "sent"
    """A provider sent the amount."""
    FAILED = "failed"
    """Pricing it failed, which is a defect of ours; the log has named it."""


def priced_again(call: StoredCall, price: Step, *, provider: bool = False) -> NewPrice | Kept:
    """`call` as `price` would leave it today, or why it keeps what it has.

    What an earlier pricing wrote is taken away first. An amount that a provider sent stays for `price` to keep, unless
    `provider`; one that another component computed stays for `price` to compare with. `price` gets a record of its
    own.
    """
    before = call.record.attributes
    if not provider and _is_sent_estimate(before):
        return Kept.SENT
    attributes = _without_price(before, provider=provider)
    record = shield("cost", price, replace(call.record, attributes=attributes))
    if record is None:
        return Kept.FAILED
    if attr.SPANWISE_COST_STATUS not in record.attributes:
        return Kept.SAME
    _keep_doubt(before, record)
    if record.attributes == before:
        return Kept.SENT if _is_sent(before) else Kept.SAME
    return NewPrice(record, call.price, {name: before[name] for name in before if _is_price(name)})


def _is_sent(attributes: dict[str, AttributeValue]) -> bool:
    source = attributes.get(attr.GEN_AI_USAGE_COST_SOURCE)
    return source == values.GEN_AI_USAGE_COST_SOURCE_PROVIDER and attr.GEN_AI_USAGE_COST_AMOUNT in attributes


def _is_sent_estimate(attributes: dict[str, AttributeValue]) -> bool:
    """Whether the provider itself called its amount an estimate: no pricing of ours says that."""
    status = attributes.get(attr.SPANWISE_COST_STATUS)
    return _is_sent(attributes) and status == values.SPANWISE_COST_STATUS_ESTIMATED


def _without_price(attributes: dict[str, AttributeValue], *, provider: bool) -> dict[str, AttributeValue]:
    """`attributes` without what we wrote. The name of a price book on a call says that its amount is ours.

    `spanwise.usage.sent_cost` is what a provider sent before a discount was taken off it: the cost step finds it.
    """
    kept = {name: value for name, value in attributes.items() if not name.startswith(_OURS)}
    sent = _is_sent(attributes) or attr.SPANWISE_USAGE_SENT_COST in attributes
    if attr.SPANWISE_COST_BOOK in attributes or (provider and sent):
        for name in _AMOUNT:
            kept.pop(name, None)
    if provider:
        kept.pop(attr.SPANWISE_USAGE_SENT_COST, None)
    return kept


def _is_price(name: str) -> bool:
    return name.startswith(_OURS) or name in {*_AMOUNT, attr.SPANWISE_USAGE_SENT_COST}


def _keep_doubt(before: dict[str, AttributeValue], record: SpanRecord) -> None:
    """Another component had another price, and our amount has replaced it: that doubt outlives a new price."""
    from spanwise.cost.step import PRICED_DIFFERENTLY

    attributes = record.attributes
    if (
        before.get(attr.SPANWISE_COST_REASON) == PRICED_DIFFERENTLY
        and attributes[attr.SPANWISE_COST_STATUS] == values.SPANWISE_COST_STATUS_EXACT
    ):
        attributes[attr.SPANWISE_COST_STATUS] = values.SPANWISE_COST_STATUS_ESTIMATED
        attributes[attr.SPANWISE_COST_REASON] = PRICED_DIFFERENTLY
