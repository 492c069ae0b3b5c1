"""Writer chat completions: OpenAI's wire, with tools that Writer runs itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, put
from spanwise.instrument.codec.openai_chat import ChatReducer, OpenAIChat
from spanwise.instrument.codec.openai_message import chat_message
from spanwise.semconv import attributes as attr


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_SERVED: Final = {
    "graph_data": "graph",
    "llm_data": "llm",
    "translation_data": "translation",
    "web_search_data": "web_search",
}
"""What a message says of the tools that were run for it, and the names that requests have for these."""


class WriterChat(OpenAIChat):
    """`POST /v1/chat`."""

    folds_usage: ClassVar[bool] = True
    """The usage of a stream, which comes only where it was asked for, is in the chunk that has the end."""

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters; the API is none of OpenAI's."""
        found = super().request(body)
        found.pop(attr.OPENAI_API_TYPE, None)
        return found

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's; tokens read from the cache stand in `prompt_token_details`."""
        found = super().response(body)
        cached = mapping(mapping(body.get("usage")).get("prompt_token_details")).get("cached_tokens")
        if attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS not in found:
            put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(cached))
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """One message per choice, the tools that Writer ran first."""
        choices = [mapping(choice) for choice in items(body.get("choices"))]
        messages = [_message(mapping(choice.get("message"))) for choice in choices]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> WriterReducer:
        """A reducer for chunks."""
        return WriterReducer()


def _message(message: Json) -> Part:
    said = chat_message({"role": "assistant", **message})
    return {**said, "parts": [*_served(message), *said["parts"]]}


def _served(message: Json) -> Iterator[Part]:
    for key, name in _SERVED.items():
        if data := mapping(message.get(key)):
            yield {"type": "server_tool_call", "name": name, "server_tool_call": {"type": name, **data}}


class WriterReducer(ChatReducer):
    """Chunks as one body, with what the last of them said of each tool that Writer ran."""

    def __init__(self) -> None:
        super().__init__()
        self._ran: dict[int, Part] = {}

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        super().add(event)
        for position, entry in enumerate(items(event.get("choices"))):
            delta = mapping(mapping(entry).get("delta"))
            told = {key: delta[key] for key in _SERVED if mapping(delta.get(key))}
            if told and (position in self._ran or len(self._ran) < 256):
                self._ran.setdefault(position, {}).update(told)

    def body(self) -> Json:
        """The completion so far."""
        body = super().body()
        choices = [
            {**choice, "message": {**choice["message"], **self._ran.get(position, {})}}
            for position, choice in enumerate(body["choices"])
        ]
        return {**body, "choices": choices}
