"""Text generation by Hugging Face's own server, TGI, and by endpoints that speak like it.

Source: https://huggingface.github.io/text-generation-inference. Tokens are counted in `details`, which has to be asked
for, and in headers of a whole response. `input_length` is only told by streams; `prefill` holds the prompt's tokens
where those are wanted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_GENERATED: Final = rb'"generated_text"\s*:\s*"'
_HEADERS: Final = (("x-prompt-tokens", "input_length"), ("x-generated-tokens", "generated_tokens"))
_LONGEST: Final = 12


class HuggingFaceGenerate:
    """`POST /generate`, `/generate_stream` and the address of an endpoint itself. The model is added by the caller."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'%b|"error"\s*:' % _GENERATED)
    last: ClassVar[re.Pattern[bytes]] = re.compile(_GENERATED)

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters."""
        found: Attributes = {}
        given = mapping(body.get("parameters"))
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(given.get("max_new_tokens")))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(given.get("temperature")))
        put(found, attr.GEN_AI_REQUEST_TOP_P, number(given.get("top_p")))
        put(found, attr.GEN_AI_REQUEST_TOP_K, count(given.get("top_k")))
        put(found, attr.GEN_AI_REQUEST_FREQUENCY_PENALTY, number(given.get("frequency_penalty")))
        put(found, attr.GEN_AI_REQUEST_SEED, count(given.get("seed")))
        stops = [stop for stop in items(given.get("stop")) if isinstance(stop, str)]
        put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
        if mapping(given.get("grammar")).get("type") in ("json", "json_schema"):
            found[attr.GEN_AI_OUTPUT_TYPE] = values.GEN_AI_OUTPUT_TYPE_JSON
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The prompt as one message of the user."""
        prompt = text(body.get("inputs"))
        return {attr.GEN_AI_INPUT_MESSAGES: _messages("user", prompt)} if prompt else {}

    def response(self, body: Json, /) -> Attributes:
        """Tokens and why it ended, as far as the details say so."""
        found: Attributes = {}
        details = mapping(body.get("details"))
        given = count(details.get("input_length"))
        put(
            found,
            attr.GEN_AI_USAGE_INPUT_TOKENS,
            len(items(details.get("prefill"))) or None if given is None else given,
        )
        put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, count(details.get("generated_tokens")))
        if reason := text(details.get("finish_reason")):
            found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [finish_reason(reason)]
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The text as one message."""
        said = text(body.get("generated_text"))
        return {attr.GEN_AI_OUTPUT_MESSAGES: _messages("assistant", said)} if said else {}

    def reducer(self) -> TokenReducer:
        """A reducer for tokens."""
        return TokenReducer()


def header_details(headers: Mapping[str, str]) -> Json:
    """A body with the details that the headers of a whole response tell; empty where they tell none."""
    details = {
        name: int(value)
        for header, name in _HEADERS
        if (value := headers.get(header, "")).isascii() and value.isdecimal() and len(value) <= _LONGEST
    }
    return {"details": details} if details else {}


def _messages(role: str, said: str) -> str:
    return dump([{"role": role, "parts": [{"type": "text", "content": said}]}])


class TokenReducer:
    """Events of a stream, a token each, as the body of the same call without streaming."""

    def __init__(self) -> None:
        self._fragments: list[str] = []
        self._end: Json = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        if event.get("error"):
            self.error = text(event.get("error_type")) or "provider_error"
        token = mapping(event.get("token"))
        if token.get("special") is not True and (fragment := text(token.get("text"))):
            self._fragments.append(fragment)
        if isinstance(event.get("generated_text"), str):
            self._end = event

    def body(self) -> Json:
        """The body; while it is not complete, its text so far."""
        if self._end:
            return {key: self._end.get(key) for key in ("generated_text", "details")}
        return {"generated_text": "".join(self._fragments)} if self._fragments else {}
