"""Mistral chat completions: OpenAI's wire but for some fields, chunks of content, and the object of an error."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, put, text
from spanwise.instrument.codec.mistral_message import mistral_message, split
from spanwise.instrument.codec.mistral_usage import mistral_usage
from spanwise.instrument.codec.openai_chat import DONE, GATE, OUTPUT_TYPES, ChatReducer, OpenAIChat, sampling
from spanwise.instrument.codec.openai_message import tool_definitions
from spanwise.instrument.codec.output_schema import format_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


MISTRAL_GATE = re.compile(rb'%b|"object"\s*:\s*"error"' % GATE.pattern)


class MistralChat:
    """`POST /v1/chat/completions` and `/v1/agents/completions`, where a stored agent stands in for the model.

    A completion by an agent is one inference with stored settings: whoever called runs the tools.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = MISTRAL_GATE
    last: ClassVar[re.Pattern[bytes]] = DONE

    def __init__(self) -> None:
        self._chat = OpenAIChat()

    def request(self, body: Json, /) -> Attributes:
        """Model or agent, sampling parameters, output type."""
        found = mistral_sampling(body)
        put(found, attr.GEN_AI_AGENT_ID, text(body.get("agent_id")))
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(body.get("reasoning_effort")))
        format_type = text(mapping(body.get("response_format")).get("type"))
        put(found, attr.GEN_AI_OUTPUT_TYPE, OUTPUT_TYPES.get(format_type or ""))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, and the tools offered."""
        messages = [mistral_message(mapping(message)) for message in items(body.get("messages"))]
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(format_schema(body))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, model, finish reasons, usage, tier."""
        return {**self._chat.response(body), **mistral_usage(body)}

    def response_content(self, body: Json, /) -> Attributes:
        """One message per choice."""
        choices = [mapping(choice) for choice in items(body.get("choices"))]
        messages = [mistral_message({"role": "assistant", **mapping(choice.get("message"))}) for choice in choices]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> MistralReducer:
        """A reducer for chunks."""
        return MistralReducer()


def mistral_sampling(body: Json) -> Attributes:
    """What chat and completion in the middle share: the seed has another name, the tier is none of OpenAI's."""
    found: Attributes = {}
    sampling(found, body)
    found.pop(attr.OPENAI_REQUEST_SERVICE_TIER, None)
    put(found, attr.GEN_AI_REQUEST_SEED, count(body.get("random_seed")))
    put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(body.get("max_tokens")))
    return found


class MistralReducer:
    """Chunks of a completion as one body."""

    def __init__(self) -> None:
        self._chat = ChatReducer()
        self._failed: str | None = None

    @property
    def error(self) -> str | None:
        """The type of an error sent inside the stream: under `error` as OpenAI does, or as the whole of an event."""
        return self._failed or self._chat.error

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        if event.get("object") == "error":
            self._failed = text(event.get("type")) or "provider_error"
            return
        choices = items(event.get("choices"))
        self._chat.add({**event, "choices": [_split(mapping(choice)) for choice in choices]} if choices else event)

    def body(self) -> Json:
        """The completion so far."""
        return self._chat.body()


def _split(choice: Json) -> Json:
    delta = mapping(choice.get("delta"))
    changed = split(delta)
    return choice if changed is delta else {**choice, "delta": changed}
