"""A model call of LangChain as the convention writes it: from its metadata and from its result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from opentelemetry.util.types import AttributeValue

from spanwise.instrument.codec import Attributes
from spanwise.instrument.framework.finish import finish_reason
from spanwise.instrument.framework.provider import provider_named
from spanwise.semconv import attributes as attr


Thing: TypeAlias = Any
"""An object of LangChain's, which need not be installed where this is checked."""

_OWN_IDS: Final = ("run-", "run--", "lc_run-")
_REQUEST: Final = (
    ("ls_model_name", attr.GEN_AI_REQUEST_MODEL, str),
    ("ls_temperature", attr.GEN_AI_REQUEST_TEMPERATURE, int | float),
    ("ls_max_tokens", attr.GEN_AI_REQUEST_MAX_TOKENS, int),
)


def request(operation: str, metadata: Mapping[str, Thing]) -> Attributes:
    """What the metadata of a model's run says of the request.

    Args:
        operation: of the convention.
        metadata: of the run.
    """
    found: Attributes = {attr.GEN_AI_OPERATION_NAME: operation}
    provider = metadata.get("ls_provider")
    if isinstance(provider, str) and provider:
        found[attr.GEN_AI_PROVIDER_NAME] = provider_named(provider)
    for name, target, kind in _REQUEST:
        value = metadata.get(name)
        if isinstance(value, kind) and not isinstance(value, bool):
            found[target] = float(value) if target == attr.GEN_AI_REQUEST_TEMPERATURE else value
    stop = metadata.get("ls_stop")
    if isinstance(stop, list) and stop and all(isinstance(each, str) for each in stop):
        found[attr.GEN_AI_REQUEST_STOP_SEQUENCES] = stop
    return found


def response(result: Thing) -> Attributes:
    """What a result says: model, id, why it ended and tokens. An answer from LangChain's cache has no tokens."""
    found: Attributes = {}
    reasons: list[str] = []
    for generation in generations(result):
        message = getattr(generation, "message", None)
        info = getattr(message, "response_metadata", None) or getattr(generation, "generation_info", None)
        said: Mapping[str, Thing] = info if isinstance(info, Mapping) else {}
        reason = said.get("finish_reason") or said.get("stop_reason") or said.get("done_reason")
        if isinstance(reason, str):
            reasons.append(finish_reason(reason))
        _put(found, attr.GEN_AI_RESPONSE_MODEL, said.get("model_name") or said.get("model"))
        made_up = str(getattr(message, "id", None) or "").startswith(_OWN_IDS)
        _put(found, attr.GEN_AI_RESPONSE_ID, said.get("id") or (None if made_up else getattr(message, "id", None)))
        found.update(_usage(getattr(message, "usage_metadata", None)))
    if reasons:
        found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = reasons
    said_of_all = getattr(result, "llm_output", None)
    if attr.GEN_AI_USAGE_INPUT_TOKENS not in found and isinstance(said_of_all, Mapping):
        _put(found, attr.GEN_AI_RESPONSE_MODEL, said_of_all.get("model_name"))
        found.update(_plain_usage(said_of_all.get("token_usage")))
    return found


def generations(result: Thing) -> Iterable[Thing]:
    """The answers in a result: those to the one prompt that a run has."""
    batches = getattr(result, "generations", None)
    first = batches[0] if isinstance(batches, list) and batches else []
    return first if isinstance(first, list) else []


def _put(found: Attributes, name: str, value: AttributeValue | None) -> None:
    if isinstance(value, str) and value:
        found.setdefault(name, value)


def _usage(usage: Thing) -> Attributes:
    if not isinstance(usage, Mapping) or usage.get("total_cost") == 0:  # the mark of an answer from the cache
        return {}
    found: Attributes = {}
    _count(found, attr.GEN_AI_USAGE_INPUT_TOKENS, usage.get("input_tokens"))
    _count(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, usage.get("output_tokens"))
    read, made = usage.get("input_token_details"), usage.get("output_token_details")
    if isinstance(read, Mapping):
        _count(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, read.get("cache_read"))
        _count(found, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, read.get("cache_creation"))
        _count(found, attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS, read.get("audio"))
    if isinstance(made, Mapping):
        _count(found, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, made.get("reasoning"))
        _count(found, attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS, made.get("audio"))
    return found


def _plain_usage(usage: Thing) -> Attributes:
    found: Attributes = {}
    if isinstance(usage, Mapping):
        _count(found, attr.GEN_AI_USAGE_INPUT_TOKENS, usage.get("prompt_tokens"))
        _count(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, usage.get("completion_tokens"))
    return found


def _count(found: Attributes, name: str, value: Thing) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53:
        found[name] = value
