"""Knowledge bases of Amazon Bedrock, asked for an answer: RetrieveAndGenerate and RetrieveAndGenerateStream."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.bedrock_usage import INTERVENED, answered
from spanwise.instrument.codec.codec import NOTHING, Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


MOST_FRAGMENTS = 65_536
"""Pieces of an answer that are kept."""


class BedrockGenerate:
    """`POST /retrieveAndGenerate` and `/retrieveAndGenerateStream`: one inference over what the knowledge base finds.

    The API tells no tokens, so there are none on the span.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"action"\s*:')
    last: ClassVar[re.Pattern[bytes]] = NOTHING
    """No event says that it is the last."""

    def request(self, body: Json, /) -> Attributes:
        """Model, knowledge base, session, sampling parameters, guardrail."""
        found: Attributes = {}
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("sessionId")))
        given = mapping(body.get("retrieveAndGenerateConfiguration"))
        config = mapping(given.get("knowledgeBaseConfiguration")) or mapping(given.get("externalSourcesConfiguration"))
        put(found, attr.GEN_AI_REQUEST_MODEL, text(config.get("modelArn")))
        put(found, attr.AWS_BEDROCK_KNOWLEDGE_BASE_ID, text(config.get("knowledgeBaseId")))
        generation = mapping(config.get("generationConfiguration"))
        guardrail = text(mapping(generation.get("guardrailConfiguration")).get("guardrailId"))
        put(found, attr.AWS_BEDROCK_GUARDRAIL_ID, guardrail)
        sampling = mapping(mapping(generation.get("inferenceConfig")).get("textInferenceConfig"))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(sampling.get("maxTokens")))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(sampling.get("temperature")))
        put(found, attr.GEN_AI_REQUEST_TOP_P, number(sampling.get("topP")))
        stops = [stop for stop in items(sampling.get("stopSequences")) if isinstance(stop, str)]
        put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The question as a message of the user."""
        said = text(mapping(body.get("input")).get("text")) or ""
        return {attr.GEN_AI_INPUT_MESSAGES: dump([{"role": "user", "parts": [{"type": "text", "content": said}]}])}

    def response(self, body: Json, /) -> Attributes:
        """Session, and whether a guardrail stepped in; or the error that was sent."""
        found = answered(body)
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("sessionId")))
        if body.get("guardrailAction") == INTERVENED:
            found[attr.SPANWISE_RESPONSE_GUARDED] = True
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The answer as one message."""
        said = text(mapping(body.get("output")).get("text"))
        if not said:
            return {}
        return {
            attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": [{"type": "text", "content": said}]}])
        }

    def reducer(self) -> GenerateReducer:
        """A reducer for the events of a stream."""
        return GenerateReducer()


class GenerateReducer:
    """Events of a stream as the response that the same call would have had."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._action: str | None = None
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event: `{"output": {...}}` and the others."""
        fragment = mapping(event.get("output")).get("text")
        if isinstance(fragment, str) and len(self._text) < MOST_FRAGMENTS:
            self._text.append(fragment)
        self._action = text(mapping(event.get("guardrail")).get("action")) or self._action

    def body(self) -> Json:
        """The response so far."""
        return {"output": {"text": "".join(self._text)}, "guardrailAction": self._action}
