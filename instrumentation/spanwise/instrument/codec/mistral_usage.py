"""Usage objects of Mistral."""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, mapping, number, put, text
from spanwise.instrument.codec.openai_usage import usage
from spanwise.semconv import attributes as attr


def mistral_usage(body: Json) -> Attributes:
    """Token counts of a response body. Counts are inclusive.

    Tokens read from the cache have had three places: that of OpenAI, `prompt_token_details`, and a field of their own.
    """
    found = usage(body)
    data = mapping(body.get("usage"))
    if attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS not in found:
        cached = mapping(data.get("prompt_token_details")).get("cached_tokens", data.get("num_cached_tokens"))
        put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(cached))
    put(found, attr.SPANWISE_USAGE_INPUT_AUDIO_SECONDS, number(data.get("prompt_audio_seconds")) or None)
    put(found, attr.SPANWISE_RESPONSE_SERVICE_TIER, text(data.get("service_tier")))
    return found
