"""Writer text completions: no usage, no finish reason, and chunks of a shape of their own."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import items, mapping, text
from spanwise.instrument.codec.openai_chat import ChatReducer
from spanwise.instrument.codec.openai_completions import OpenAICompletions
from spanwise.semconv import attributes as attr


class WriterCompletions(OpenAICompletions):
    """`POST /v1/completions`."""

    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"error"\s*:|"errors"\s*:|\[DONE\]')

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters; the API is none of OpenAI's."""
        found = super().request(body)
        found.pop(attr.OPENAI_API_TYPE, None)
        return found

    def response(self, body: Json, /) -> Attributes:
        """The model. The response does not say why it ended."""
        found = super().response(body)
        if not any(mapping(choice).get("finish_reason") for choice in items(body.get("choices"))):
            found.pop(attr.GEN_AI_RESPONSE_FINISH_REASONS, None)
        return found

    def reducer(self) -> ValueReducer:
        """A reducer for chunks."""
        return ValueReducer()


class ValueReducer(ChatReducer):
    """Chunks as one body: `{"value": "..."}`."""

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        super().add(event)
        if fragment := text(event.get("value")):
            super().add({"choices": [{"index": 0, "text": fragment}]})
