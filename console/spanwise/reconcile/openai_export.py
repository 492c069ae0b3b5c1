"""OpenAI's exports: costs and usage, from the dashboard (CSV) and from the organization API (JSON).

Sources: https://platform.openai.com/docs/api-reference/usage (the objects `organization.costs.result` and
`organization.usage.completions.result`, in buckets with `start_time` and `end_time`); the columns of the dashboard's
CSV are those fields with `amount.value` written `amount_value`, and a row without figures stands for a bucket without
results. Amounts are in dollars, days are UTC, `input_tokens` includes cached ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from spanwise.reconcile import value
from spanwise.reconcile.invoice import Invoice, InvoiceLine, Kind
from spanwise.reconcile.line_item import LineItem, line_item, tier_of
from spanwise.reconcile.model_name import canonical
from spanwise.reconcile.value import Value
from spanwise.semconv import values


COSTS: Final = "OpenAI costs"
USAGE: Final = "OpenAI usage"
COST_COLUMNS: Final = frozenset({"start_time", "amount_value"})
USAGE_COLUMNS: Final = frozenset({"start_time", "num_model_requests"})

_TOTAL: Final = LineItem(None, None, None, None)
_TRUE: Final = frozenset({"true", "1", "yes"})


def cost_row(row: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a row of the dashboard's cost export.

    Raises:
        BadValue: a cell cannot be used.
    """
    start = _bucket(row, invoice)
    amount = {"value": row.get("amount_value"), "currency": row.get("amount_currency")}
    _cost(start, {**row, "amount": amount}, invoice)


def usage_row(row: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a row of the dashboard's usage export.

    Raises:
        BadValue: a cell cannot be used.
    """
    _usage(_bucket(row, invoice), row, invoice)


def bucket_result(bucket: Mapping[str, Value], result: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a result of a bucket of the API, of either object.

    Raises:
        BadValue: a field cannot be used.
    """
    start = _bucket(bucket, invoice)
    if "amount" in result:
        _cost(start, result, invoice)
    else:
        _usage(start, result, invoice)


def empty_bucket(bucket: Mapping[str, Value], invoice: Invoice) -> None:
    """Take a bucket without results: its day is covered.

    Raises:
        BadValue: it has no time.
    """
    _bucket(bucket, invoice)


def _bucket(row: Mapping[str, Value], invoice: Invoice) -> datetime:
    invoice.providers.add(values.GEN_AI_PROVIDER_NAME_OPENAI)
    start = value.moment(row.get("start_time"), "start_time")
    invoice.days.add(start.date())
    return start


def _check_length(row: Mapping[str, Value], start: datetime, invoice: Invoice) -> None:
    if not value.blank(row.get("end_time")) and value.is_longer_than_a_day(
        start, value.moment(row.get("end_time"), "end_time")
    ):
        invoice.whole_days = False


def _cost(start: datetime, row: Mapping[str, Value], invoice: Invoice) -> None:
    money = row["amount"]
    if not isinstance(money, Mapping):
        raise value.BadValue("amount: found no object; accepted is one with value and currency")
    amount = value.amount(money.get("value"), "amount")
    if amount is None:
        return
    _check_length(row, start, invoice)
    written = value.text(row.get("line_item"), "line_item")
    item = line_item(written) if written else _TOTAL
    quantity = value.amount(row.get("quantity"), "quantity")
    counted = (
        quantity is not None
        and item.kind is not None
        and "token" in (value.text(row.get("quantity_unit"), "quantity_unit") or "").lower()
    )
    invoice.add(
        InvoiceLine(
            start.date(),
            item.model,
            item.item,
            item.kind,
            amount=amount,
            currency=(value.text(money.get("currency"), "currency") or "USD").upper(),
            tokens={item.kind: round(quantity)} if counted and item.kind and quantity is not None else {},
            tier=item.tier,
        )
    )


def _usage(start: datetime, row: Mapping[str, Value], invoice: Invoice) -> None:
    requests = value.count(row.get("num_model_requests"), "num_model_requests")
    whole = value.count(row.get("input_tokens"), "input_tokens")
    output = value.count(row.get("output_tokens"), "output_tokens")
    if requests is None and whole is None and output is None:
        return
    _check_length(row, start, invoice)
    cached = value.count(row.get("input_cached_tokens"), "input_cached_tokens") or 0
    written = value.count(row.get("input_cache_write_tokens"), "input_cache_write_tokens") or 0
    if cached + written > (whole or 0):
        raise value.BadValue(f"input_cached_tokens: found {cached + written:,} of {whole or 0:,} input tokens")
    model = value.text(row.get("model"), "model")
    is_batch = str(row.get("batch")).strip().lower() in _TRUE
    invoice.add(
        InvoiceLine(
            start.date(),
            canonical(model) if model else None,
            tokens={
                Kind.INPUT: (whole or 0) - cached - written,
                Kind.CACHE_READ: cached,
                Kind.CACHE_WRITE: written,
                Kind.OUTPUT: output or 0,
            },
            requests=requests or 0,
            tier="batch" if is_batch else tier_of(value.text(row.get("service_tier"), "service_tier")),
        )
    )
