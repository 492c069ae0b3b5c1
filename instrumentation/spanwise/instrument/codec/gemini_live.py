"""Responses of a live session of Gemini."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import items, mapping, put, text
from spanwise.instrument.codec.gemini_generate import CandidateReducer, GeminiGenerate
from spanwise.semconv import attributes as attr


Chunk: TypeAlias = dict[str, Any]
"""A message of the server, as a chunk of a stream says the same."""

_FILTERED: Final = re.compile(r"^(?:BLOCKLIST|GENERATED_|IMAGE_|INPUT_|OUTPUT_|PROHIBITED_|RESPONSE_REJECTED|UNSAFE_)")
"""Reasons of a turn that was taken by a filter, before or after the model answered."""

MEDIA: Final = ("inlineData", "inline_data")
"""Audio and images of a part: they are not looked at."""


class GeminiLive(GeminiGenerate):
    """One response of a session: from what asked for it to the end of the model's turn, or to its call of a function.

    The request is the `setup` message of the session, its model without project and publisher as the path of other
    calls has it, with the `contents` that the turn began with and the session's id as `sessionId`.
    """

    def request(self, body: Json, /) -> Attributes:
        """As of any generateContent, always streamed, and the session as the conversation."""
        found = super().request({**body, "stream": True})
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("sessionId")))
        return found

    def reducer(self) -> LiveReducer:
        """A reducer for messages of the server."""
        return LiveReducer()


class LiveReducer(CandidateReducer):
    """Messages of the server as one response. Audio is left out; what was said in it is there as text."""

    def add(self, event: Json, /) -> None:
        """Take one message."""
        content = mapping(event.get("serverContent"))
        candidate: Chunk = {"content": {"parts": list(_parts(event, content))}}
        if grounding := content.get("groundingMetadata"):
            candidate["groundingMetadata"] = grounding
        # An interruption is followed by the end of the turn: the first end counts.
        if (reason := _reason(event, content)) and not self._candidates.get(0, {}).get("finishReason"):
            candidate["finishReason"] = reason
        said: Chunk = {"usageMetadata": event.get("usageMetadata")}
        if candidate["content"]["parts"] or len(candidate) > 1:
            said["candidates"] = [candidate]
        super().add(said)


def _parts(event: Json, content: Json) -> Iterator[Json]:
    for entry in items(mapping(content.get("modelTurn")).get("parts")):
        part = mapping(entry)
        if part and not any(name in part for name in MEDIA):
            yield part
    if said := text(mapping(content.get("outputTranscription")).get("text")):
        yield {"text": said}
    for call in items(mapping(event.get("toolCall")).get("functionCalls")):
        yield {"functionCall": mapping(call)}


def _reason(event: Json, content: Json) -> str | None:
    """How the response ended, in the words of a candidate; an interruption is an end of its own."""
    if content.get("interrupted") is True:
        return "INTERRUPTED"
    if content.get("turnComplete") is not True:
        return "STOP" if event.get("toolCall") else None
    reason = text(content.get("turnCompleteReason")) or ""
    if _FILTERED.search(reason):
        return "PROHIBITED_CONTENT"
    return reason if reason in ("MALFORMED_FUNCTION_CALL", "MAX_REGENERATION_REACHED") else "STOP"
