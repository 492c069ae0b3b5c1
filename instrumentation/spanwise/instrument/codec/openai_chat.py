"""OpenAI chat completions, and every API that speaks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import Value, count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.openai_message import chat_message, tool_definitions
from spanwise.instrument.codec.openai_usage import usage
from spanwise.instrument.codec.output_schema import format_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Chunk: TypeAlias = dict[str, Any]
"""A JSON object under construction."""

# Everything but the text of a chunk: the usage, the end of a choice, a refusal, an error.
GATE = re.compile(rb'"usage"\s*:\s*\{|"finish_reason"\s*:\s*"|"refusal"\s*:\s*"|"error"\s*:|\[DONE\]')
DONE = re.compile(rb"^data: ?\[DONE\]", re.MULTILINE)

_TEXTS: Final = (
    ("id", attr.GEN_AI_RESPONSE_ID),
    ("model", attr.GEN_AI_RESPONSE_MODEL),
    ("service_tier", attr.OPENAI_RESPONSE_SERVICE_TIER),
    ("system_fingerprint", attr.OPENAI_RESPONSE_SYSTEM_FINGERPRINT),
)
"""Texts of a response that become attributes as they are."""

OUTPUT_TYPES = {
    "text": values.GEN_AI_OUTPUT_TYPE_TEXT,
    "json_object": values.GEN_AI_OUTPUT_TYPE_JSON,
    "json_schema": values.GEN_AI_OUTPUT_TYPE_JSON,
}


class OpenAIChat:
    """`POST /chat/completions`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = GATE
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, output type, tier."""
        found: Attributes = {attr.OPENAI_API_TYPE: values.OPENAI_API_TYPE_CHAT_COMPLETIONS}
        sampling(found, body)
        tokens = body.get("max_completion_tokens")
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(body.get("max_tokens") if tokens is None else tokens))
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(body.get("reasoning_effort")))
        if "response_format" in body:
            format_type = text(mapping(body["response_format"]).get("type"))
            put(found, attr.GEN_AI_OUTPUT_TYPE, OUTPUT_TYPES.get(format_type or ""))
        if "audio" in items(body.get("modalities")):
            found[attr.GEN_AI_OUTPUT_TYPE] = values.GEN_AI_OUTPUT_TYPE_SPEECH
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, and the tools offered."""
        messages = [chat_message(mapping(message)) for message in items(body.get("messages"))]
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(format_schema(body))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, model, finish reasons, usage, tier, fingerprint, whether the model refused."""
        found = usage(body)
        for name, attribute in _TEXTS:
            if name in body and (value := text(body[name])) is not None:
                found[attribute] = value
        reasons: list[str] = []
        for entry in items(body.get("choices")):
            choice = mapping(entry)
            # A slot whose reason never arrived says `error`, as the convention asks.
            reasons.append(finish_reason(text(choice.get("finish_reason")) or "error"))
            if text(mapping(choice.get("message")).get("refusal")):
                found[attr.SPANWISE_RESPONSE_REFUSED] = True
        if reasons:
            found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = reasons
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """One message per choice."""
        choices = [mapping(choice) for choice in items(body.get("choices"))]
        messages = [chat_message({"role": "assistant", **mapping(choice.get("message"))}) for choice in choices]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> ChatReducer:
        """A reducer for chunks."""
        return ChatReducer()


def sampling(found: Attributes, body: Json) -> None:
    """Set what chat and legacy completions share."""
    # By what the request says, which is little, and not by all it could say.
    for name, value in body.items():
        if (known := _SAMPLING.get(name)) is not None:
            attribute, read = known
            put(found, attribute, read(value))


def _stops(value: Value) -> list[str] | None:
    stops = [value] if isinstance(value, str) else [item for item in items(value) if isinstance(item, str)]
    return stops or None


def _choices(value: Value) -> int | None:
    choices = count(value)
    return choices if choices != 1 else None


def _stream(value: Value) -> bool | None:
    return True if value is True else None


def _tier(value: Value) -> str | None:
    tier = text(value)
    return tier if tier != values.OPENAI_REQUEST_SERVICE_TIER_AUTO else None


_SAMPLING: Final[dict[str, tuple[str, Callable[[Value], str | float | list[str] | None]]]] = {
    "model": (attr.GEN_AI_REQUEST_MODEL, text),
    "temperature": (attr.GEN_AI_REQUEST_TEMPERATURE, number),
    "top_p": (attr.GEN_AI_REQUEST_TOP_P, number),
    "top_k": (attr.GEN_AI_REQUEST_TOP_K, count),
    "frequency_penalty": (attr.GEN_AI_REQUEST_FREQUENCY_PENALTY, number),
    "presence_penalty": (attr.GEN_AI_REQUEST_PRESENCE_PENALTY, number),
    "seed": (attr.GEN_AI_REQUEST_SEED, count),
    "stop": (attr.GEN_AI_REQUEST_STOP_SEQUENCES, _stops),
    "n": (attr.GEN_AI_REQUEST_CHOICE_COUNT, _choices),
    "stream": (attr.GEN_AI_REQUEST_STREAM, _stream),
    "service_tier": (attr.OPENAI_REQUEST_SERVICE_TIER, _tier),
}
"""Fields of a request, their attributes and how they are read."""


class ChatReducer:
    """Chunks of a chat or legacy completion as one body."""

    def __init__(self) -> None:
        self._body: Chunk = {}
        self._choices: dict[int, Chunk] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        for key in ("id", "model", "service_tier", "system_fingerprint", "usage"):
            if event.get(key):
                self._body[key] = event[key]
        if error := event.get("error"):
            self.error = text(mapping(error).get("type")) or text(mapping(error).get("code")) or "provider_error"
        for position, entry in enumerate(items(event.get("choices"))):
            choice = mapping(entry)
            index = count(choice.get("index"))
            self._choice(position if index is None else index, choice)

    def _choice(self, index: int, choice: Json) -> None:
        if index not in self._choices and len(self._choices) >= 256:
            return
        held = self._choices.setdefault(index, {"message": {}, "text": []})
        if choice.get("finish_reason"):
            held["finish_reason"] = choice["finish_reason"]
        if fragment := text(choice.get("text")):
            held["text"].append(fragment)
        delta = mapping(choice.get("delta"))
        for key in ("content", "refusal", "reasoning_content", "reasoning"):
            if fragment := text(delta.get(key)):
                held["message"].setdefault(key, []).append(fragment)
        for position, call in enumerate(items(delta.get("tool_calls"))):
            _tool_call(held["message"].setdefault("tool_calls", {}), position, mapping(call))

    def body(self) -> Json:
        """The completion so far."""
        choices = [_closed(self._choices[index]) for index in sorted(self._choices)]
        return {**self._body, "choices": choices}


def _tool_call(calls: dict[int, Chunk], position: int, call: Json) -> None:
    index = count(call.get("index"))
    index = position if index is None else index
    if index not in calls and len(calls) >= 256:
        return
    held = calls.setdefault(index, {"function": {"name": "", "arguments": []}})
    if identity := text(call.get("id")):
        held["id"] = identity
    function = mapping(call.get("function"))
    if name := text(function.get("name")):
        held["function"]["name"] = name
    if fragment := text(function.get("arguments")):
        held["function"]["arguments"].append(fragment)


def _closed(choice: Chunk) -> Chunk:
    message: Chunk = {"role": "assistant"}
    for key, value in choice["message"].items():
        if key == "tool_calls":
            message[key] = [
                {**call, "function": {**call["function"], "arguments": "".join(call["function"]["arguments"])}}
                for _, call in sorted(value.items())
            ]
        else:
            message[key] = "".join(value)
    return {"finish_reason": choice.get("finish_reason"), "message": message, "text": "".join(choice["text"])}
