"""Gemini's interactions that are read again: made in the background, or taken up in the middle of their stream."""

from __future__ import annotations

from typing import ClassVar

from spanwise.instrument.codec.account import WORKING, Accounts
from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import dump, put, text
from spanwise.instrument.codec.gemini_interaction_stream import error_word
from spanwise.instrument.codec.gemini_interactions import (
    COUNTED,
    SEEN,
    GeminiInteractions,
    described,
    is_used,
    used,
)
from spanwise.instrument.codec.gemini_step import tool_definitions
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class GeminiInteractionFetch(GeminiInteractions):
    """`GET /interactions/{id}`.

    The convention puts no usage here, because whoever made the interaction had it. Who made it in the background, or
    left its stream, had none: the first fetch in this process that finds it finished counts it. The API does not say
    of an interaction that it was made so; it is known of those that this process made or saw at work.

    Args:
        interaction_id: the interaction that is asked for.
        accounts: what was counted already.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE

    def __init__(self, interaction_id: str, accounts: Accounts) -> None:
        super().__init__(accounts)
        self._interaction_id = interaction_id
        self._known = accounts

    def request(self, body: Json, /) -> Attributes:
        """The interaction, and where in its stream to begin. `body` is the query."""
        found: Attributes = {attr.GEN_AI_RESPONSE_ID: self._interaction_id}
        if body.get("stream") in (True, "true"):
            found[attr.GEN_AI_REQUEST_STREAM] = True
        after = text(body.get("last_event_id"))
        put(found, attr.GEN_AI_REQUEST_STREAM_CURSOR, after and after[:64])
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: what was asked was asked before."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Model or agent, status, finish reason, tier; usage only where nobody had it before."""
        found = described(body)
        put(found, attr.ERROR_TYPE, error_word(body.get("error")))
        if body.get("status") in WORKING:
            self._known.claim(self._interaction_id, SEEN)
        elif is_used(body) and self._known.claim(self._interaction_id, COUNTED) == SEEN:
            found.update(used(body))
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """What was answered, with the instruction and tools that the stored interaction has."""
        found = super().response_content(body)
        if instruction := text(body.get("system_instruction")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": instruction}])
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        return found
