"""Usage objects of the OpenAI dialects."""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, mapping, number, put
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


def usage(body: Json) -> Attributes:
    """Token counts of a response body; both spellings (`prompt_tokens`, `input_tokens`). Counts are inclusive.

    A cost that a router sends with the usage (`usage.cost`, OpenRouter) is passed through as received; its currency
    is not in the body, so whoever knows the host has to add it.
    """
    found: Attributes = {}
    data = mapping(body.get("usage"))
    put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, count(data.get("prompt_tokens", data.get("input_tokens"))))
    put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, count(data.get("completion_tokens", data.get("output_tokens"))))
    given = mapping(data.get("prompt_tokens_details")) or mapping(data.get("input_tokens_details"))
    put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(given.get("cached_tokens")))
    put(found, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, count(given.get("cache_write_tokens")))
    made = mapping(data.get("completion_tokens_details")) or mapping(data.get("output_tokens_details"))
    put(found, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, count(made.get("reasoning_tokens")))
    # A zero says only that the field exists: modality is reported where it was used.
    put(found, attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS, count(given.get("audio_tokens")) or None)
    put(found, attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS, count(made.get("audio_tokens")) or None)
    put(found, attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS, count(given.get("image_tokens")) or None)
    if (cost := number(data.get("cost"))) is not None and cost >= 0:
        found[attr.GEN_AI_USAGE_COST_AMOUNT] = cost
        found[attr.GEN_AI_USAGE_COST_SOURCE] = values.GEN_AI_USAGE_COST_SOURCE_PROVIDER
    return found
