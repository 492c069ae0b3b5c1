"""Models on Amazon Bedrock that speak OpenAI's chat dialect: Mistral's larger ones, Jamba, DeepSeek, gpt-oss, Qwen."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import items, mapping
from spanwise.instrument.codec.openai_chat import GATE, ChatReducer, OpenAIChat
from spanwise.semconv import attributes as attr


_FOREIGN = (
    attr.OPENAI_API_TYPE,
    attr.OPENAI_REQUEST_SERVICE_TIER,
    attr.OPENAI_RESPONSE_SERVICE_TIER,
    attr.OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
)


class BedrockChat:
    """`InvokeModel` of a model that takes OpenAI's messages; the model stands in the request as `model`."""

    operation: ClassVar[str] = OpenAIChat.operation
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'%b|"stop_reason"\s*:\s*"' % GATE.pattern)
    last: ClassVar[re.Pattern[bytes]] = re.compile(rb'"amazon-bedrock-invocationMetrics"\s*:')

    def __init__(self) -> None:
        self._chat = OpenAIChat()

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, output type."""
        return _native(self._chat.request(body))

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, and the tools offered."""
        return self._chat.request_content(body)

    def response(self, body: Json, /) -> Attributes:
        """Id, finish reasons, usage."""
        return _native(self._chat.response(_with_reasons(body)))

    def response_content(self, body: Json, /) -> Attributes:
        """One message per choice."""
        return self._chat.response_content(body)

    def reducer(self) -> BedrockChatReducer:
        """A reducer for chunks."""
        return BedrockChatReducer()


class BedrockChatReducer(ChatReducer):
    """Chunks of a chat as one body."""

    def add(self, event: Json, /) -> None:
        """Take one chunk. Some of Mistral's have whole messages where OpenAI's have deltas."""
        choices = [mapping(choice) for choice in items(event.get("choices"))]
        if any("message" in choice for choice in choices):
            event = {**event, "choices": [{"delta": choice.get("message"), **choice} for choice in choices]}
        super().add(_with_reasons(event))


def _native(found: Attributes) -> Attributes:
    for name in _FOREIGN:
        found.pop(name, None)
    return found


def _with_reasons(body: Json) -> Json:
    """`body` with `finish_reason` where a choice says `stop_reason`, as Mistral's on Bedrock do."""
    choices = [mapping(choice) for choice in items(body.get("choices"))]
    if not any("stop_reason" in choice for choice in choices):
        return body
    return {**body, "choices": [{"finish_reason": choice.get("stop_reason"), **choice} for choice in choices]}
