"""Anthropic's exports: costs and usage, from the Console (CSV) and from the Admin API (JSON).

Sources: https://platform.claude.com/docs/en/api/admin/cost_report and .../usage_report (buckets with `starting_at` and
`ending_at`; `amount` is a decimal string in the lowest unit of the currency, so that "123.45" in USD is $1.23; the
report leaves Priority Tier costs out). The Console's CSV has one row per day, model and token type in dollars, rounded
to cents, with the list price beside the cost. The four token counts do not contain each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from spanwise.reconcile import value
from spanwise.reconcile.invoice import Invoice, InvoiceLine, Kind
from spanwise.reconcile.line_item import kind_of, tier_of
from spanwise.reconcile.model_name import canonical
from spanwise.reconcile.value import BadValue, Value
from spanwise.semconv import values


COSTS: Final = "Anthropic costs"
USAGE: Final = "Anthropic usage"
COST_COLUMNS: Final = frozenset({"usage_date_utc", "cost_usd"})
USAGE_COLUMNS: Final = frozenset({"usage_date_utc", "usage_output_tokens"})

_CENT: Final = Decimal("0.01")
_CENTS: Final = 100
_TOKENS: Final = frozenset({"token", "tokens"})


def cost_row(row: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a row of the Console's cost export.

    Raises:
        BadValue: a cell cannot be used.
    """
    day = _day(row, "usage_date_utc", invoice)
    amount = value.amount(row.get("cost_usd"), "cost_usd")
    if amount is None:
        raise BadValue("cost_usd: found nothing; accepted is a number")
    invoice.rounded_to = _CENT
    listed = value.amount(row.get("list_price_usd"), "list_price_usd")
    _cost(day, row, amount, listed, "USD", invoice)


def usage_row(row: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a row of the Console's usage export.

    Raises:
        BadValue: a cell cannot be used.
    """
    written = ("usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h")
    _usage(
        _day(row, "usage_date_utc", invoice),
        value.text(row.get("model_version"), "model_version") or value.text(row.get("model"), "model"),
        {
            Kind.INPUT: _count(row, "usage_input_tokens_no_cache"),
            Kind.CACHE_READ: _count(row, "usage_input_tokens_cache_read"),
            Kind.CACHE_WRITE: sum(_count(row, name) for name in written),
            Kind.OUTPUT: _count(row, "usage_output_tokens"),
        },
        tier_of(value.text(row.get("usage_type"), "usage_type")),
        invoice,
    )


def bucket_result(bucket: Mapping[str, Value], result: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a result of a bucket of the API, of either report.

    Raises:
        BadValue: a field cannot be used.
    """
    day = _bucket(bucket, invoice)
    if "amount" in result:
        cents = value.amount(result.get("amount"), "amount")
        if cents is None:
            raise BadValue("amount: found nothing; accepted is a number of cents")
        currency = (value.text(result.get("currency"), "currency") or "USD").upper()
        _cost(day, result, cents / _CENTS, None, currency, invoice)
        return
    made = result.get("cache_creation")
    written = made if isinstance(made, Mapping) else {}
    _usage(
        day,
        value.text(result.get("model"), "model"),
        {
            Kind.INPUT: _count(result, "uncached_input_tokens"),
            Kind.CACHE_READ: _count(result, "cache_read_input_tokens"),
            Kind.CACHE_WRITE: _count(written, "ephemeral_5m_input_tokens")
            + _count(written, "ephemeral_1h_input_tokens"),
            Kind.OUTPUT: _count(result, "output_tokens"),
        },
        tier_of(value.text(result.get("service_tier"), "service_tier")),
        invoice,
    )


def empty_bucket(bucket: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a bucket without results: its day is covered.

    Raises:
        BadValue: it has no time.
    """
    _bucket(bucket, invoice)


def _bucket(bucket: Mapping[str, Value], invoice: Invoice) -> date:
    start: datetime = value.moment(bucket.get("starting_at"), "starting_at")
    if not value.blank(bucket.get("ending_at")) and value.is_longer_than_a_day(
        start, value.moment(bucket.get("ending_at"), "ending_at")
    ):
        invoice.whole_days = False
    return _day(bucket, "starting_at", invoice)


def _day(row: Mapping[str, Value], name: str, invoice: Invoice) -> date:
    invoice.providers.add(values.GEN_AI_PROVIDER_NAME_ANTHROPIC)
    found = value.day(row.get(name), name)
    invoice.days.add(found)
    return found


def _cost(  # noqa: PLR0913, PLR0917 - the two formats meet here
    day: date, row: Mapping[str, Value], amount: Decimal, listed: Decimal | None, currency: str, invoice: Invoice
) -> None:
    charge = value.text(row.get("cost_type"), "cost_type")
    described = value.text(row.get("description"), "description")
    model = value.text(row.get("model"), "model")
    is_tokens = charge is None or charge.lower() in _TOKENS
    if model is None and is_tokens and described:
        model = described.partition(" Usage")[0]
    kind = kind_of(value.text(row.get("token_type"), "token_type") or described or "")
    tier = value.text(row.get("service_tier"), "service_tier") or value.text(row.get("usage_type"), "usage_type")
    invoice.add(
        InvoiceLine(
            day,
            canonical(model) if model and is_tokens else None,
            None if is_tokens else (charge or described),
            kind if is_tokens else Kind.OTHER,
            amount=amount,
            list_amount=listed,
            currency=currency,
            tier=tier_of(tier),
        )
    )


def _usage(day: date, model: str | None, tokens: Mapping[Kind, int], tier: str | None, invoice: Invoice) -> None:
    invoice.add(InvoiceLine(day, canonical(model) if model else None, tokens=tokens, tier=tier))


def _count(row: Mapping[str, Value], name: str) -> int:
    return value.count(row.get(name), name) or 0
