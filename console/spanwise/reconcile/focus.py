"""FOCUS billing data as CSV, columns of versions 1.0 to 1.2 and the renamed ones of 1.3.

Source: https://focus.finops.org/focus-specification/v1-2. `BilledCost` is what is invoiced, `ListCost` the same at
list prices, `ChargePeriodStart` is part of the period and `ChargePeriodEnd` is not, times are UTC. `ChargeCategory` is
one of Usage, Purchase, Tax, Credit, Adjustment; a `ChargeClass` of Correction restates an earlier period.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Final

from spanwise.reconcile import value
from spanwise.reconcile.invoice import Category, Invoice, InvoiceLine, Kind
from spanwise.reconcile.line_item import kind_of, tier_of
from spanwise.reconcile.model_name import canonical, known_in, looks_like_model
from spanwise.reconcile.value import BadValue, Value
from spanwise.semconv import values


FOCUS: Final = "FOCUS"
COLUMNS: Final = frozenset({"billedcost", "chargeperiodstart", "chargecategory"})

_CATEGORIES: Final = {
    "usage": Category.USAGE,
    "purchase": Category.PURCHASE,
    "tax": Category.TAX,
    "credit": Category.CREDIT,
    "adjustment": Category.ADJUSTMENT,
}
_AI_CATEGORY: Final = "ai and machine learning"
_SERVICES: Final = (
    ("azure openai", values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI),
    ("bedrock", values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK),
    ("vertex", values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI),
    ("gemini", values.GEN_AI_PROVIDER_NAME_GCP_GEMINI),
    ("openai", values.GEN_AI_PROVIDER_NAME_OPENAI),
    ("anthropic", values.GEN_AI_PROVIDER_NAME_ANTHROPIC),
    ("claude", values.GEN_AI_PROVIDER_NAME_ANTHROPIC),
    ("mistral", values.GEN_AI_PROVIDER_NAME_MISTRAL_AI),
    ("cohere", values.GEN_AI_PROVIDER_NAME_COHERE),
    ("deepseek", values.GEN_AI_PROVIDER_NAME_DEEPSEEK),
    ("groq", values.GEN_AI_PROVIDER_NAME_GROQ),
    ("perplexity", values.GEN_AI_PROVIDER_NAME_PERPLEXITY),
)
"""Words of a service, the more special first, and the provider whose calls it bills."""

_NAMES: Final = ("skumeter", "skuid", "skupriceid", "chargedescription", "resourcename", "resourceid")
"""Columns that may hold the name of a model, the most telling first."""

_UNIT: Final = re.compile(r"([0-9][0-9,]{0,15})?([km]?)tokens?")
_MULTIPLES: Final = {"": 1, "k": 1_000, "m": 1_000_000}
_KIND_WORDS: Final = (
    (re.compile(r"cache.{0,8}write|write.{0,8}cache|cchd?\s*wr"), Kind.CACHE_WRITE),
    (re.compile(r"cache|cchd"), Kind.CACHE_READ),
    (re.compile(r"out(?:put|p)?(?:[^a-z]|$)|outp|completion|outputtoken"), Kind.OUTPUT),
    (re.compile(r"in(?:put|p)(?:[^a-z]|$)|prompt|inputtoken"), Kind.INPUT),
)


def focus_reader(models: Collection[str]) -> Callable[[Mapping[str, Value], Invoice], None]:
    """A reader of FOCUS rows that finds the names of `models` (canonical) in the words of a row.

    The reader raises `BadValue` for a cell that cannot be used. Rows of services that are no models are counted as left
    out: a cloud's bill has many.
    """

    def read(row: Mapping[str, Value], invoice: Invoice) -> None:
        _row(row, invoice, models)

    return read


def _row(row: Mapping[str, Value], invoice: Invoice, models: Collection[str]) -> None:
    billed = value.amount(row.get("billedcost"), "BilledCost")
    if billed is None:
        raise BadValue("BilledCost: found nothing; accepted is a number")
    category = _category(row)
    names = [name for column in _NAMES if (name := value.text(row.get(column), column))]
    model = _model(names, models)
    provider = _provider(row)
    is_ai = (value.text(row.get("servicecategory"), "ServiceCategory") or "").lower() == _AI_CATEGORY
    start = value.moment(row.get("chargeperiodstart"), "ChargePeriodStart")
    if category is Category.USAGE and model is None and provider is None and not is_ai:
        invoice.left_out += 1
        invoice.left_out_amount += billed
        return
    if provider is not None:
        invoice.providers.add(provider)
    end = row.get("chargeperiodend")
    if category is Category.USAGE and not value.blank(end):
        long = value.is_longer_than_a_day(start, value.moment(end, "ChargePeriodEnd"))
        invoice.whole_days = invoice.whole_days and not long
    words = " ".join(names)
    kind = _kind(words)
    invoice.add(
        InvoiceLine(
            start.date(),
            model if category is Category.USAGE else None,
            None if model and category is Category.USAGE else _item(row),
            kind if model else Kind.OTHER,
            category,
            billed,
            value.amount(row.get("listcost"), "ListCost"),
            _currency(row),
            _tokens(row, kind) if model else {},
            tier=tier_of(words),
        )
    )


def _category(row: Mapping[str, Value]) -> Category:
    """The category; a correction of usage that gives money back is a refund, another one an adjustment."""
    written = value.text(row.get("chargecategory"), "ChargeCategory")
    category = _CATEGORIES.get((written or "").lower())
    if category is None:
        raise BadValue(
            f"ChargeCategory: found {written!r}; accepted: Usage, Purchase, Tax, Credit, Adjustment"
            if written
            else "ChargeCategory: found nothing; accepted: Usage, Purchase, Tax, Credit, Adjustment"
        )
    if (value.text(row.get("chargeclass"), "ChargeClass") or "").lower() == "correction":
        billed = value.amount(row.get("billedcost"), "BilledCost") or Decimal(0)
        return Category.REFUND if billed < 0 else Category.ADJUSTMENT
    return category


def _model(names: list[str], models: Collection[str]) -> str | None:
    for name in names:
        if (spelled := canonical(name)) in models:
            return spelled
    for name in names:
        if found := known_in(name, models):
            return found
    for name in names:
        head = name.partition("::")[0].split()[0] if name.strip() else ""
        if looks_like_model(head):
            return canonical(head)
    return None


def _provider(row: Mapping[str, Value]) -> str | None:
    columns = ("servicename", "providername", "serviceprovidername", "publishername", "hostprovidername")
    for column in columns:
        words = (value.text(row.get(column), column) or "").lower()
        for word, provider in _SERVICES:
            if word in words:
                return provider
    return None


def _kind(words: str) -> Kind | None:
    lowered = words.lower()
    for pattern, kind in _KIND_WORDS:
        if pattern.search(lowered):
            return kind
    return None if kind_of(lowered) is Kind.OTHER else kind_of(lowered)


def _tokens(row: Mapping[str, Value], kind: Kind | None) -> dict[Kind, int]:
    written = value.text(row.get("consumedunit"), "ConsumedUnit") or ""
    unit = _UNIT.fullmatch("".join(written.lower().replace("-", " ").split()))
    quantity = value.amount(row.get("consumedquantity"), "ConsumedQuantity")
    if unit is None or quantity is None or kind is None or quantity < 0:
        return {}
    multiple = int((unit[1] or "1").replace(",", "")) * _MULTIPLES[unit[2]]
    return {kind: round(quantity * multiple)}


def _item(row: Mapping[str, Value]) -> str:
    for column in ("servicename", "chargedescription", "skuid"):
        if found := value.text(row.get(column), column):
            return found
    return "unnamed charge"


def _currency(row: Mapping[str, Value]) -> str:
    currency = value.text(row.get("billingcurrency"), "BillingCurrency")
    if currency is None:
        raise BadValue("BillingCurrency: found nothing; accepted is a code like USD")
    return currency.upper()
