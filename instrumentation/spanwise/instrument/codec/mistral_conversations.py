"""Mistral conversations: entries in, entries out, kept by the provider under an id."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, parse, put, text
from spanwise.instrument.codec.mistral_chat import mistral_sampling
from spanwise.instrument.codec.mistral_message import mistral_message, mistral_parts, plain
from spanwise.instrument.codec.mistral_usage import mistral_usage
from spanwise.instrument.codec.openai_chat import OUTPUT_TYPES
from spanwise.instrument.codec.openai_message import tool_call, tool_definitions
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_MOST_ENTRIES = 1024
_SEARCHES = ("web_search", "web_search_premium")
_FRAGMENTS = {"text": "text", "reasoning": "content"}
"""Where the pieces of a stream have their text."""


class MistralConversations:
    """`POST /v1/conversations`, `/v1/conversations/{id}` and `/v1/conversations/{id}/restart`.

    `chat`, as the convention has it for the responses API of OpenAI: models answer, and tools that the provider runs
    in between are part of the answer. The id in the path of a request is given as the field `conversation_id`.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    # Which model answers is said by its deltas alone, so these are read as well.
    gate: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'"type"\s*:\s*"(?:conversation\.response\.|message\.output\.delta|function\.call\.delta)'
    )
    last: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'^(?:event: ?|data: ?\{\s*"type"\s*:\s*")conversation\.response\.(?:done|error)\b', re.MULTILINE
    )

    def request(self, body: Json, /) -> Attributes:
        """Model or agent, conversation, sampling parameters, output type."""
        asked = mapping(body.get("completion_args"))
        found = mistral_sampling({**asked, "stream": body.get("stream"), "model": body.get("model")})
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("conversation_id")))
        put(found, attr.GEN_AI_AGENT_ID, text(body.get("agent_id")))
        put(found, attr.GEN_AI_AGENT_VERSION, _version(body.get("agent_version")))
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(asked.get("reasoning_effort")))
        format_type = text(mapping(asked.get("response_format")).get("type"))
        put(found, attr.GEN_AI_OUTPUT_TYPE, OUTPUT_TYPES.get(format_type or ""))
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Entries as messages, instructions apart, and the tools offered."""
        given = body.get("inputs")
        entries = [{"role": "user", "content": given}] if isinstance(given, str) else items(given)
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump([_asked(mapping(entry)) for entry in entries])}
        if instructions := text(body.get("instructions")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": instructions}])
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        return found

    def response(self, body: Json, /) -> Attributes:
        """Conversation, model, finish reason, usage, and the searches that are billed apart."""
        found = _usage(body)
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("conversation_id")))
        outputs = [mapping(entry) for entry in items(body.get("outputs"))]
        answered = [model for entry in outputs if (model := text(entry.get("model")))]
        put(found, attr.GEN_AI_RESPONSE_MODEL, answered[-1] if answered else None)
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [_reason(outputs)] if outputs else None)
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The entries as one message."""
        parts = [part for entry in items(body.get("outputs")) for part in _answered(mapping(entry))]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> ConversationReducer:
        """A reducer for the events of a conversation."""
        return ConversationReducer()


def _usage(body: Json) -> Attributes:
    """Token counts and what the provider's tools did.

    What the results of tools took is counted beside the prompt (the total is the sum of the three); the convention's
    input tokens include it.
    """
    found = mistral_usage(body)
    usage = mapping(body.get("usage"))
    asked = count(usage.get("prompt_tokens"))
    read = count(usage.get("connector_tokens")) or 0
    if asked is not None and read:
        found[attr.GEN_AI_USAGE_INPUT_TOKENS] = asked + read
        found[attr.SPANWISE_USAGE_TOOL_INPUT_TOKENS] = read
    ran = mapping(usage.get("connectors"))
    put(found, attr.SPANWISE_USAGE_WEB_SEARCHES, sum(count(ran.get(name)) or 0 for name in _SEARCHES) or None)
    put(found, attr.SPANWISE_USAGE_CODE_EXECUTIONS, count(ran.get("code_interpreter")) or None)
    put(found, attr.SPANWISE_USAGE_OUTPUT_IMAGES, count(ran.get("image_generation")) or None)
    return found


