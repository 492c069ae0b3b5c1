"""OpenAI responses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, parse, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.media import blob_part
from spanwise.instrument.codec.openai_chat import OUTPUT_TYPES
from spanwise.instrument.codec.openai_message import content_parts, tool_call, tool_definitions
from spanwise.instrument.codec.openai_usage import usage
from spanwise.instrument.codec.output_schema import output_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_FINAL = (
    values.GEN_AI_RESPONSE_STATUS_COMPLETED,
    values.GEN_AI_RESPONSE_STATUS_INCOMPLETE,
    values.GEN_AI_RESPONSE_STATUS_FAILED,
    values.GEN_AI_RESPONSE_STATUS_CANCELLED,
)
_ENDS = rb"response\.completed|response\.incomplete|response\.failed|error"


class OpenAIResponses:
    """`POST /responses`.

    Args:
        accounts: where usage is noted that can be fetched again; without it nothing is.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"type"\s*:\s*"(?:response\.created|' + _ENDS + rb')"')
    # At the start of a line, so that an object inside an item cannot be taken for the end of the stream.
    last: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'^(?:event: ?|data: ?\{\s*"type"\s*:\s*")(?:' + _ENDS + rb")\b", re.MULTILINE
    )

    def __init__(self, accounts: Accounts | None = None) -> None:
        self._accounts = accounts

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, reasoning, output type, conversation, tier."""
        found: Attributes = {attr.OPENAI_API_TYPE: values.OPENAI_API_TYPE_RESPONSES}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(body.get("max_output_tokens")))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(body.get("temperature")))
        put(found, attr.GEN_AI_REQUEST_TOP_P, number(body.get("top_p")))
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(mapping(body.get("reasoning")).get("effort")))
        put(found, attr.GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID, text(body.get("previous_response_id")))
        conversation = body.get("conversation")
        put(found, attr.GEN_AI_CONVERSATION_ID, text(mapping(conversation).get("id")) or text(conversation))
        format_type = text(mapping(mapping(body.get("text")).get("format")).get("type"))
        put(found, attr.GEN_AI_OUTPUT_TYPE, OUTPUT_TYPES.get(format_type or ""))
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        tier = text(body.get("service_tier"))
        put(found, attr.OPENAI_REQUEST_SERVICE_TIER, tier if tier != values.OPENAI_REQUEST_SERVICE_TIER_AUTO else None)
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Input items as messages, instructions apart, and the tools offered."""
        given = body.get("input")
        if isinstance(given, str):
            messages = [{"role": "user", "parts": [{"type": "text", "content": given}]}]
        else:
            messages = [_input_message(mapping(item)) for item in items(given)]
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if instructions := text(body.get("instructions")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": instructions}])
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(output_schema(mapping(mapping(body.get("text")).get("format")).get("schema")))
        return found

    def response(self, body: Json, /, *, fetched: bool = False) -> Attributes:
        """Id, model, status, finish reasons, usage, tier, and the searches that are billed apart.

        Args:
            body: the response.
            fetched: whether it was made by another call. Then usage and searches are left out, but for the first
                sight of one that was made in the background and is finished.
        """
        found = self._usage(body, fetched=fetched)
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        put(found, attr.OPENAI_RESPONSE_SERVICE_TIER, text(body.get("service_tier")))
        reason = _reason(body)
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [reason] if reason else None)
        if any(_is_refusal(mapping(item)) for item in items(body.get("output"))):
            found[attr.SPANWISE_RESPONSE_REFUSED] = True
        conversation = text(mapping(body.get("conversation")).get("id"))
        put(found, attr.GEN_AI_CONVERSATION_ID, conversation)
        if body.get("background") is True:
            put(found, attr.GEN_AI_RESPONSE_STATUS, text(body.get("status")))
        return found

    def _usage(self, body: Json, *, fetched: bool) -> Attributes:
        found = usage(body)
        made = [mapping(item).get("type") for item in items(body.get("output"))]
        put(found, attr.SPANWISE_USAGE_WEB_SEARCHES, made.count("web_search_call") or None)
        put(found, attr.SPANWISE_USAGE_FILE_SEARCHES, made.count("file_search_call") or None)
        is_background = body.get("background") is True
        if fetched and not is_background:
            return {}
        # Only what is in the background is returned without its usage, or can be read twice with it.
        identity = text(body.get("id"))
        is_final = body.get("status") in _FINAL
        if is_background and identity and self._accounts is not None and is_final and found:
            return {} if self._accounts.claim(identity) else found
        return {} if fetched else found

    def response_content(self, body: Json, /) -> Attributes:
        """The output items as one message."""
        parts = [part for item in items(body.get("output")) for part in _output_parts(mapping(item))]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> ResponseReducer:
        """A reducer for response events."""
        return ResponseReducer()


