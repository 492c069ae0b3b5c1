"""OpenAI moderations."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import dump, items, mapping, put, text
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.instrument.codec.openai_message import content_parts
from spanwise.semconv import attributes as attr


OPERATION: Final = "moderation"
"""The convention has no operation for it, and leaves the enumeration open."""


class OpenAIModerations:
    """`POST /moderations`. It is free of charge: no tokens and no cost."""

    operation: ClassVar[str] = OPERATION
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"results"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Model."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """What is judged: one message of the user for each text, or one of typed parts."""
        given = body.get("input")
        texts = [given] if isinstance(given, str) else items(given)
        if texts and all(isinstance(entry, str) for entry in texts):
            messages = [{"role": "user", "parts": list(content_parts(entry))} for entry in texts]
        else:
            messages = [{"role": "user", "parts": list(content_parts(given))}] if texts else []
        return {attr.GEN_AI_INPUT_MESSAGES: dump(messages)} if messages else {}

    def response(self, body: Json, /) -> Attributes:
        """Id, model, whether anything was flagged, and as what."""
        found: Attributes = {}
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        results = [mapping(result) for result in items(body.get("results"))]
        if results:
            found[attr.SPANWISE_MODERATION_FLAGGED] = any(result.get("flagged") is True for result in results)
        named = {
            name for result in results for name, is_met in mapping(result.get("categories")).items() if is_met is True
        }
        put(found, attr.SPANWISE_MODERATION_CATEGORIES, sorted(map(str, named)) or None)
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: what was found is no content."""
        return {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: moderations do not stream."""
        return ChatReducer()
