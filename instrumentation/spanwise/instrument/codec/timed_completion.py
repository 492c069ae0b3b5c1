"""OpenAI's wire as Groq and Cerebras serve it: the response says how long it took, and a stream its usage unasked.

Sources: https://console.groq.com/docs/api-reference (`usage.queue_time`, `usage.total_time`, and `x_groq` of chunks)
and https://inference-docs.cerebras.ai/api-reference/chat-completions (`time_info`). All times are in seconds.
"""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import mapping, number, put, text
from spanwise.instrument.codec.openai_chat import ChatReducer, OpenAIChat
from spanwise.instrument.codec.openai_completions import OpenAICompletions
from spanwise.semconv import attributes as attr


class TimedChat(OpenAIChat):
    """`POST /openai/v1/chat/completions` of Groq, `POST /v1/chat/completions` of Cerebras."""

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's, and the times."""
        return {**super().response(body), **_times(body)}

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

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        super().add(event)
        own = mapping(event.get("x_groq"))
        if text(own.get("error")):
            self.error = "provider_error"
        for key, value in (("usage", own.get("usage")), ("time_info", event.get("time_info"))):
            if told := mapping(value):
                self._told[key] = told

    def body(self) -> Json:
        """The completion so far."""
        return {**self._told, **super().body()}
