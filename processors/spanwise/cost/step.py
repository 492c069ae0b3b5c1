"""`Cost`: puts the price of a model call on its span."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from spanwise.cost.config import CostConfig
from spanwise.cost.quote import EXACT, INCONSISTENT, Quote, micro_usd
from spanwise.cost.reading import NO_USAGE, call_of, is_rounded, usage_of
from spanwise.cost.resolution import Resolution
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


if TYPE_CHECKING:
    from spanwise.cost.pricer import Pricer

CURRENCY_UNKNOWN: Final = "currency unknown"
PRICED_DIFFERENTLY: Final = "another component has another price"
PRICED_ELSEWHERE: Final = "priced by another component"
SECONDS_ROUNDED: Final = "seconds rounded"
TOKENS_ESTIMATED: Final = "tokens estimated"

_USD = "USD"
_LARGEST_AMOUNT = 1e12
_MOST_WARNINGS = 256
_NANOS = 1_000_000_000
_MICROS = 1_000_000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._:/+-]{0,127}")
_NO_NAME = re.compile(
    r"[A-Za-z0-9]{16}|[0-9a-f]{8}-[0-9a-f]{4}|(?<![0-9])(?!20[0-9]{6}(?![0-9]))[0-9]{7}|(?:[0-9][.:/+-]?){12}|(?:[0-9]{1,3}\.){3}[0-9]|::"
)
"""What names of models do not have in them, and keys, numbers of people and addresses do."""
_SPENDING = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
        values.GEN_AI_OPERATION_NAME_EMBEDDINGS,
    }
)
_WITH_USAGE: Final = {
    values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE: attr.GEN_AI_USAGE_INPUT_TOKENS,
    values.GEN_AI_OPERATION_NAME_RETRIEVAL: attr.SPANWISE_USAGE_RERANK_SEARCHES,
}
"""Operations that cost something where a span of theirs has this attribute."""
_DECIDED = frozenset({attr.SPANWISE_COST_STATUS, attr.SPANWISE_DUPLICATE_OF})
"""What says that a span has a price, or that another span has it."""
BUCKETS: Final = {
    "input": attr.SPANWISE_COST_INPUT,
    "cache_read": attr.SPANWISE_COST_CACHE_READ,
    "cache_write": attr.SPANWISE_COST_CACHE_WRITE,
    "output": attr.SPANWISE_COST_OUTPUT,
    "other": attr.SPANWISE_COST_OTHER,
}
"""The attribute of each bucket."""

log = logging.getLogger("spanwise.cost")


class Cost:
    """The pipeline step that prices inference and embedding spans; every other span passes untouched.

    A price the provider sent is kept. Otherwise the user's own prices and the book price the usage on the span as of
    its start. A span that cannot be priced gets the status `unpriced` and a reason, never an amount of 0. A span that
    already has a status, or repeats a call that another span stands for, is left alone. What cached input would have
    cost more as plain input stands beside the price. About 5 us per priced span, 10 with cached input, less than 1 us
    for others.

    Args:
        config: the user's settings and prices.
        label: cleans a name before it stands in the log; names of models come from callers.
    """

    def __init__(self, config: CostConfig, *, label: Callable[[str], str] = str) -> None:
        self._config = config
        self._label = label
        self._warned: set[tuple[str, str]] = set()

    @cached_property
    def pricer(self) -> Pricer:
        """The prices; the book is read when the first call is priced."""
        from spanwise.cost.active import active_book
        from spanwise.cost.pricer import Pricer

        return Pricer(self._config.book or active_book(), self._config.prices)

    @property
    def book_time_s(self) -> int | None:
        """Unix time of the day of the price book in use; `None` until the first call was priced."""
        if "pricer" not in vars(self):
            return None
        day = self.pricer.book.date
        return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())

    @cached_property
    def _written(self) -> dict[str, str]:
        """What stands on every span that was priced here."""
        book = self.pricer.book
        return {
            attr.GEN_AI_USAGE_COST_CURRENCY: _USD,
            attr.GEN_AI_USAGE_COST_SOURCE: values.GEN_AI_USAGE_COST_SOURCE_LOCAL,
            attr.SPANWISE_COST_BOOK: f"{book.name} {book.version}",
            attr.SPANWISE_COST_BOOK_DATE: book.date.isoformat(),
        }

    def __call__(self, span: SpanRecord) -> SpanRecord:
        """The same record with `gen_ai.usage.cost.*` and `spanwise.cost.*` where it spent something."""
        attributes = span.attributes
        if not _spends(span) or not _DECIDED.isdisjoint(attributes):
            return span
        sent = _sent_amount(span) if attr.GEN_AI_USAGE_COST_AMOUNT in attributes else None
        if attr.SPANWISE_USAGE_SENT_COST in attributes:
            undone = _undiscounted(span)
            sent = sent if undone is None else undone
        usage = usage_of(span)
        counts = usage if isinstance(usage, dict) else {}
        if sent is not None and span.text(attr.GEN_AI_USAGE_COST_SOURCE) == values.GEN_AI_USAGE_COST_SOURCE_PROVIDER:
            self._take(span, sent, counts)
            return span
        way = self._way(span, counts)
        quote = quoted(span, way, counts) if isinstance(usage, dict) else INCONSISTENT
        if isinstance(quote, str) or not quote.sums:
            self._leave(span, sent, quote if isinstance(quote, str) else quote.reason, way)
            return span
        if sent is not None and _differ(quote.usd, sent):
            # A gateway that priced the call may have seen usage that it did not write on the span.
            quote = quote.estimated(PRICED_DIFFERENTLY)
        self._write(span, quote, way)
        if way.cached and (saved_usd := savings(span, way, counts, quote)) is not None:
            attributes[attr.SPANWISE_COST_CACHE_SAVINGS] = saved_usd
        return span

    def _way(self, span: SpanRecord, counts: dict[str, int]) -> Resolution:
        pricer = self.pricer
        return pricer.way(call_of(span, tenant=pricer.by_tenant), tuple(counts), span.start_unix_nano // _NANOS)

    def _take(self, span: SpanRecord, sent: float, counts: dict[str, int]) -> None:
        """Keep what the provider sent, less the discount that is agreed on such amounts."""
        prices = self._config.prices
        discount = self._way(span, counts).sent_discount if prices is not None and prices.discounts_sent else None
        if discount is None or (span.text(attr.GEN_AI_USAGE_COST_CURRENCY) or "").upper() != _USD:
            _keep(span, sent, values.SPANWISE_COST_STATUS_PROVIDER, "")
            return
        amount_usd = EXACT.multiply(Decimal(repr(sent)), discount.factor)
        span.attributes[attr.SPANWISE_USAGE_SENT_COST] = sent
        span.attributes[attr.GEN_AI_USAGE_COST_AMOUNT] = float(amount_usd)
        span.attributes[attr.GEN_AI_USAGE_COST_SOURCE] = values.GEN_AI_USAGE_COST_SOURCE_LOCAL
        span.attributes[attr.SPANWISE_COST_MICRO_USD] = micro_usd(amount_usd)
        span.attributes[attr.SPANWISE_COST_STATUS] = values.SPANWISE_COST_STATUS_EXACT
        span.attributes[attr.SPANWISE_COST_RULE] = f"sent+{discount.name}*{discount.factor}"

    def _leave(self, span: SpanRecord, sent: float | None, reason: str, way: Resolution) -> None:
        """Say that there is no price. An amount that another component computed stays, marked as an estimate."""
        if way.unknown is not None and reason not in {NO_USAGE, INCONSISTENT}:
            self._warn(*way.unknown)
        if sent:
            _keep(span, sent, values.SPANWISE_COST_STATUS_ESTIMATED, PRICED_ELSEWHERE)
            return
        # A zero of another component says that it had no price.
        span.attributes.pop(attr.GEN_AI_USAGE_COST_AMOUNT, None)
        span.attributes[attr.SPANWISE_COST_STATUS] = values.SPANWISE_COST_STATUS_UNPRICED
        span.attributes[attr.SPANWISE_COST_REASON] = reason

    def _write(self, span: SpanRecord, quote: Quote, way: Resolution) -> None:
        attributes, terms, sums = span.attributes, quote.terms, quote.sums
        attributes.update(self._written)
        unit = terms.unit
        attributes[attr.GEN_AI_USAGE_COST_AMOUNT] = sums[0] / unit
        attributes[attr.SPANWISE_COST_STATUS] = terms.status
        attributes[attr.SPANWISE_COST_MICRO_USD] = (2 * _MICROS * sums[0] + unit) // (2 * unit)
        attributes[attr.SPANWISE_COST_RULE] = terms.rule
        for name, sum_ in zip(terms.buckets, sums[1:], strict=True):
            if sum_:
                attributes[BUCKETS[name]] = sum_ / unit
        if terms.reason:
            attributes[attr.SPANWISE_COST_REASON] = terms.reason
        if way.currency is not None:
            numerator, denominator = way.currency.usd.as_integer_ratio()
            attributes[attr.SPANWISE_COST_BILLED_AMOUNT] = sums[0] * denominator / (unit * numerator)
            attributes[attr.SPANWISE_COST_BILLED_CURRENCY] = way.currency.code

    def _warn(self, provider: str, model: str) -> None:
        """Name an unknown model once. Only names that look like names are written to the log."""
        shown = (_shown(provider), _shown(model))
        if not self._config.warn_unknown or shown in self._warned or len(self._warned) >= _MOST_WARNINGS:
            return
        self._warned.add(shown)
        maker, name = map(self._label, shown)
        log.warning("No price for model %s of provider %s: its calls are unpriced, not free.", name, maker)


def _spends(span: SpanRecord) -> bool:
    """Whether `span` is of an operation that costs something.

    A fetch does where it has usage: it is the first that saw what a batch, or a response made in the background, took.
    So does a retrieval where it is billed by searches: a model ranked, nobody looked into his own data.
    """
    operation = span.text(attr.GEN_AI_OPERATION_NAME)
    if operation in _SPENDING:
        return True
    used = _WITH_USAGE.get(operation or "")
    return used is not None and used in span.attributes


def quoted(span: SpanRecord, way: Resolution, counts: dict[str, int]) -> Quote | str:
    """The price of the counts, or why they have none.

    Counts that are all 0 are no usage: no model answers for nothing, but some suites write 0 for unknown.
    """
    if not way.unmetered and not any(counts.values()):
        return NO_USAGE
    if span.attributes.get(attr.SPANWISE_USAGE_ESTIMATED) is True:
        return _of_estimate(span, way, counts)
    return _of_counts(span, way, counts)


def _of_estimate(span: SpanRecord, way: Resolution, counts: dict[str, int]) -> Quote:
    quote = _of_counts(span, way, counts)
    return quote.estimated(TOKENS_ESTIMATED) if quote.sums else quote


def _of_counts(span: SpanRecord, way: Resolution, counts: dict[str, int]) -> Quote:
    if way.as_counted:
        return way.quoting(counts)
    wall_us = max(span.end_unix_nano - span.start_unix_nano, 0) // 1000
    quote = way.quoting(way.usage(counts, wall_us))
    return quote.estimated(SECONDS_ROUNDED) if quote.sums and not quote.reason and is_rounded(span) else quote


def savings(span: SpanRecord, way: Resolution, counts: dict[str, int], quote: Quote) -> float | None:
    """US dollars that `quote` is below the price of the same call without the cache; exact, then the nearest float.

    `None` where nothing was read, where cached or plain input has no price of its own, and where a cache costs more.
    """
    plain_counts = {**counts, **dict.fromkeys(way.cached, 0)}
    plain = quoted(span, way, plain_counts) if plain_counts != counts else ""
    if isinstance(plain, str) or not plain.sums:
        return None
    if plain.terms.unit == quote.terms.unit:
        saved, unit = plain.sums[0] - quote.sums[0], quote.terms.unit
        return saved / unit if saved >= 0 else None
    # Prices by the hour are counted in units of their own.
    assert plain.amount is not None
    assert quote.amount is not None
    saved_usd = EXACT.subtract(plain.amount, quote.amount)
    return float(saved_usd) if saved_usd >= 0 else None


def _differ(amount_usd: float, sent: float) -> bool:
    """Whether an amount sent by somebody else is off by more than a hundredth. A zero says that it was not priced."""
    return sent > 0 and abs(amount_usd - sent) > 0.01 * sent


def _sent_amount(span: SpanRecord) -> float | None:
    """The amount that is already on `span`. One that is no amount of money is removed, so that no sum can meet it."""
    amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
    if isinstance(amount, int | float) and not isinstance(amount, bool) and 0 <= amount <= _LARGEST_AMOUNT:
        return float(amount)
    span.attributes.pop(attr.GEN_AI_USAGE_COST_AMOUNT, None)
    return None


def _undiscounted(span: SpanRecord) -> float | None:
    """What the provider sent before an earlier pricing took a discount off it; the span is then as it was before."""
    amount = span.attributes.pop(attr.SPANWISE_USAGE_SENT_COST)
    if not isinstance(amount, float) or not 0 <= amount <= _LARGEST_AMOUNT:
        return None
    span.attributes[attr.GEN_AI_USAGE_COST_AMOUNT] = amount
    span.attributes[attr.GEN_AI_USAGE_COST_SOURCE] = values.GEN_AI_USAGE_COST_SOURCE_PROVIDER
    span.attributes[attr.GEN_AI_USAGE_COST_CURRENCY] = _USD
    return amount


def _keep(span: SpanRecord, amount: float, status: str, reason: str) -> None:
    """Complete an amount of somebody else. Without a currency it is no price."""
    attributes = span.attributes
    attributes[attr.GEN_AI_USAGE_COST_AMOUNT] = amount
    currency = span.text(attr.GEN_AI_USAGE_COST_CURRENCY)
    if currency is None:
        status, reason = values.SPANWISE_COST_STATUS_UNPRICED, CURRENCY_UNKNOWN
    elif currency.upper() == _USD:
        attributes[attr.SPANWISE_COST_MICRO_USD] = micro_usd(Decimal(repr(amount)))
    attributes[attr.SPANWISE_COST_STATUS] = status
    if reason:
        attributes[attr.SPANWISE_COST_REASON] = reason


def _shown(name: str) -> str:
    return name if _NAME.fullmatch(name) and not _NO_NAME.search(name) else "<not shown>"