def _version(value: object) -> str | None:
    return text(value) or (str(value) if isinstance(value, int) and not isinstance(value, bool) else None)


def _reason(outputs: list[Json]) -> str:
    calls = outputs[-1].get("type") == "function.call"
    return values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL if calls else values.GEN_AI_RESPONSE_FINISH_REASONS_STOP


def _asked(entry: Json) -> Part:
    if entry.get("type") == "function.result":
        part: Part = {"type": "tool_call_response", "response": parse(entry.get("result"))}
        if identity := text(entry.get("tool_call_id")):
            part["id"] = identity
        return {"role": "tool", "parts": [part]}
    if "role" in entry:
        return mistral_message(entry)
    return {"role": "assistant", "parts": _answered(entry)}


def _answered(entry: Json) -> list[Part]:
    kind = entry.get("type")
    if kind == "message.output":
        return mistral_parts(entry.get("content"))
    if kind == "function.call":
        return [tool_call(entry.get("tool_call_id"), entry.get("name"), entry.get("arguments"))]
    if kind == "tool.execution":
        name = text(entry.get("name")) or "tool"
        ran = {"type": name, "arguments": parse(entry.get("arguments")), "info": entry.get("info")}
        part: Part = {"type": "server_tool_call", "name": name, "server_tool_call": ran}
        if identity := text(entry.get("id")):
            part["id"] = identity
        return [part]
    return [dict(entry)] if text(kind) else []


class ConversationReducer:
    """Events of a conversation as the response that would have come whole."""

    def __init__(self) -> None:
        self._body: Part = {}
        self._entries: dict[str, Part] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("type")
        if kind == "conversation.response.started":
            self._body["conversation_id"] = event.get("conversation_id")
        elif kind == "conversation.response.done":
            self._body["usage"] = event.get("usage")
        elif kind == "conversation.response.error":
            code = event.get("code")
            self.error = str(code) if isinstance(code, int) else text(code) or "provider_error"
        elif kind == "message.output.delta":
            if entry := self._entry("message.output", event):
                entry["pieces"].extend(_pieces(event.get("content")))
        elif kind == "function.call.delta":
            if entry := self._entry("function.call", event):
                entry["name"] = entry.get("name") or event.get("name")
                entry["tool_call_id"] = entry.get("tool_call_id") or event.get("tool_call_id")
                entry["pieces"].append({"type": "text", "text": text(event.get("arguments")) or ""})
        elif kind == "tool.execution.done" and (entry := self._entry("tool.execution", event)):
            entry.update({"name": event.get("name"), "info": event.get("info")})

    def _entry(self, kind: str, event: Json) -> Part | None:
        identity = f"{kind} {event.get('id')}"
        if identity not in self._entries and len(self._entries) >= _MOST_ENTRIES:
            return None
        entry = self._entries.setdefault(identity, {"type": kind, "id": event.get("id"), "pieces": []})
        if model := text(event.get("model")):
            entry["model"] = model
        return entry

    def body(self) -> Json:
        """The response so far."""
        return {**self._body, "outputs": [_joined(entry) for entry in self._entries.values()]}


def _pieces(content: object) -> list[Part]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    chunks = content if isinstance(content, list) else [content]
    return [dict(chunk) for chunk in items(plain(chunks)) if isinstance(chunk, dict)]


def _joined(entry: Part) -> Part:
    """An entry whose pieces of text, and of reasoning, are one chunk each where nothing came between them."""
    whole = {key: value for key, value in entry.items() if key != "pieces"}
    chunks: list[tuple[Part, list[str]]] = []
    for piece in entry["pieces"]:
        fragment = piece.get(_FRAGMENTS.get(piece.get("type"), ""))
        if not (chunks and isinstance(fragment, str) and chunks[-1][0].get("type") == piece["type"]):
            chunks.append((piece, []))
        if isinstance(fragment, str):
            chunks[-1][1].append(fragment)
    if entry["type"] == "function.call":
        whole["arguments"] = "".join(fragment for _, fragments in chunks for fragment in fragments)
    else:
        whole["content"] = [
            {**piece, _FRAGMENTS[piece["type"]]: "".join(fragments)} if fragments else piece
            for piece, fragments in chunks
        ]
    return whole
