"""Gemini's interactions: models and agents that are asked in steps, which Google may keep and run in the background."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from spanwise.instrument.codec.account import WORKING, Accounts
from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.gemini_interaction_stream import InteractionReducer, error_word
from spanwise.instrument.codec.gemini_step import answered, asked, tool_definitions
from spanwise.instrument.codec.gemini_usage import interaction_searches, interaction_usage
from spanwise.instrument.codec.output_schema import output_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_ENDS: Final = rb"interaction\.completed|error"
_MEDIA: Final = {"image": values.GEN_AI_OUTPUT_TYPE_IMAGE, "audio": values.GEN_AI_OUTPUT_TYPE_SPEECH}
_TYPES: Final = {"application/json": values.GEN_AI_OUTPUT_TYPE_JSON, "text/plain": values.GEN_AI_OUTPUT_TYPE_TEXT}
_SCHEMAS: Final = ("object", "array", "string", "number", "integer", "boolean")
_FINISH: Final = {
    "requires_action": values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL,
    values.GEN_AI_RESPONSE_STATUS_INCOMPLETE: values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "requires_continuation": values.GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
    "budget_exceeded": "budget_exceeded",
    values.GEN_AI_RESPONSE_STATUS_FAILED: values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
    values.GEN_AI_RESPONSE_STATUS_CANCELLED: values.GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
}
SEEN: Final = 1
"""An account of an interaction that was seen without its usage, which is still to be counted."""
COUNTED: Final = 2
"""An account of an interaction whose usage was counted."""


class GeminiInteractions:
    """`POST /interactions` that names a model, of AI Studio or of Vertex AI.

    Args:
        accounts: where usage is noted that can be fetched again; without it nothing is.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'"event_type"\s*:\s*"(?:interaction\.|error")|"(?:total_usage|usage|error)"\s*:\s*\{'
        rb'|"type"\s*:\s*"(?:function_call|google_search_call)"'
    )
    # At the start of a line, so that an object inside a result cannot be taken for the end of the stream.
    last: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'^(?:event: ?|data: ?\{\s*"event_type"\s*:\s*")(?:' + _ENDS + rb")\b", re.MULTILINE
    )

    def __init__(self, accounts: Accounts | None = None) -> None:
        self._accounts = accounts

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, reasoning level, output type, the interaction before."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        config = mapping(body.get("generation_config"))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(config.get("temperature")))
        put(found, attr.GEN_AI_REQUEST_TOP_P, number(config.get("top_p")))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(config.get("max_output_tokens")))
        put(found, attr.GEN_AI_REQUEST_SEED, count(config.get("seed")))
        stops = [stop for stop in items(config.get("stop_sequences")) if isinstance(stop, str)]
        put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(config.get("thinking_level")))
        put(found, attr.GEN_AI_OUTPUT_TYPE, _output_type(body))
        put(found, attr.GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID, text(body.get("previous_interaction_id")))
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, the system instruction apart, and the tools offered.

        A request that continues an answer has no input.
        """
        found: Attributes = {}
        if messages := asked(body.get("input")):
            found[attr.GEN_AI_INPUT_MESSAGES] = dump(messages)
        if instruction := text(body.get("system_instruction")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": instruction}])
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(output_schema(_answer_schema(body)))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, model or agent, status, finish reason, usage, searches, tier; the class of an error that it tells."""
        found = described(body)
        if self._counts(body):
            found.update(used(body))
        word = error_word(body.get("error"))
        if word is None and body.get("status") == values.GEN_AI_RESPONSE_STATUS_FAILED:
            errors = items(body.get("errors"))
            word = error_word(errors[0] if errors else None) or "interaction_failed"
        put(found, attr.ERROR_TYPE, word)
        return found

    def _counts(self, body: Json) -> bool:
        """Whether the usage of `body` is counted here; what is still at work may have zeros for it."""
        has_usage = is_used(body)
        identity = text(body.get("id"))
        if self._accounts is None or identity is None:
            return has_usage
        return self._accounts.claim(identity, COUNTED if has_usage else SEEN) < COUNTED and has_usage

    def response_content(self, body: Json, /) -> Attributes:
        """The steps of the answer as one message."""
        parts = answered(body)
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> InteractionReducer:
        """A reducer for the events of an interaction."""
        return InteractionReducer()


class GeminiAgentInteractions(GeminiInteractions):
    """`POST /interactions` that names an agent: one of Google's, as Deep Research, or one made with its API."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_INVOKE_AGENT

    def request(self, body: Json, /) -> Attributes:
        """The agent, whose id is the name it was given, and what is said of any interaction."""
        found = super().request(body)
        if agent := text(body.get("agent")):
            found[attr.GEN_AI_AGENT_ID] = found[attr.GEN_AI_AGENT_NAME] = agent
        return found


def described(body: Json) -> Attributes:
    """What an interaction says of itself, its usage left out."""
    found: Attributes = {}
    put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
    put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
    put(found, attr.GEN_AI_RESPONSE_STATUS, text(body.get("status")))
    put(found, attr.SPANWISE_RESPONSE_SERVICE_TIER, text(body.get("service_tier")))
    if agent := text(body.get("agent")):
        found[attr.GEN_AI_AGENT_ID] = found[attr.GEN_AI_AGENT_NAME] = agent
    reason = _reason(body)
    put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [reason] if reason else None)
    return found


def is_used(body: Json) -> bool:
    """Whether an interaction tells its usage: all of it, or, while it works, what it has taken so far."""
    usage = mapping(body.get("usage"))
    return bool(usage) and (body.get("status") not in WORKING or bool(count(usage.get("total_tokens"))))


def used(body: Json) -> Attributes:
    """What an interaction took: tokens, and searches that are billed apart."""
    found = interaction_usage(mapping(body.get("usage")))
    put(found, attr.SPANWISE_USAGE_WEB_SEARCHES, interaction_searches(body))
    return found


def _reason(body: Json) -> str | None:
    """The convention's word for how it ended; `None` while it works, and for a status that is no end."""
    status = text(body.get("status")) or ""
    if status != values.GEN_AI_RESPONSE_STATUS_COMPLETED:
        return _FINISH.get(status)
    steps = items(body.get("steps"))
    calls = bool(steps) and mapping(steps[-1]).get("type") == "function_call"
    return values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL if calls else values.GEN_AI_RESPONSE_FINISH_REASONS_STOP


def _formats(body: Json) -> list[Json]:
    wanted = body.get("response_format")
    return [mapping(each) for each in (items(wanted) or (wanted,))]


def _output_type(body: Json) -> str | None:
    """The output that was asked for, by its media or by its form."""
    formats = _formats(body)
    wanted = [*(form.get("type") for form in formats), *items(body.get("response_modalities"))]
    if media := next((_MEDIA[kind] for kind in wanted if isinstance(kind, str) and kind in _MEDIA), None):
        return media
    if _answer_schema(body):
        return values.GEN_AI_OUTPUT_TYPE_JSON
    forms = (text(form.get("mime_type")) or text(body.get("response_mime_type")) or "" for form in formats)
    return next((_TYPES[form] for form in forms if form in _TYPES), None)


def _answer_schema(body: Json) -> Json:
    """The schema of the answer: inside the format of a text, or, as it was before there were formats, in its place."""
    for form in _formats(body):
        if schema := mapping(form.get("schema")):
            return schema
        if form.get("type") in _SCHEMAS:
            return form
    return {}
