"""OpenAI audio: transcription and translation of an upload, and speech."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from tests.emulator.answer import words
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.provider_error import openai_error_body
from tests.emulator.reply import JsonReply, Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


_HEARD = "Where is my parcel? It should have been here on Monday."
_SECONDS = 4.2
_AUDIO_TOKENS = 42
_KINDS = {"mp3": "audio/mpeg", "wav": "audio/wav", "opus": "audio/ogg", "pcm": "audio/pcm"}


def transcription_reply(call: Call) -> Reply:
    """The answer to POST /audio/transcriptions and /audio/translations."""
    heard = call.scenario.text or _HEARD
    if call.streams and call.model != "whisper-1":
        return StreamReply(disturb(_transcript(call, heard), call.scenario, _failure))
    wanted = call.body.get("response_format") or "json"
    if wanted in ("text", "srt", "vtt"):
        return JsonReply(f"{heard}\n".encode(), headers={"content-type": "text/plain; charset=utf-8"})
    body: Json = {"text": heard}
    if wanted == "verbose_json":
        body |= {"task": "transcribe", "language": "english", "duration": _SECONDS, "segments": []}
    if call.scenario.kind != "no_usage":
        body["usage"] = _usage(call, heard)
    return json_reply(body)


def speech_reply(call: Call) -> Reply:
    """The answer to POST /audio/speech: bytes that are like sound, whole or in events."""
    said = str(call.body.get("input") or "")
    sound = hashlib.shake_128(said.encode()).digest(call.scenario.characters or 4096)
    if call.body.get("stream_format") == "sse":
        return StreamReply(disturb(_speech(call, said, sound), call.scenario, _failure))
    kind = _KINDS.get(str(call.body.get("response_format") or "mp3"), "application/octet-stream")
    return JsonReply(sound, headers={"content-type": kind})


def _usage(call: Call, heard: str) -> Json:
    if call.model == "whisper-1":
        return call.billed({"type": "duration", "seconds": _SECONDS})
    prompt = len(str(call.body.get("prompt") or "")) // 4
    made = len(heard) // 4
    return call.billed(
        {
            "type": "tokens",
            "input_tokens": _AUDIO_TOKENS + prompt,
            "input_token_details": {"text_tokens": prompt, "audio_tokens": _AUDIO_TOKENS},
            "output_tokens": made,
            "total_tokens": _AUDIO_TOKENS + prompt + made,
        }
    )


def _transcript(call: Call, heard: str) -> Iterator[Frame]:
    for piece in words(heard):
        yield _event("transcript.text.delta", {"delta": piece}, content=True)
    yield _event("transcript.text.done", {"text": heard, "usage": _usage(call, heard)})


def _speech(call: Call, said: str, sound: bytes) -> Iterator[Frame]:
    for start in range(0, len(sound), 1024):
        piece = base64.b64encode(sound[start : start + 1024]).decode()
        yield _event("speech.audio.delta", {"audio": piece}, content=True)
    given, made = max(1, len(said) // 4), len(said)
    usage = {"input_tokens": given, "output_tokens": made, "total_tokens": given + made}
    yield _event("speech.audio.done", {"usage": call.billed(usage)})


def _event(kind: str, fields: Json, *, content: bool = False) -> Frame:
    return frame({"type": kind} | fields, content=content)


def _failure(_sent: int) -> list[Frame]:
    return [frame({"type": "error"} | openai_error_body("error_500"))]
