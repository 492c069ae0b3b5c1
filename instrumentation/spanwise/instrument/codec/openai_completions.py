"""OpenAI legacy completions."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, put
from spanwise.instrument.codec.openai_chat import DONE, GATE, ChatReducer, OpenAIChat, sampling
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


API_TYPE: Final = "completions"
"""Upstream lists the two newer APIs only, and leaves the enumeration open."""


class OpenAICompletions:
    """`POST /completions`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION
    gate: ClassVar[re.Pattern[bytes]] = GATE
    last: ClassVar[re.Pattern[bytes]] = DONE

    def __init__(self) -> None:
        self._chat = OpenAIChat()

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters."""
        found: Attributes = {attr.OPENAI_API_TYPE: API_TYPE}
        sampling(found, body)
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(body.get("max_tokens")))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Each prompt as one message of the user. Prompts given as token ids are left out."""
        prompt = body.get("prompt")
        prompts = [prompt] if isinstance(prompt, str) else [item for item in items(prompt) if isinstance(item, str)]
        messages = [{"role": "user", "parts": [{"type": "text", "content": prompt}]} for prompt in prompts]
        return {attr.GEN_AI_INPUT_MESSAGES: dump(messages)} if messages else {}

    def response(self, body: Json, /) -> Attributes:
        """As for chat completions."""
        return self._chat.response(body)

    def response_content(self, body: Json, /) -> Attributes:
        """One message per choice."""
        messages = [
            {"role": "assistant", "parts": [{"type": "text", "content": str(mapping(choice).get("text") or "")}]}
            for choice in items(body.get("choices"))
        ]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> ChatReducer:
        """A reducer for chunks."""
        return ChatReducer()
