"""Why a call costs what it costs: the same search that prices it, told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal

from spanwise.cost.own_entry import Currency
from spanwise.cost.pricer import Pricer
from spanwise.cost.reading import call_of, usage_of
from spanwise.cost.resolution import Considered
from spanwise.cost.rule import Charge
from spanwise.cost.step import quoted
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_BILLED = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands on a span that was priced before."""

    amount: float | None
    currency: str | None
    source: str | None
    status: str | None
    reason: str | None
    rule: str | None
    book: str | None
    book_date: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a call is priced with the prices of here and now, and what was considered on the way, in order."""

    provider: str | None
    model_asked: str | None
    model_answered: str | None
    tier: str | None
    region: str | None
    tenant: str | None
    at: datetime
    usage: dict[str, int]
    book: str
    book_date: str
    rule: str
    status: str
    reason: str
    amount_usd: Decimal | None
    charges: tuple[Charge, ...]
    billed: Decimal | None
    currency: Currency | None
    considered: tuple[Considered, ...]
    recorded: Recorded | None
    """What stood on the span; `None` when nothing did."""


def explain(span: SpanRecord, pricer: Pricer) -> Explanation:
    """How `pricer` prices `span`. The span stays as it is."""
    call = call_of(span, tenant=True)
    usage = usage_of(span)
    counts = usage if isinstance(usage, dict) else {}
    way = pricer.way(call, tuple(counts), span.start_unix_nano // 10**9)
    quote = quoted(span, way, counts) if isinstance(usage, dict) else usage
    considered = [*_sent(span), *way.considered]
    has_amount = not isinstance(quote, str) and bool(quote.sums)
    amount = None if isinstance(quote, str) else quote.amount
    wall_us = max(span.end_unix_nano - span.start_unix_nano, 0) // 1000
    charges = way.rule.charges(way.usage(counts, wall_us)) if way.rule is not None and has_amount else []
    rate = way.currency.usd if way.currency else None
    return Explanation(
        provider=call.text("provider"),
        model_asked=call.text("asked"),
        model_answered=call.text("answered"),
        tier=call.tier or call.wanted_tier,
        region=call.text("region"),
        tenant=call.text("tenant"),
        at=datetime.fromtimestamp(span.start_unix_nano // 10**9, UTC),
        usage=counts,
        book=f"{pricer.book.name} {pricer.book.version}",
        book_date=pricer.book.date.isoformat(),
        rule="" if isinstance(quote, str) else quote.rule,
        status=values.SPANWISE_COST_STATUS_UNPRICED if isinstance(quote, str) else quote.status,
        reason=quote if isinstance(quote, str) else quote.reason,
        amount_usd=amount,
        charges=tuple(charges),
        billed=_BILLED.divide(amount, rate) if amount is not None and rate is not None else None,
        currency=way.currency,
        considered=tuple(considered),
        recorded=_recorded(span),
    )


def _sent(span: SpanRecord) -> list[Considered]:
    """The amount that the provider sent goes before every price."""
    sent = span.attributes.get(attr.SPANWISE_USAGE_SENT_COST)
    source = span.text(attr.GEN_AI_USAGE_COST_SOURCE)
    if sent is None and source != values.GEN_AI_USAGE_COST_SOURCE_PROVIDER:
        return [Considered("amount sent by the provider", "", "none")]
    amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT) if sent is None else sent
    currency = span.text(attr.GEN_AI_USAGE_COST_CURRENCY) or "no currency"
    return [Considered("amount sent by the provider", f"{amount} {currency}", "kept, goes before every price")]


def _recorded(span: SpanRecord) -> Recorded | None:
    if attr.SPANWISE_COST_STATUS not in span.attributes and attr.GEN_AI_USAGE_COST_AMOUNT not in span.attributes:
        return None
    amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
    return Recorded(
        float(amount) if isinstance(amount, int | float) else None,
        span.text(attr.GEN_AI_USAGE_COST_CURRENCY),
        span.text(attr.GEN_AI_USAGE_COST_SOURCE),
        span.text(attr.SPANWISE_COST_STATUS),
        span.text(attr.SPANWISE_COST_REASON),
        span.text(attr.SPANWISE_COST_RULE),
        span.text(attr.SPANWISE_COST_BOOK),
        span.text(attr.SPANWISE_COST_BOOK_DATE),
    )
