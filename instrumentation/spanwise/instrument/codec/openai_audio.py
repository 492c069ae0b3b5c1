"""OpenAI audio: speech to text, and text to speech. Audio itself is never captured."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, mapping, number, put, text
from spanwise.instrument.codec.openai_usage import usage
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_BY_CHARACTERS: Final = ("tts-1",)
"""Models of speech that are billed by the characters given; the others are by tokens."""


class OpenAITranscriptions:
    """`POST /audio/transcriptions` and `/audio/translations`: content that is made from audio.

    The audio is uploaded beside the body and is not seen here.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"type"\s*:\s*"(?:transcript\.text\.done|error)"|"error"\s*:\s*\{')
    last: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'^(?:event: ?|data: ?\{\s*"type"\s*:\s*")transcript\.text\.done\b', re.MULTILINE
    )

    def request(self, body: Json, /) -> Attributes:
        """Model and temperature."""
        found: Attributes = {attr.GEN_AI_OUTPUT_TYPE: values.GEN_AI_OUTPUT_TYPE_TEXT}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(body.get("temperature")))
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The text that steers the model."""
        prompt = text(body.get("prompt"))
        return {attr.GEN_AI_INPUT_MESSAGES: _message("user", prompt)} if prompt else {}

    def response(self, body: Json, /) -> Attributes:
        """Tokens, or seconds of audio where the model is billed by them."""
        found = usage(body)
        billed = mapping(body.get("usage"))
        # Bodies with word timings have had the length of the audio since before there was a usage object.
        seconds = number(billed.get("seconds")) if billed else number(body.get("duration"))
        if seconds is not None and seconds >= 0:
            found[attr.SPANWISE_USAGE_INPUT_AUDIO_SECONDS] = seconds
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """What was heard."""
        heard = text(body.get("text"))
        return {attr.GEN_AI_OUTPUT_MESSAGES: _message("assistant", heard)} if heard else {}

    def reducer(self) -> TranscriptReducer:
        """A reducer for transcript events."""
        return TranscriptReducer()


class TranscriptReducer:
    """Events of a transcription as the body of the same call without streaming."""

    def __init__(self) -> None:
        self._done: Json = {}
        self._fragments: list[str] = []
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("type")
        if kind == "transcript.text.done":
            self._done = event
        elif kind == "transcript.text.delta":
            self._fragments.append(text(event.get("delta")) or "")
        elif kind == "error" or event.get("error"):
            self.error = _error(event)

    def body(self) -> Json:
        """The transcript; while it is not complete, its text so far."""
        return self._done or {"text": "".join(self._fragments)}


class OpenAISpeech:
    """`POST /audio/speech`: content that is audio."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"type"\s*:\s*"(?:speech\.audio\.done|error)"|"error"\s*:\s*\{')
    last: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'^(?:event: ?|data: ?\{\s*"type"\s*:\s*")speech\.audio\.done\b', re.MULTILINE
    )

    def request(self, body: Json, /) -> Attributes:
        """Model, and the characters given to a model that is billed by them."""
        found: Attributes = {attr.GEN_AI_OUTPUT_TYPE: values.GEN_AI_OUTPUT_TYPE_SPEECH}
        model = text(body.get("model"))
        put(found, attr.GEN_AI_REQUEST_MODEL, model)
        given = body.get("input")
        if model is not None and model.startswith(_BY_CHARACTERS) and isinstance(given, str):
            found[attr.SPANWISE_USAGE_INPUT_CHARACTERS] = len(given)
        if body.get("stream_format") == "sse":
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """What is to be said, and how."""
        found: Attributes = {}
        if given := text(body.get("input")):
            found[attr.GEN_AI_INPUT_MESSAGES] = _message("user", given)
        if manner := text(body.get("instructions")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": manner}])
        return found

    def response(self, body: Json, /) -> Attributes:
        """Tokens, which a stream of events says; a body of audio says nothing."""
        found = usage(body)
        made = found.get(attr.GEN_AI_USAGE_OUTPUT_TOKENS)
        if isinstance(made, int) and made:
            found[attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS] = made
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> SpeechReducer:
        """A reducer for speech events."""
        return SpeechReducer()


class SpeechReducer:
    """The usage of a stream of speech; its audio is passed over."""

    def __init__(self) -> None:
        self._usage: Json = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("type")
        if kind == "speech.audio.done":
            self._usage = {name: counted for name, value in mapping(event.get("usage")).items()
                           if (counted := count(value)) is not None}  # fmt: skip
        elif kind == "error" or event.get("error"):
            self.error = _error(event)

    def body(self) -> Json:
        """The usage."""
        return {"usage": self._usage}


def _error(event: Json) -> str:
    error: Json = mapping(event.get("error"))
    found: Any = text(error.get("code")) or text(error.get("type"))
    return found or "provider_error"


def _message(role: str, content: str) -> str:
    return dump([{"role": role, "parts": [{"type": "text", "content": content}]}])