def _is_refusal(item: Json) -> bool:
    return any(mapping(part).get("type") == "refusal" for part in items(item.get("content")))


def _reason(body: Json) -> str | None:
    status = body.get("status")
    if status == values.GEN_AI_RESPONSE_STATUS_COMPLETED:
        called = any(mapping(item).get("type") == "function_call" for item in items(body.get("output")))
        return "tool_call" if called else "stop"
    if status == values.GEN_AI_RESPONSE_STATUS_INCOMPLETE:
        return finish_reason(text(mapping(body.get("incomplete_details")).get("reason")) or "length")
    return (
        "error" if status in (values.GEN_AI_RESPONSE_STATUS_FAILED, values.GEN_AI_RESPONSE_STATUS_CANCELLED) else None
    )


def _input_message(item: Json) -> Part:
    kind = item.get("type")
    if kind in ("function_call", "custom_tool_call"):
        arguments = item.get("arguments", item.get("input"))
        return {"role": "assistant", "parts": [tool_call(item.get("call_id"), item.get("name"), arguments)]}
    if kind in ("function_call_output", "custom_tool_call_output"):
        part: Part = {"type": "tool_call_response", "response": parse(item.get("output"))}
        if identity := text(item.get("call_id")):
            part["id"] = identity
        return {"role": "tool", "parts": [part]}
    if "role" in item:
        return {"role": text(item.get("role")) or "user", "parts": list(content_parts(item.get("content")))}
    return {"role": "assistant", "parts": list(_output_parts(item))}


def _output_parts(item: Json) -> Iterator[Part]:
    kind = item.get("type")
    if kind == "message":
        yield from content_parts(item.get("content"))
    elif kind in ("function_call", "custom_tool_call"):
        yield tool_call(item.get("call_id"), item.get("name"), item.get("arguments", item.get("input")))
    elif kind == "reasoning":
        for part in [*content_parts(item.get("summary")), *content_parts(item.get("content"))]:
            yield {"type": "reasoning", "content": part.get("content", "")}
    elif kind == "image_generation_call" and (data := text(item.get("result"))):
        yield blob_part(data, mime_type=f"image/{text(item.get('output_format')) or 'png'}", modality="image")
    else:
        yield dict(item)


class ResponseReducer:
    """Events of a response stream as the response they end with."""

    def __init__(self) -> None:
        self._body: Json = {}
        self._complete = False
        self._texts: dict[str, list[str]] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("type")
        if response := mapping(event.get("response")):
            self._body = response
            self._complete = kind in ("response.completed", "response.incomplete", "response.failed")
        if kind == "response.output_text.delta":
            identity = str(event.get("item_id") or "")
            if identity in self._texts or len(self._texts) < 256:
                self._texts.setdefault(identity, []).append(text(event.get("delta")) or "")
        elif kind == "response.failed":
            self.error = text(mapping(self._body.get("error")).get("code")) or "response_failed"
        elif kind == "error":
            self.error = text(event.get("code")) or "provider_error"

    def body(self) -> Json:
        """The response; while it is not complete, its text so far."""
        if self._complete or not self._texts:
            return self._body
        output = [
            {"type": "message", "content": [{"type": "output_text", "text": "".join(fragments)}]}
            for fragments in self._texts.values()
        ]
        return {**self._body, "output": output}
