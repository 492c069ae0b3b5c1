"""Usage objects of Gemini and what it searched, in inclusive counts."""

from __future__ import annotations

import re
from typing import Final

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, items, mapping, put, text
from spanwise.semconv import attributes as attr


_INPUT: Final = {
    "TEXT": attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS,
    "IMAGE": attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
    "AUDIO": attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
    "VIDEO": attr.SPANWISE_USAGE_VIDEO_INPUT_TOKENS,
}
_OUTPUT: Final = {
    "TEXT": attr.GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
    "IMAGE": attr.GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
    "AUDIO": attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
    "VIDEO": attr.SPANWISE_USAGE_VIDEO_OUTPUT_TOKENS,
}
_CACHED: Final = {
    "TEXT": attr.GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS,
    "IMAGE": attr.GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
    "AUDIO": attr.GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
}
_PER_PROMPT: Final = re.compile(r"gemini-[12](?:\D|$)")
"""Models whose grounding is billed once for a prompt; later ones pay for every query
(https://ai.google.dev/gemini-api/docs/pricing)."""


def usage(data: Json) -> Attributes:
    """Token counts of `usageMetadata`.

    Gemini counts what its own tools put into the prompt and what it thought beside the prompt and the answer; the
    convention's input and output include them. Its prompt count includes the cached part. A zero is not written, so a
    missing part is none. Tokens of documents are in the sums only: neither the convention nor we have a name for them.
    """
    found: Attributes = {}
    prompt, tool = count(data.get("promptTokenCount")), count(data.get("toolUsePromptTokenCount"))
    if prompt is not None:
        found[attr.GEN_AI_USAGE_INPUT_TOKENS] = prompt + (tool or 0)
    put(found, attr.SPANWISE_USAGE_TOOL_INPUT_TOKENS, tool or None)
    put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(data.get("cachedContentTokenCount")))
    # A live session calls its answer the response.
    answer = count(data.get("candidatesTokenCount", data.get("responseTokenCount")))
    thoughts = count(data.get("thoughtsTokenCount"))
    if answer is not None or thoughts is not None:
        found[attr.GEN_AI_USAGE_OUTPUT_TOKENS] = (answer or 0) + (thoughts or 0)
    put(found, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, thoughts)
    _modalities(found, _INPUT, data.get("promptTokensDetails"))
    _modalities(found, _INPUT, data.get("toolUsePromptTokensDetails"))
    _modalities(found, _OUTPUT, data.get("candidatesTokensDetails") or data.get("responseTokensDetails"))
    _modalities(found, _CACHED, data.get("cacheTokensDetails"))
    put(found, attr.SPANWISE_RESPONSE_SERVICE_TIER, text(data.get("serviceTier")) or text(data.get("trafficType")))
    return found


def interaction_usage(data: Json) -> Attributes:
    """Token counts of an interaction, which counts as `usageMetadata` does: tools and thoughts beside all else."""
    found: Attributes = {}
    prompt, tool = count(data.get("total_input_tokens")), count(data.get("total_tool_use_tokens"))
    if prompt is not None:
        found[attr.GEN_AI_USAGE_INPUT_TOKENS] = prompt + (tool or 0)
    put(found, attr.SPANWISE_USAGE_TOOL_INPUT_TOKENS, tool or None)
    put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(data.get("total_cached_tokens")))
    answer, thoughts = count(data.get("total_output_tokens")), count(data.get("total_thought_tokens"))
    if answer is not None or thoughts is not None:
        found[attr.GEN_AI_USAGE_OUTPUT_TOKENS] = (answer or 0) + (thoughts or 0)
    put(found, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, thoughts)
    _modalities(found, _INPUT, data.get("input_tokens_by_modality"))
    _modalities(found, _INPUT, data.get("tool_use_tokens_by_modality"))
    _modalities(found, _OUTPUT, data.get("output_tokens_by_modality"))
    _modalities(found, _CACHED, data.get("cached_tokens_by_modality"))
    return found


def _modalities(found: Attributes, names: dict[str, str], details: object) -> None:
    """Add the counts of a list of modalities. A zero says only that the entry exists."""
    for entry in items(details):
        detail = mapping(entry)
        name = names.get(str(detail.get("modality")).upper())
        tokens = count(detail.get("tokenCount", detail.get("tokens")))
        if name is not None and tokens:
            before = found.get(name)
            found[name] = tokens + (before if isinstance(before, int) else 0)


def web_searches(groundings: list[Json], model: str) -> int | None:
    """Searches that are billed: the queries of every candidate, or 1 where `model` is billed by the prompt."""
    queries = sum(
        1
        for grounding in groundings
        for name in ("webSearchQueries", "imageSearchQueries")
        for query in items(grounding.get(name))
        if text(query)
    )
    return _billed(queries, model)


def interaction_searches(body: Json) -> int | None:
    """Searches of an interaction that are billed: as its usage counts them, else the queries of its steps."""
    counted = [mapping(each) for each in items(mapping(body.get("usage")).get("grounding_tool_count"))]
    queries = sum(count(each.get("count")) or 0 for each in counted if each.get("type") == "google_search")
    if not counted:
        steps = [mapping(step) for step in items(body.get("steps"))]
        queries = sum(
            1
            for step in steps
            if step.get("type") == "google_search_call"
            for query in items(mapping(step.get("arguments")).get("queries"))
            if text(query)
        )
    return _billed(queries, text(body.get("model")) or "")


def _billed(queries: int, model: str) -> int | None:
    return min(queries, 1) or None if _PER_PROMPT.search(model) else queries or None
