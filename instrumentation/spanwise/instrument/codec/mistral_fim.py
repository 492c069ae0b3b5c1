"""Mistral completion of code between a beginning and an end."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import dump, put, text
from spanwise.instrument.codec.mistral_chat import MISTRAL_GATE, MistralChat, MistralReducer, mistral_sampling
from spanwise.instrument.codec.openai_chat import DONE
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class MistralFim:
    """`POST /v1/fim/completions`. It answers as chat does."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION
    gate: ClassVar[re.Pattern[bytes]] = MISTRAL_GATE
    last: ClassVar[re.Pattern[bytes]] = DONE

    def __init__(self) -> None:
        self._chat = MistralChat()

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters."""
        return mistral_sampling(body)

    def request_content(self, body: Json, /) -> Attributes:
        """The beginning as the text of a user's message, and the end as a part that says what it is."""
        parts = []
        if prompt := text(body.get("prompt")):
            parts.append({"type": "text", "content": prompt})
        if suffix := text(body.get("suffix")):
            parts.append({"type": "suffix", "content": suffix})
        found: Attributes = {}
        put(found, attr.GEN_AI_INPUT_MESSAGES, dump([{"role": "user", "parts": parts}]) if parts else None)
        return found

    def response(self, body: Json, /) -> Attributes:
        """As for chat."""
        return self._chat.response(body)

    def response_content(self, body: Json, /) -> Attributes:
        """One message per choice."""
        return self._chat.response_content(body)

    def reducer(self) -> MistralReducer:
        """A reducer for chunks."""
        return MistralReducer()
