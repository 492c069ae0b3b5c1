"""Anthropic messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, parse, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.media import Part, blob_part
from spanwise.instrument.codec.output_schema import output_schema
from spanwise.instrument.codec.received_cost import received_cost
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


NO_GEO = "not_available"
"""What models that cannot be pinned to a region say of theirs."""


class AnthropicMessages:
    """`POST /v1/messages`, beta included, on Anthropic's own host, Bedrock or Vertex."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'"type"\s*:\s*"(?:message_start|message_delta|message_stop|error)"'
    )
    # At the start of a line, so that an error object inside a tool result cannot be taken for the end of the stream.
    last: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'^(?:event: ?|data: ?\{\s*"type"\s*:\s*")(?:message_stop|error)\b', re.MULTILINE
    )

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, effort, output type."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(body.get("max_tokens")))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(body.get("temperature")))
        put(found, attr.GEN_AI_REQUEST_TOP_P, number(body.get("top_p")))
        put(found, attr.GEN_AI_REQUEST_TOP_K, count(body.get("top_k")))
        stops = [stop for stop in items(body.get("stop_sequences")) if isinstance(stop, str)]
        put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
        output = mapping(body.get("output_config"))
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(output.get("effort")))
        if _output_format(body).get("type") == "json_schema":
            found[attr.GEN_AI_OUTPUT_TYPE] = values.GEN_AI_OUTPUT_TYPE_JSON
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, the system prompt apart, and the tools offered."""
        messages = [
            {
                "role": text(mapping(message).get("role")) or "user",
                "parts": list(_parts(mapping(message).get("content"))),
            }
            for message in items(body.get("messages"))
        ]
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if system := list(_parts(body.get("system"))):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump(system)
        if tools := [_definition(mapping(tool)) for tool in items(body.get("tools"))]:
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(output_schema(_output_format(body).get("schema")))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, model, finish reason, usage with the cache counted in, tier."""
        found = anthropic_usage(mapping(body.get("usage")))
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        reason = text(body.get("stop_reason"))
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [finish_reason(reason)] if reason else None)
        if reason == "refusal":
            found[attr.SPANWISE_RESPONSE_REFUSED] = True
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The content blocks as one message."""
        parts = list(_parts(body.get("content")))
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> MessageReducer:
        """A reducer for message events."""
        return MessageReducer()


def anthropic_usage(usage: Json) -> Attributes:
    """Anthropic counts the three kinds of input apart; the convention's input tokens are their sum."""
    found = received_cost(usage)
    plain = count(usage.get("input_tokens"))
    read = count(usage.get("cache_read_input_tokens"))
    written = count(usage.get("cache_creation_input_tokens"))
    if plain is not None:
        found[attr.GEN_AI_USAGE_INPUT_TOKENS] = plain + (read or 0) + (written or 0)
    put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, count(usage.get("output_tokens")))
    put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, read)
    put(found, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, written)
    split = mapping(usage.get("cache_creation"))
    put(found, attr.SPANWISE_USAGE_CACHE_WRITE_5M_INPUT_TOKENS, count(split.get("ephemeral_5m_input_tokens")))
    put(found, attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS, count(split.get("ephemeral_1h_input_tokens")))
    made = mapping(usage.get("output_tokens_details"))
    put(found, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, count(made.get("thinking_tokens")))
    searches = count(mapping(usage.get("server_tool_use")).get("web_search_requests"))
    put(found, attr.SPANWISE_USAGE_WEB_SEARCHES, searches or None)
    put(found, attr.SPANWISE_RESPONSE_SERVICE_TIER, text(usage.get("service_tier")))
    put(found, attr.SPANWISE_RESPONSE_SPEED, text(usage.get("speed")))
    geo = text(usage.get("inference_geo"))
    put(found, attr.SPANWISE_RESPONSE_REGION, geo if geo != NO_GEO else None)
    return found


