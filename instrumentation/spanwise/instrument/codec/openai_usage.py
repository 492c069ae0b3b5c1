"""Usage objects of the OpenAI dialects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import EMPTY, count, mapping, put
from spanwise.instrument.codec.received_cost import received_cost
from spanwise.semconv import attributes as attr


_GIVEN = ("prompt_tokens_details", "input_tokens_details", "input_token_details")
_MADE = ("completion_tokens_details", "output_tokens_details", "output_token_details")
"""One thing by three names: chat, responses and images, audio and realtime."""

_OF_GIVEN: Final = {
    "cached_tokens": attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
    "cache_write_tokens": attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
    "text_tokens": attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS,
    "audio_tokens": attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
    "image_tokens": attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
}
_OF_MADE: Final = {
    "reasoning_tokens": attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
    "text_tokens": attr.GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
    "audio_tokens": attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
    "image_tokens": attr.GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
}
_OF_CACHED: Final = {
    "text_tokens": attr.GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS,
    "audio_tokens": attr.GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
    "image_tokens": attr.GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
}
_WITH_ZERO: Final = frozenset(
    {
        attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
        attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
        attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
    }
)


def usage(body: Json) -> Attributes:
    """Token counts of a response body; all spellings (`prompt_tokens`, `input_tokens`). Counts are inclusive.

    A cost that the provider or a router sends with the usage is passed through as received, see `received_cost`.
    """
    data = mapping(body.get("usage"))
    found = received_cost(data)
    put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, count(data.get("prompt_tokens", data.get("input_tokens"))))
    put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, count(data.get("completion_tokens", data.get("output_tokens"))))
    if given := _details(data, _GIVEN):
        _split(found, given, _OF_GIVEN)
        if cached := given.get("cached_tokens_details"):
            _split(found, mapping(cached), _OF_CACHED)
    if made := _details(data, _MADE):
        _split(found, made, _OF_MADE)
    return found


def _details(data: Json, names: tuple[str, ...]) -> Json:
    for name in names:
        if name in data and (found := mapping(data[name])):
            return found
    return EMPTY


def _split(found: Attributes, details: Json, known: Mapping[str, str]) -> None:
    # By what the details say, which is little, and not by all they could say.
    for name, value in details.items():
        attribute = known.get(name)
        if attribute is None:
            continue
        tokens = count(value)
        # A zero says only that the field exists: modality is reported where it was used.
        if tokens or (tokens is not None and attribute in _WITH_ZERO):
            found[attribute] = tokens
