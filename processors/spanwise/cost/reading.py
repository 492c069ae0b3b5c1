"""What a span says about what it used and how it was called."""

from __future__ import annotations

from spanwise.cost.quote import INCONSISTENT
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr


NO_USAGE = "no usage"

_COUNTS = (
    (attr.GEN_AI_USAGE_INPUT_TOKENS, "input_tokens"),
    (attr.GEN_AI_USAGE_OUTPUT_TOKENS, "output_tokens"),
    (attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, "cache_read_tokens"),
    (attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, "cache_write_tokens"),
    (attr.SPANWISE_USAGE_CACHE_WRITE_5M_INPUT_TOKENS, "cache_write_5m_tokens"),
    (attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS, "cache_write_1h_tokens"),
    (attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, "output_reasoning_tokens"),
    (attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS, "input_text_tokens"),
    (attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS, "input_image_tokens"),
    (attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS, "input_audio_tokens"),
    (attr.GEN_AI_USAGE_TEXT_OUTPUT_TOKENS, "output_text_tokens"),
    (attr.GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS, "output_image_tokens"),
    (attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS, "output_audio_tokens"),
    (attr.GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS, "cache_text_read_tokens"),
    (attr.GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS, "cache_image_read_tokens"),
    (attr.GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS, "cache_audio_read_tokens"),
    (attr.SPANWISE_USAGE_WEB_SEARCHES, "web_searches"),
)
_SUMS = (
    ("cache_write_tokens", ("cache_write_5m_tokens", "cache_write_1h_tokens")),
    ("cache_read_tokens", ("cache_text_read_tokens", "cache_image_read_tokens", "cache_audio_read_tokens")),
)
"""Totals that may be left out where their parts are given."""

_BATCH = "batch"


def usage_of(span: SpanRecord) -> dict[str, int] | str:
    """The counts on `span` by the keys of the price book, or the reason why they cannot be priced.

    A span whose counts are all 0 has no usage: no model answers for nothing, but some suites write 0 for unknown.
    """
    attributes = span.attributes
    usage: dict[str, int] = {}
    for name, key in _COUNTS:
        if name in attributes:
            count = span.count(name)
            if count is None:
                return INCONSISTENT
            usage[key] = count
    if not any(usage.values()):
        return NO_USAGE
    for total, parts in _SUMS:
        if total not in usage:
            known = [usage[part] for part in parts if part in usage]
            if known:
                usage[total] = sum(known)
    return usage


def context_of(span: SpanRecord) -> dict[str, str] | None:
    """How the call was made, in the words of the price book: service tier, batch processing, speed."""
    tier = span.text(attr.OPENAI_RESPONSE_SERVICE_TIER) or span.text(attr.SPANWISE_RESPONSE_SERVICE_TIER)
    speed = span.text(attr.SPANWISE_RESPONSE_SPEED)
    if tier is None and speed is None:
        return None
    context: dict[str, str] = {}
    if tier is not None and tier.lower() == _BATCH:
        context["processing"] = _BATCH
    elif tier is not None:
        context["service_tier"] = tier.lower()
    if speed is not None:
        context["speed"] = speed.lower()
    return context


def url_of(span: SpanRecord) -> str | None:
    """Where the API is, as far as the span says: always `https`, because the book names public APIs only."""
    host = span.text(attr.SERVER_ADDRESS)
    if host is None:
        return None
    port = span.count(attr.SERVER_PORT)
    return f"https://{host}" if port in {None, 443, 80} else f"https://{host}:{port}"
