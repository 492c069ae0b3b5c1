"""Usage objects of the OpenAI dialects."""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import EMPTY, count, mapping, put
from spanwise.instrument.codec.received_cost import received_cost
from spanwise.semconv import attributes as attr


_GIVEN = ("prompt_tokens_details", "input_tokens_details", "input_token_details")
_MADE = ("completion_tokens_details", "output_tokens_details", "output_token_details")
"""One thing by three names: chat, responses and images, audio and realtime."""


def usage(body: Json) -> Attributes:
    """Token counts of a response body; all spellings (`prompt_tokens`, `input_tokens`). Counts are inclusive.

    A cost that the provider or a router sends with the usage is passed through as received, see `received_cost`.
    """
    data = mapping(body.get("usage"))
    found = received_cost(data)
    put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, count(data.get("prompt_tokens", data.get("input_tokens"))))
    put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, count(data.get("completion_tokens", data.get("output_tokens"))))
    given, made = _details(data, _GIVEN), _details(data, _MADE)
    put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(given.get("cached_tokens")))
    put(found, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, count(given.get("cache_write_tokens")))
    put(found, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, count(made.get("reasoning_tokens")))
    # A zero says only that the field exists: modality is reported where it was used.
    put(found, attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS, count(given.get("text_tokens")) or None)
    put(found, attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS, count(given.get("audio_tokens")) or None)
    put(found, attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS, count(given.get("image_tokens")) or None)
    put(found, attr.GEN_AI_USAGE_TEXT_OUTPUT_TOKENS, count(made.get("text_tokens")) or None)
    put(found, attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS, count(made.get("audio_tokens")) or None)
    put(found, attr.GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS, count(made.get("image_tokens")) or None)
    if cached := mapping(given.get("cached_tokens_details")):
        put(found, attr.GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS, count(cached.get("text_tokens")) or None)
        put(found, attr.GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS, count(cached.get("audio_tokens")) or None)
        put(found, attr.GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS, count(cached.get("image_tokens")) or None)
    return found


def _details(data: Json, names: tuple[str, ...]) -> Json:
    for name in names:
        if found := mapping(data.get(name)):
            return found
    return EMPTY