def _parts(content: object) -> Iterator[Part]:
    if isinstance(content, str):
        if content:
            yield {"type": "text", "content": content}
        return
    for entry in items(content):
        if block := mapping(entry):
            yield _part(block)


def _part(block: Json) -> Part:
    kind = block.get("type")
    if kind == "text":
        return {"type": "text", "content": str(block.get("text") or "")}
    if kind == "tool_use":
        return {
            "type": "tool_call",
            "id": str(block.get("id") or ""),
            "name": str(block.get("name") or ""),
            "arguments": parse(block.get("input")),
        }
    if kind == "tool_result":
        content = block.get("content")
        response = parse(content) if isinstance(content, str) else list(_parts(content))
        return {"type": "tool_call_response", "id": str(block.get("tool_use_id") or ""), "response": response}
    if kind == "thinking":
        return {"type": "reasoning", "content": str(block.get("thinking") or "")}
    if kind in ("image", "document"):
        return _source(mapping(block.get("source")), str(kind))
    return dict(block)


def _source(source: Json, modality: str) -> Part:
    kind = source.get("type")
    if kind == "url":
        return {"type": "uri", "modality": modality, "uri": str(source.get("url") or "")}
    if kind == "file":
        return {"type": "file", "modality": modality, "file_id": str(source.get("file_id") or "")}
    data = str(source.get("data") or "")
    if kind == "text":
        return {"type": "text", "content": data}
    return blob_part(data, mime_type=text(source.get("media_type")) or "", modality=modality)


def _output_format(body: Json) -> Json:
    """The form of the answer that is asked for; in betas it stood beside the configuration of the output."""
    return mapping(mapping(body.get("output_config")).get("format") or body.get("output_format"))


def _definition(tool: Json) -> Part:
    name = text(tool.get("name")) or ""
    definition: Part = {"type": "function" if "input_schema" in tool else text(tool.get("type")) or "function"}
    definition["name"] = name
    if description := text(tool.get("description")):
        definition["description"] = description
    if tool.get("input_schema") is not None:
        definition["parameters"] = tool["input_schema"]
    return definition


class MessageReducer:
    """Events of a message stream as the message."""

    def __init__(self) -> None:
        self._message: Part = {}
        self._usage: Part = {}
        self._blocks: dict[int, Part] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("type")
        if kind == "message_start":
            self._message.update(mapping(event.get("message")))
            self._usage.update(mapping(self._message.get("usage")))
        elif kind == "message_delta":
            self._message.update(mapping(event.get("delta")))
            # Counts of a delta are cumulative; one that it does not send stays as it was.
            self._usage.update({key: value for key, value in mapping(event.get("usage")).items() if value is not None})
        elif kind == "content_block_start":
            index = count(event.get("index"))
            if index is not None and len(self._blocks) < 1024:
                self._blocks[index] = {**mapping(event.get("content_block")), "_fragments": []}
        elif kind == "content_block_delta":
            self._delta(self._blocks.get(count(event.get("index")) or 0), mapping(event.get("delta")))
        elif kind == "error":
            self.error = text(mapping(event.get("error")).get("type")) or "provider_error"

    def _delta(self, block: Part | None, delta: Json) -> None:
        fragment = text(delta.get("text")) or text(delta.get("partial_json")) or text(delta.get("thinking"))
        if block is not None and fragment:
            block["_fragments"].append(fragment)

    def body(self) -> Json:
        """The message so far."""
        blocks = [_joined(self._blocks[index]) for index in sorted(self._blocks)]
        return {**self._message, "usage": self._usage, "content": blocks}


def _joined(block: Part) -> Part:
    whole = {key: value for key, value in block.items() if key != "_fragments"}
    if block["_fragments"]:
        joined = "".join(block["_fragments"])
        if block.get("type") == "tool_use":
            whole["input"] = joined
        elif block.get("type") == "thinking":
            whole["thinking"] = joined
        else:
            whole["text"] = joined
    return whole
