"""A model call of CrewAI as the convention writes it: from the events of its start and its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec import Attributes
from spanwise.instrument.framework.content import json_text
from spanwise.instrument.framework.finish import finish_reason
from spanwise.instrument.framework.provider import provider_named
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Thing: TypeAlias = Any
"""An event of CrewAI's, who emitted it, and what is in them."""

_MOST: Final = 1000
_UNKNOWN: Final = "litellm"
"""Who is asked where neither the model nor its class says it: LiteLLM, which finds out."""
_NATIVE: Final = "crewai.llms.providers."
_NUMBERS: Final = (
    ("temperature", attr.GEN_AI_REQUEST_TEMPERATURE, float),
    ("top_p", attr.GEN_AI_REQUEST_TOP_P, float),
    ("frequency_penalty", attr.GEN_AI_REQUEST_FREQUENCY_PENALTY, float),
    ("presence_penalty", attr.GEN_AI_REQUEST_PRESENCE_PENALTY, float),
    ("max_tokens", attr.GEN_AI_REQUEST_MAX_TOKENS, int),
    ("seed", attr.GEN_AI_REQUEST_SEED, int),
)
_COUNTS: Final = (
    (attr.GEN_AI_USAGE_INPUT_TOKENS, ("prompt_tokens", "input_tokens", "prompt_token_count", "inputTokens")),
    # Gemini's own count of its answer is without its thoughts; the one that CrewAI adds beside it is with them.
    (attr.GEN_AI_USAGE_OUTPUT_TOKENS, ("completion_tokens", "output_tokens", "outputTokens")),
    (attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, ("cached_prompt_tokens",)),
    (attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, ("cache_creation_tokens",)),
    (attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, ("reasoning_tokens",)),
)


def request(source: Thing, event: Thing) -> Attributes:
    """What is known when a model is asked: older releases say it of the model, newer ones with the event as well."""
    llm = source if hasattr(source, "model") else getattr(source, "llm", None)
    provider, model = _asked(llm, getattr(event, "model", None) or getattr(llm, "model", None))
    found: Attributes = {
        attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT,
        attr.GEN_AI_PROVIDER_NAME: provider,
    }
    if model:
        found[attr.GEN_AI_REQUEST_MODEL] = model
    for name, target, kind in _NUMBERS:
        value = getattr(event, name, None)
        value = getattr(llm, name, None) if value is None else value
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[target] = kind(value)
    stop = getattr(event, "stop_sequences", None) or getattr(llm, "stop", None)
    if isinstance(stop, list) and stop and all(isinstance(each, str) for each in stop):
        found[attr.GEN_AI_REQUEST_STOP_SEQUENCES] = stop[:_MOST]
    return found


def answered(event: Thing) -> Attributes:
    """Tokens and what the answer says of itself, where the release tells them. A count of nothing is none."""
    found: Attributes = {}
    usage = getattr(event, "usage", None)
    if isinstance(usage, Mapping):
        for target, names in _COUNTS:
            value = next((each for name in names if (each := usage.get(name)) is not None), None)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 53:
                found[target] = value
    reason, response_id = getattr(event, "finish_reason", None), getattr(event, "response_id", None)
    if isinstance(reason, str) and reason:
        found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [finish_reason(reason)]
    if isinstance(response_id, str) and response_id:
        found[attr.GEN_AI_RESPONSE_ID] = response_id
    return found


def asked_content(event: Thing) -> Attributes:
    """The messages of a request. This is content."""
    given = getattr(event, "messages", None)
    told = [{"role": "user", "content": given}] if isinstance(given, str) else given
    return _written(attr.GEN_AI_INPUT_MESSAGES, _messages(told))


def made_content(event: Thing) -> Attributes:
    """The message of an answer: its text, or the tools that it wants. This is content."""
    made = getattr(event, "response", None)
    calls = made if isinstance(made, list) else None
    parts = list(_calls(calls)) if calls else [{"type": "text", "content": made}] if isinstance(made, str) else []
    return _written(attr.GEN_AI_OUTPUT_MESSAGES, [{"role": "assistant", "parts": parts}] if parts else [])


def _asked(llm: Thing, told: Thing) -> tuple[str, str]:
    """Provider and model. A name with a prefix, as `anthropic/claude-haiku-4-5`, says both."""
    model = told if isinstance(told, str) else ""
    provider = getattr(llm, "provider", None)
    home = type(llm).__module__
    prefix, slash, rest = model.partition("/")
    if home.startswith(_NATIVE):
        native = provider if isinstance(provider, str) and provider else home[len(_NATIVE) :].partition(".")[0]
        return provider_named(native), rest if slash and prefix == native else model
    if slash:
        return provider_named(prefix), rest
    return provider_named(provider) if isinstance(provider, str) and provider else _UNKNOWN, model


def _written(name: str, messages: list[Thing]) -> Attributes:
    text = json_text(messages) if messages else None
    return {} if text is None else {name: text}


def _messages(told: Thing) -> list[Thing]:
    given: Iterable[Thing] = told[:_MOST] if isinstance(told, list) else []
    return [_message(each) for each in given if isinstance(each, Mapping)]


def _message(told: Mapping[str, Thing]) -> Thing:
    role, content = told.get("role"), told.get("content")
    if role == "tool":
        answer = {"type": "tool_call_response", "id": told.get("tool_call_id"), "response": content}
        return {"role": role, "parts": [answer]}
    return {"role": role, "parts": [*_texts(content), *_calls(told.get("tool_calls"))]}


def _texts(content: Thing) -> Iterable[Thing]:
    if isinstance(content, str) and content:
        yield {"type": "text", "content": content}
    for part in content[:_MOST] if isinstance(content, list) else []:
        if isinstance(part, Mapping) and isinstance(part.get("text"), str):
            yield {"type": "text", "content": part["text"]}


def _calls(told: Thing) -> Iterable[Thing]:
    for call in told[:_MOST] if isinstance(told, list) else []:
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            named = {"type": "tool_call", "id": call.get("id"), "name": function.get("name")}
            yield {**named, "arguments": function.get("arguments")}
