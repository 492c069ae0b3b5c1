"""`Cost`: puts the price of a model call on its span."""

from __future__ import annotations

import logging
import re
from decimal import ROUND_HALF_UP, Decimal

from spanwise.cost.book import PriceBook
from spanwise.cost.config import CostConfig
from spanwise.cost.quote import INCOMPLETE, UNKNOWN_MODEL, UNKNOWN_PROVIDER, Quote
from spanwise.cost.reading import context_of, url_of, usage_of
from spanwise.cost.rule import EXACT
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


CURRENCY_UNKNOWN = "currency unknown"
CACHED_MODALITIES_UNKNOWN = "cached modalities unknown"
INPUT_MISSING = "input tokens missing"
OUTPUT_MISSING = "output tokens missing"
PROVIDER_GUESSED = "provider guessed from the model"
PRICED_DIFFERENTLY = "another component has another price"
PRICED_ELSEWHERE = "priced by another component"
STREAM_ENDED_EARLY = "stream ended early"

_USD = "USD"
_MICRO_DIGITS = 6
_LARGEST_AMOUNT = 1e12
_MOST_WARNINGS = 256
_PRINTABLE = re.compile(r"[A-Za-z0-9._:/@+-]{1,128}")
_SPENDING = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
        values.GEN_AI_OPERATION_NAME_EMBEDDINGS,
    }
)
_DECIDED = frozenset({attr.SPANWISE_COST_STATUS, attr.SPANWISE_DUPLICATE_OF})
"""What says that a span has a price, or that another span has it."""
_PROVIDERS = {
    values.GEN_AI_PROVIDER_NAME_OPENAI: "openai",
    values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI: "azure",
    values.GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE: "azure",
    values.GEN_AI_PROVIDER_NAME_ANTHROPIC: "anthropic",
    values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK: "aws",
    values.GEN_AI_PROVIDER_NAME_GCP_GEMINI: "google",
    values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI: "google",
    values.GEN_AI_PROVIDER_NAME_GCP_GEN_AI: "google",
    values.GEN_AI_PROVIDER_NAME_X_AI: "x-ai",
    values.GEN_AI_PROVIDER_NAME_MISTRAL_AI: "mistral",
    values.GEN_AI_PROVIDER_NAME_MOONSHOT_AI: "moonshotai",
    values.GEN_AI_PROVIDER_NAME_DEEPSEEK: "deepseek",
    values.GEN_AI_PROVIDER_NAME_GROQ: "groq",
    values.GEN_AI_PROVIDER_NAME_COHERE: "cohere",
    values.GEN_AI_PROVIDER_NAME_PERPLEXITY: "perplexity",
}
"""Names of the convention in the words of the price book; other names are looked up as they are."""
_BUCKETS = {
    "input": attr.SPANWISE_COST_INPUT,
    "cache_read": attr.SPANWISE_COST_CACHE_READ,
    "cache_write": attr.SPANWISE_COST_CACHE_WRITE,
    "output": attr.SPANWISE_COST_OUTPUT,
    "other": attr.SPANWISE_COST_OTHER,
}
_MODALITIES = (
    ("input_text_tokens", "cache_text_read_tokens"),
    ("input_image_tokens", "cache_image_read_tokens"),
    ("input_audio_tokens", "cache_audio_read_tokens"),
)

log = logging.getLogger("spanwise.cost")


