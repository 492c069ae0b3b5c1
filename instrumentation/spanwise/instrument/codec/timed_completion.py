"""OpenAI's wire as Groq and Cerebras serve it: the response says how long it took, and a stream its usage unasked.

Sources: https://console.groq.com/docs/api-reference (`usage.queue_time`, `usage.total_time`, and `x_groq` of chunks)
and https://inference-docs.cerebras.ai/api-reference/chat-completions (`time_info`). All times are in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, parse, put, text
from spanwise.instrument.codec.openai_chat import ChatReducer, OpenAIChat
from spanwise.instrument.codec.openai_completions import OpenAICompletions
from spanwise.instrument.codec.openai_message import chat_message
from spanwise.semconv import attributes as attr


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_MOST_TOOLS: Final = 256
"""Tools that are kept of one stream."""


class TimedChat(OpenAIChat):
    """`POST /openai/v1/chat/completions` of Groq, `POST /v1/chat/completions` of Cerebras."""

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's, and the times."""
        return {**super().response(body), **_times(body)}

    def response_content(self, body: Json, /) -> Attributes:
        """One message per choice, the tools that Groq's systems ran first."""
        messages = [_message(mapping(mapping(choice).get("message"))) for choice in items(body.get("choices"))]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> TimedReducer:
        """A reducer for chunks."""
        return TimedReducer()


class TimedCompletions(OpenAICompletions):
    """`POST /v1/completions` of Cerebras."""

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's, and the times."""
        return {**super().response(body), **_times(body)}

    def reducer(self) -> TimedReducer:
        """A reducer for chunks."""
        return TimedReducer()


def _message(message: Json) -> Part:
    said = chat_message({"role": "assistant", **message})
    return {**said, "parts": [*_executed(message.get("executed_tools")), *said["parts"]]}


def _executed(tools: object) -> Iterator[Part]:
    for entry in items(tools):
        if tool := mapping(entry):
            name = text(tool.get("type")) or "tool"
            ran = {**tool, "type": name, "arguments": parse(tool.get("arguments"))}
            yield {"type": "server_tool_call", "name": name, "server_tool_call": ran}


def _times(body: Json) -> Attributes:
    found: Attributes = {}
    told = mapping(body.get("time_info")) or mapping(body.get("usage"))
    put(found, attr.SPANWISE_RESPONSE_LATENCY_S, number(told.get("total_time")))
    put(found, attr.SPANWISE_RESPONSE_QUEUE_S, number(told.get("queue_time")))
    return found


class TimedReducer(ChatReducer):
    """Chunks as one body. Groq has usage and errors of a stream in an object of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, Json] = {}
        self._ran: dict[int, Part] = {}

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        super().add(event)
        own = mapping(event.get("x_groq"))
        if text(own.get("error")):
            self.error = "provider_error"
        for key, value in (("usage", own.get("usage")), ("time_info", event.get("time_info"))):
            if told := mapping(value):
                self._told[key] = told

        for choice in items(event.get("choices")):
            for position, entry in enumerate(items(mapping(mapping(choice).get("delta")).get("executed_tools"))):
                self._run(position, mapping(entry))

    def _run(self, position: int, tool: Json) -> None:
        """Take what a chunk says of a tool: its arguments first, then what it found."""
        index = count(tool.get("index"))
        index = position if index is None else index
        if index in self._ran or len(self._ran) < _MOST_TOOLS:
            self._ran.setdefault(index, {}).update({key: value for key, value in tool.items() if value is not None})

    def body(self) -> Json:
        """The completion so far. Tools are run for the first choice: a system has one."""
        body = {**self._told, **super().body()}
        if self._ran and body["choices"]:
            first, *others = body["choices"]
            ran = [tool for _, tool in sorted(self._ran.items())]
            body["choices"] = [{**first, "message": {**first["message"], "executed_tools": ran}}, *others]
        return body
