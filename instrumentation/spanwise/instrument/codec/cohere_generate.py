"""Cohere generation, which chat has taken the place of."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.cohere_chat_v1 import STREAM_END, STREAM_GATE, CohereStreamReducer
from spanwise.instrument.codec.cohere_sampling import cohere_sampling
from spanwise.instrument.codec.cohere_usage import cohere_usage
from spanwise.instrument.codec.field import count, dump, items, mapping, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class CohereGenerate:
    """`POST /v1/generate`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION
    gate: ClassVar[re.Pattern[bytes]] = STREAM_GATE
    last: ClassVar[re.Pattern[bytes]] = STREAM_END

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters."""
        found = cohere_sampling(body)
        choices = count(body.get("num_generations"))
        put(found, attr.GEN_AI_REQUEST_CHOICE_COUNT, choices if choices != 1 else None)
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The prompt as a message of the user."""
        prompt = text(body.get("prompt"))
        messages = [{"role": "user", "parts": [{"type": "text", "content": prompt}]}]
        return {attr.GEN_AI_INPUT_MESSAGES: dump(messages)} if prompt else {}

    def response(self, body: Json, /) -> Attributes:
        """Id, finish reasons, usage."""
        found = cohere_usage(mapping(body.get("meta")))
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        made = [text(mapping(entry).get("finish_reason")) for entry in items(body.get("generations"))]
        # Each generation of a stream says why it ended, the only one of a whole answer may leave that out.
        reasons = [reason or text(body.get("finish_reason")) or "COMPLETE" for reason in made]
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [finish_reason(reason) for reason in reasons] or None)
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """One message per generation."""
        said = [text(mapping(entry).get("text")) for entry in items(body.get("generations"))] or [
            text(body.get("text"))
        ]
        messages = [{"role": "assistant", "parts": [{"type": "text", "content": answer}]} for answer in said if answer]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> CohereStreamReducer:
        """A reducer for the events of a generation."""
        return CohereStreamReducer()