class Cost:
    """The pipeline step that prices inference and embedding spans; every other span passes untouched.

    A price the provider sent is kept. Otherwise the book prices the usage on the span as of its start. A span that
    cannot be priced gets the status `unpriced` and a reason, never an amount of 0. A span that already has a status, or
    repeats a call that another span stands for, is left alone. About 10 us per priced span, less than 1 us for others.
    """

    def __init__(self, config: CostConfig) -> None:
        self._config = config
        self._warned: set[tuple[str, str]] = set()

    def __call__(self, span: SpanRecord) -> SpanRecord:
        """The same record with `gen_ai.usage.cost.*` and `spanwise.cost.*` where it spent something."""
        if span.text(attr.GEN_AI_OPERATION_NAME) not in _SPENDING or not _DECIDED.isdisjoint(span.attributes):
            return span
        sent = _sent_amount(span)
        if sent is not None and span.text(attr.GEN_AI_USAGE_COST_SOURCE) == values.GEN_AI_USAGE_COST_SOURCE_PROVIDER:
            _keep(span, sent, values.SPANWISE_COST_STATUS_PROVIDER, "")
            return span
        usage = usage_of(span)
        if isinstance(usage, str):
            _leave(span, sent, usage)
            return span
        book = self._config.book or PriceBook.bundled()
        quote = self._quote(span, book, usage)
        if quote.amount is not None and sent is not None and _differ(quote.amount, sent):
            # A gateway that priced the call may have seen usage that it did not write on the span.
            quote = quote._replace(status=values.SPANWISE_COST_STATUS_ESTIMATED, reason=PRICED_DIFFERENTLY)
        if quote.amount is None:
            _leave(span, sent, quote.reason)
        else:
            _write(span, quote, quote.amount, f"{book.name} {book.version}")
        return span

    def _quote(self, span: SpanRecord, book: PriceBook, usage: dict[str, int]) -> Quote:
        response, request = span.text(attr.GEN_AI_RESPONSE_MODEL), span.text(attr.GEN_AI_REQUEST_MODEL)
        url, name = url_of(span), span.text(attr.GEN_AI_PROVIDER_NAME)
        provider = (book.provider_at(url) if url else None) or _PROVIDERS.get(name or "", name)
        at_s, context = span.start_unix_nano // 1_000_000_000, context_of(span)
        for model in _models(response, request, name):
            quote = book.quote_at(provider, model, usage, at_s, context)
            if quote.reason != UNKNOWN_MODEL:
                break
        if quote.reason in {UNKNOWN_MODEL, UNKNOWN_PROVIDER}:
            self._warn(provider or "", model)
            return quote
        assumed = _assumption(span, usage, provider)
        if quote.reason == INCOMPLETE:
            assumed = CACHED_MODALITIES_UNKNOWN
            quote = book.quote_at(provider, model, _with_uncached(usage), at_s, context)
        if quote.amount is not None and assumed and not quote.reason:
            return quote._replace(status=values.SPANWISE_COST_STATUS_ESTIMATED, reason=assumed)
        return quote

    def _warn(self, provider: str, model: str) -> None:
        """Name an unknown model once. Only names that look like names are written to the log."""
        shown = (_shown(provider), _shown(model))
        if not self._config.warn_unknown or shown in self._warned or len(self._warned) >= _MOST_WARNINGS:
            return
        self._warned.add(shown)
        log.warning("No price for model %s of provider %s: its calls are unpriced, not free.", shown[1], shown[0])


def _models(response: str | None, request: str | None, provider: str | None) -> list[str]:
    """Names to look a price up for: the model that answered, the one asked for, and that without a gateway's prefix.

    LiteLLM and what builds on it write `openai/gpt-4.1-mini` for a model of the provider `openai`.
    """
    found = [model for model in dict.fromkeys((response, request)) if model]
    if request and provider and request.startswith(f"{provider}/"):
        found.append(request.removeprefix(f"{provider}/"))
    return found or [""]


def _assumption(span: SpanRecord, usage: dict[str, int], provider: str | None) -> str:
    """What has to be taken for granted about `span` to price it; empty when nothing is."""
    outcome = span.text(attr.SPANWISE_STREAM_OUTCOME)
    if (
        outcome not in {None, values.SPANWISE_STREAM_OUTCOME_DRAINED}
        and attr.GEN_AI_RESPONSE_FINISH_REASONS not in span.attributes
    ):
        return STREAM_ENDED_EARLY
    if "input_tokens" not in usage:
        return INPUT_MISSING
    if (
        "output_tokens" not in usage
        and span.text(attr.GEN_AI_OPERATION_NAME) != values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    ):
        return OUTPUT_MISSING
    return "" if provider else PROVIDER_GUESSED


