"""OpenAI responses that are read again: made in the background, or taken up in the middle of their stream."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import dump, put, text
from spanwise.instrument.codec.openai_message import tool_definitions
from spanwise.instrument.codec.openai_responses import OpenAIResponses, ResponseReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class OpenAIFetch:
    """`GET /responses/{id}`.

    The convention puts no usage here, because whoever made the response had it. A response made in the background had
    none when its making returned, so the first fetch that finds it finished counts it; see `Accounts`.

    Args:
        response_id: the response that is asked for.
        accounts: what was counted already.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE
    gate: ClassVar[re.Pattern[bytes]] = OpenAIResponses.gate
    last: ClassVar[re.Pattern[bytes]] = OpenAIResponses.last

    def __init__(self, response_id: str, accounts: Accounts) -> None:
        self._response_id = response_id
        self._made = OpenAIResponses(accounts)

    def request(self, body: Json, /) -> Attributes:
        """The response, and where in its stream to begin. `body` is the query."""
        found: Attributes = {
            attr.OPENAI_API_TYPE: values.OPENAI_API_TYPE_RESPONSES,
            attr.GEN_AI_RESPONSE_ID: self._response_id,
        }
        if body.get("stream") in (True, "true"):
            found[attr.GEN_AI_REQUEST_STREAM] = True
        after = body.get("starting_after")
        if isinstance(after, int | str) and not isinstance(after, bool) and after != "":
            found[attr.GEN_AI_REQUEST_STREAM_CURSOR] = str(after)[:64]
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: what was asked was asked before."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Model, status, finish reasons, conversation, tier; usage only where nobody had it before."""
        found = self._made.response(body, fetched=True)
        put(found, attr.GEN_AI_RESPONSE_STATUS, text(body.get("status")))
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """What was answered, with the instructions and tools that the stored response has."""
        found = self._made.response_content(body)
        if instructions := text(body.get("instructions")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": instructions}])
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        return found

    def reducer(self) -> ResponseReducer:
        """A reducer for response events."""
        return ResponseReducer()
