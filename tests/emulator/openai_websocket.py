"""OpenAI's websockets: realtime sessions, and responses. Needs the `websockets` library, as the SDK does for them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from typing import Self
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.emulator import openai_responses
from tests.emulator.answer import words
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.reply import StreamReply
from tests.emulator.scenario import Scenario


_SAID = "Standard delivery takes 3 to 5 working days."
_SOUND = base64.b64encode(bytes(range(256)) * 8).decode()
_ERROR = {"type": "invalid_request_error", "code": "invalid_value", "message": "Invalid value.", "param": None}


class WebsocketEmulator:
    """A server of its own on 127.0.0.1. Each connection meets the scenario of its `x-emulator` header.

    `stream_error` fails a response, `error_400` refuses it, `length` cuts it, `disconnect` breaks the connection in the
    middle of it, `tool_calls` calls a tool; `kind=text` answers without audio, `kind=cancelled` is interrupted, and
    `kind=silent` begins and never ends.
    """

    def __init__(self) -> None:
        self._server: Server = serve(self._talk, "127.0.0.1", 0, compression=None, max_size=None)
        self._thread = threading.Thread(target=self._server.serve_forever, name="emulator-websocket")
        self._made = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()

    @property
    def openai_url(self) -> str:
        """What the `base_url` of a client has to be."""
        return f"http://127.0.0.1:{self._server.socket.getsockname()[1]}/v1"

    def _talk(self, connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        url = urlsplit(request.path)
        scenario = Scenario.parse(request.headers.get("x-emulator") or "default")
        try:
            if url.path.endswith("/realtime"):
                self._realtime(connection, scenario, parse_qs(url.query).get("model", ["gpt-realtime"])[0])
            else:
                self._responses(connection, scenario)
        except ConnectionClosed:
            return

    def _realtime(self, connection: ServerConnection, scenario: Scenario, model: str) -> None:
        session: Json = {"type": "realtime", "id": "sess_1", "model": model, "output_modalities": ["audio"]}
        _send(connection, {"type": "session.created", "session": session})
        for text in connection:
            message = json.loads(text)
            if message["type"] == "session.update":
                session |= message["session"]
                _send(connection, {"type": "session.updated", "session": session})
            elif message["type"] == "response.create":
                self._made += 1
                for event in _realtime_events(f"resp_{self._made}", scenario, message):
                    _send(connection, event)
                if scenario.name == "disconnect":
                    connection.close(code=1011, reason="internal error")

    def _responses(self, connection: ServerConnection, scenario: Scenario) -> None:
        for text in connection:
            message = json.loads(text)
            self._made += 1
            if scenario.name == "error_400":
                _send(connection, {"type": "error", "status": 400, "error": _ERROR})
                continue
            reply = openai_responses.reply(Call(self._made, message | {"stream": True}, scenario))
            assert isinstance(reply, StreamReply)
            for frame in reply.frames:
                if frame.cut:
                    connection.close(code=1011, reason="internal error")
                    return
                connection.send(frame.data)


def _send(connection: ServerConnection, event: Json) -> None:
    connection.send(json.dumps({"event_id": "event_1"} | event))


def _realtime_events(identity: str, scenario: Scenario, message: Json) -> Iterator[Json]:
    if scenario.name == "error_400":
        yield {"type": "error", "error": _ERROR | {"event_id": message.get("event_id")}}
        return
    asked: Json = message.get("response") or {}
    response: Json = {
        "object": "realtime.response",
        "id": identity,
        "status": "in_progress",
        "status_details": None,
        "output": [],
        "conversation_id": "conv_1",
        "output_modalities": asked.get("output_modalities") or (["text"] if scenario.kind == "text" else ["audio"]),
        "max_output_tokens": asked.get("max_output_tokens") or "inf",
        "usage": None,
    }
    yield {"type": "response.created", "response": response}
    for piece in words(_SAID)[: scenario.after]:
        where = {"response_id": identity, "item_id": "item_1", "output_index": 0, "content_index": 0}
        if scenario.kind == "text":
            yield {"type": "response.output_text.delta", "delta": piece} | where
        else:
            yield {"type": "response.output_audio.delta", "delta": _SOUND} | where
            yield {"type": "response.output_audio_transcript.delta", "delta": piece} | where
    if scenario.name != "disconnect" and scenario.kind != "silent":
        yield {"type": "response.done", "response": response | _end(scenario)}


def _end(scenario: Scenario) -> Json:
    if scenario.name == "stream_error":
        error = {"type": "server_error", "code": "server_error", "message": "The server had an error."}
        return {"status": "failed", "status_details": {"type": "failed", "error": error}}
    if scenario.name == "length":
        reason = {"type": "incomplete", "reason": "max_output_tokens"}
        return {"status": "incomplete", "status_details": reason, "usage": _usage(scenario)}
    if scenario.kind == "cancelled":
        reason = {"type": "cancelled", "reason": "turn_detected"}
        return {"status": "cancelled", "status_details": reason, "usage": _usage(scenario)}
    if scenario.name == "tool_calls":
        item: Json = {"type": "function_call", "call_id": "call_1", "name": "find_parcel", "arguments": '{"id":7}'}
    elif scenario.kind == "text":
        item = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": _SAID}]}
    else:
        item = {"type": "message", "role": "assistant", "content": [{"type": "output_audio", "transcript": _SAID}]}
    return {"status": "completed", "output": [item], "usage": _usage(scenario)}


def _usage(scenario: Scenario) -> Json:
    heard, spoken = (0, 0) if scenario.kind == "text" else (80, 60)
    return {
        "total_tokens": 120 + heard + 20 + spoken,
        "input_tokens": 120 + heard,
        "output_tokens": 20 + spoken,
        "input_token_details": {
            "text_tokens": 120,
            "audio_tokens": heard,
            "image_tokens": 0,
            "cached_tokens": 64 + heard // 2,
            "cached_tokens_details": {"text_tokens": 64, "audio_tokens": heard // 2, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": 20, "audio_tokens": spoken},
    }