def _with_uncached(usage: dict[str, int]) -> dict[str, int]:
    """`usage` with nothing cached of every modality whose cached part was not reported."""
    known = {cached: 0 for whole, cached in _MODALITIES if whole in usage and cached not in usage}
    return {**usage, **known}


def _differ(amount_usd: Decimal, sent: float) -> bool:
    """Whether an amount sent by somebody else is off by more than a hundredth. A zero says that it was not priced."""
    return sent > 0 and abs(float(amount_usd) - sent) > 0.01 * sent


def _sent_amount(span: SpanRecord) -> float | None:
    """The amount that is already on `span`. One that is no amount of money is removed, so that no sum can meet it."""
    amount = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
    if isinstance(amount, int | float) and not isinstance(amount, bool) and 0 <= amount <= _LARGEST_AMOUNT:
        return float(amount)
    span.attributes.pop(attr.GEN_AI_USAGE_COST_AMOUNT, None)
    return None


def _keep(span: SpanRecord, amount: float, status: str, reason: str) -> None:
    """Complete an amount of somebody else. Without a currency it is no price."""
    attributes = span.attributes
    attributes[attr.GEN_AI_USAGE_COST_AMOUNT] = amount
    currency = span.text(attr.GEN_AI_USAGE_COST_CURRENCY)
    if currency is None:
        status, reason = values.SPANWISE_COST_STATUS_UNPRICED, CURRENCY_UNKNOWN
    elif currency.upper() == _USD:
        attributes[attr.SPANWISE_COST_MICRO_USD] = _micro_usd(Decimal(repr(amount)))
    attributes[attr.SPANWISE_COST_STATUS] = status
    if reason:
        attributes[attr.SPANWISE_COST_REASON] = reason


def _leave(span: SpanRecord, sent: float | None, reason: str) -> None:
    """Say that the book has no price. An amount that another component computed stays, marked as an estimate."""
    if sent is not None:
        _keep(span, sent, values.SPANWISE_COST_STATUS_ESTIMATED, PRICED_ELSEWHERE)
        return
    span.attributes[attr.SPANWISE_COST_STATUS] = values.SPANWISE_COST_STATUS_UNPRICED
    span.attributes[attr.SPANWISE_COST_REASON] = reason


def _write(span: SpanRecord, quote: Quote, amount_usd: Decimal, book: str) -> None:
    attributes = span.attributes
    attributes[attr.GEN_AI_USAGE_COST_AMOUNT] = float(amount_usd)
    attributes[attr.GEN_AI_USAGE_COST_CURRENCY] = _USD
    attributes[attr.GEN_AI_USAGE_COST_SOURCE] = values.GEN_AI_USAGE_COST_SOURCE_LOCAL
    attributes[attr.SPANWISE_COST_STATUS] = quote.status
    attributes[attr.SPANWISE_COST_MICRO_USD] = _micro_usd(amount_usd)
    attributes[attr.SPANWISE_COST_BOOK] = book
    attributes[attr.SPANWISE_COST_RULE] = quote.rule
    for bucket, bucket_usd in quote.buckets.items():
        attributes[_BUCKETS[bucket]] = float(bucket_usd)
    if quote.reason:
        attributes[attr.SPANWISE_COST_REASON] = quote.reason


def _micro_usd(amount_usd: Decimal) -> int:
    return int(EXACT.scaleb(amount_usd, _MICRO_DIGITS).to_integral_value(ROUND_HALF_UP))


def _shown(name: str) -> str:
    return name if _PRINTABLE.fullmatch(name) else "<unprintable>"
