"""A model call of the OpenAI Agents SDK as the convention writes it: from the data of its span."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from spanwise.instrument.codec import Attributes
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.framework.content import json_text
from spanwise.instrument.framework.provider import provider_named
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Thing: TypeAlias = Any
"""The data of a span of the SDK, and what is in it."""

_MOST: Final = 1000
_LITELLM: Final = "litellm"
_COUNTS: Final = (
    ("input_tokens", attr.GEN_AI_USAGE_INPUT_TOKENS),
    ("output_tokens", attr.GEN_AI_USAGE_OUTPUT_TOKENS),
)
_DETAILS: Final = (
    ("input_tokens_details", "cached_tokens", attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
    ("output_tokens_details", "reasoning_tokens", attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS),
)


def request(data: Thing) -> Attributes:
    """What is known when a model is asked. A response's span tells its model only when it has answered."""
    found: Attributes = {attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT}
    model = str(getattr(data, "model", None) or "")
    config = getattr(data, "model_config", None)
    config = config if isinstance(config, Mapping) else {}
    if model:
        found[attr.GEN_AI_REQUEST_MODEL] = model
    found[attr.GEN_AI_PROVIDER_NAME] = _provider(model, config)
    for name, target in (("temperature", attr.GEN_AI_REQUEST_TEMPERATURE), ("top_p", attr.GEN_AI_REQUEST_TOP_P)):
        value = config.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[target] = float(value)
    if isinstance(limit := config.get("max_tokens"), int):
        found[attr.GEN_AI_REQUEST_MAX_TOKENS] = limit
    return found


def answered(data: Thing) -> Attributes:
    """Tokens, and what a response says of itself. What is not told is left out."""
    found: Attributes = {}
    response = getattr(data, "response", None)
    for source in (getattr(data, "usage", None), getattr(response, "usage", None)):
        for name, target in _COUNTS:
            _count(found, target, _of(source, name))
        for name, part, target in _DETAILS:
            _count(found, target, _of(_of(source, name), part))
    for name, target in (("id", attr.GEN_AI_RESPONSE_ID), ("model", attr.GEN_AI_RESPONSE_MODEL)):
        if isinstance(value := getattr(response, name, None), str) and value:
            found[target] = value
    return found


def asked_with(data: Thing) -> str:
    """The model of a response, which is that of its request as far as the SDK tells; empty where that is known."""
    return "" if getattr(data, "model", None) else str(getattr(getattr(data, "response", None), "model", None) or "")


def content(data: Thing) -> Attributes:
    """Messages given and made. This is content."""
    response = getattr(data, "response", None)
    made = getattr(response, "output", None) if response is not None else getattr(data, "output", None)
    found: Attributes = {}
    for name, told, role in (
        (attr.GEN_AI_INPUT_MESSAGES, getattr(data, "input", None), "user"),
        (attr.GEN_AI_OUTPUT_MESSAGES, made, "assistant"),
    ):
        if told and (text := json_text(_messages(told, role))) is not None:
            found[name] = text
    return found


def _provider(model: str, config: Mapping[str, Thing]) -> str:
    if config.get("model_impl") == _LITELLM and "/" in model:
        return provider_named(model.partition("/")[0])
    host = urlsplit(str(config.get("base_url") or "")).hostname or ""
    return provider_of(host, values.GEN_AI_PROVIDER_NAME_OPENAI)


def _messages(told: Thing, role: str) -> list[Thing]:
    items: Iterable[Thing] = [told] if isinstance(told, str) else list(told)[:_MOST]
    return [_message(item, role) for item in items]


def _message(item: Thing, role: str) -> Thing:
    """A message with its parts: text, calls of tools and what tools answered."""
    if isinstance(item, str):
        return {"role": role, "parts": [{"type": "text", "content": item}]}
    kind = _of(item, "type")
    if kind == "function_call":
        call = {"type": "tool_call", "id": _of(item, "call_id"), "name": _of(item, "name")}
        return {"role": "assistant", "parts": [{**call, "arguments": _of(item, "arguments")}]}
    if kind == "function_call_output":
        answer = {"type": "tool_call_response", "id": _of(item, "call_id"), "response": _of(item, "output")}
        return {"role": "tool", "parts": [answer]}
    return {"role": _of(item, "role") or role, "parts": list(_parts(_of(item, "content"))) + list(_calls(item))}


def _parts(told: Thing) -> Iterable[Thing]:
    if isinstance(told, str):
        yield {"type": "text", "content": told}
    for part in told[:_MOST] if isinstance(told, list) else []:
        if isinstance(text := _of(part, "text"), str):
            yield {"type": "text", "content": text}


def _calls(item: Thing) -> Iterable[Thing]:
    calls = _of(item, "tool_calls")
    for call in calls[:_MOST] if isinstance(calls, list) else []:
        function = _of(call, "function")
        named = {"type": "tool_call", "id": _of(call, "id"), "name": _of(function, "name")}
        yield {**named, "arguments": _of(function, "arguments")}


def _of(thing: Thing, name: str) -> Thing:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _count(found: Attributes, name: str, value: Thing) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        found.setdefault(name, value)
