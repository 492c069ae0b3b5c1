"""Mistral moderations, of texts and of conversations."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import dump, items, mapping
from spanwise.instrument.codec.mistral_message import mistral_message
from spanwise.instrument.codec.mistral_usage import mistral_usage
from spanwise.instrument.codec.openai_chat import ChatReducer
from spanwise.instrument.codec.openai_moderations import OpenAIModerations
from spanwise.semconv import attributes as attr


class MistralModerations:
    """`POST /v1/moderations` and `/v1/chat/moderations`: OpenAI's wire without the word that sums a result up."""

    operation: ClassVar[str] = OpenAIModerations.operation
    gate: ClassVar[re.Pattern[bytes]] = OpenAIModerations.gate
    last: ClassVar[re.Pattern[bytes]] = OpenAIModerations.last

    def __init__(self) -> None:
        self._moderations = OpenAIModerations()

    def request(self, body: Json, /) -> Attributes:
        """Model."""
        return self._moderations.request(body)

    def request_content(self, body: Json, /) -> Attributes:
        """What is judged: texts, the messages of a conversation, or those of several, one after the other."""
        given = items(body.get("input"))
        lists = [items(entry) for entry in given if isinstance(entry, list | tuple)] or [given]
        messages = [mistral_message(message) for entries in lists for message in map(mapping, entries) if message]
        if messages:
            return {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        return self._moderations.request_content(body)

    def response(self, body: Json, /) -> Attributes:
        """Id, model, tokens, the categories that were met, and whether any was."""
        found = {**self._moderations.response(body), **mistral_usage(body)}
        if attr.SPANWISE_MODERATION_FLAGGED in found:
            found[attr.SPANWISE_MODERATION_FLAGGED] = attr.SPANWISE_MODERATION_CATEGORIES in found
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """Nothing: what was found is no content."""
        return self._moderations.response_content(body)

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: moderations do not stream."""
        return self._moderations.reducer()
