"""Gemini's live websocket: a server of its own, because the emulator's speaks HTTP only."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from typing import Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.emulator.answer import Answer, compose
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.gemini_prompt import contents_prompt
from tests.emulator.scenario import Scenario


_AUDIO = base64.b64encode(b"emulated sound" * 40).decode()
_TURN = ("client_content", "clientContent")
_RESULT = ("tool_response", "toolResponse")
_REALTIME = ("realtime_input", "realtimeInput")


class LiveEmulator:
    """Serves live sessions on a free port of 127.0.0.1 while the context is open.

    Scenarios are those of the emulator, in the header `x-emulator` of the connection: `stream_error` closes it with the
    code 1011 after some pieces, `disconnect` cuts it there, `slow_chunks` waits between them. `kind=interrupted` is a
    turn that the user breaks in on, `kind=late` one whose counts come after its end. `received` is what came.
    """

    def __init__(self) -> None:
        self.received: list[Json] = []
        self._server = serve(self._session, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever, name="live emulator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()

    @property
    def url(self) -> str:
        """The server's root, with no slash at the end."""
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"

    def _session(self, connection: ServerConnection) -> None:
        try:
            self._serve(connection)
        except ConnectionClosed:
            return

    def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        scenario = Scenario.parse(request.headers.get("x-emulator", "default"))
        setup: Json = {}
        contents: list[Json] = []
        for raw in connection:
            message: Json = json.loads(raw)
            self.received.append(message)
            if "setup" in message:
                setup = message["setup"]
                connection.send(json.dumps({"setupComplete": {"sessionId": "session-emu"}}).encode())
                continue
            if not _asks(message, contents):
                continue
            call = Call(len(self.received), {**setup, "contents": contents}, scenario)
            for reply in _replies(call, setup):
                if reply is None:
                    _break(connection, scenario)
                    return
                connection.send(json.dumps(reply).encode())
                if scenario.name == "slow_chunks":
                    threading.Event().wait(scenario.wait_s)


def _asks(message: Json, contents: list[Json]) -> bool:
    """Whether the message asks for an answer; what it says is added to `contents`."""
    for name in _TURN:
        if name in message:
            contents.extend(message[name].get("turns") or [])
            return bool(message[name].get("turnComplete", message[name].get("turn_complete")))
    for name in _RESULT:
        if name in message:
            results = message[name].get("functionResponses") or message[name].get("function_responses") or []
            contents.append({"role": "user", "parts": [{"functionResponse": result} for result in results]})
            return True
    for name in _REALTIME:
        if name in message:
            if said := message[name].get("text"):
                contents.append({"role": "user", "parts": [{"text": said}]})
                return True
            return any(mark in message[name] for mark in ("activityEnd", "activity_end", "audioStreamEnd"))
    return False


def _replies(call: Call, setup: Json) -> Iterator[Json | None]:
    """The messages of one response; `None` where the connection breaks instead."""
    scenario = call.scenario
    answer = compose(call, contents_prompt(call.body))
    usage = {"usageMetadata": _usage(call, answer)}
    if answer.tool_calls:
        calls = [
            {"id": f"fc-{item.index}", "name": item.name, "args": json.loads(item.arguments)}
            for item in answer.tool_calls
        ]
        yield {"toolCall": {"functionCalls": calls}} | usage
        return
    sounds = "AUDIO" in str((setup.get("generationConfig") or {}).get("responseModalities"))
    for index, piece in enumerate(answer.pieces):
        if scenario.name in ("stream_error", "disconnect") and index == scenario.after:
            yield None
        yield from _piece(piece, sounds=sounds)
        if scenario.kind == "interrupted" and index == scenario.after:
            yield {"serverContent": {"interrupted": True}}
            break
    else:
        yield {"serverContent": {"generationComplete": True}}
    yield {"serverContent": {"turnComplete": True}} | ({} if scenario.kind == "late" else usage)
    if scenario.kind == "late":
        yield usage


def _piece(piece: str, *, sounds: bool) -> Iterator[Json]:
    if not sounds:
        yield {"serverContent": {"modelTurn": {"parts": [{"text": piece}]}}}
        return
    sound = {"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": _AUDIO}}
    yield {"serverContent": {"modelTurn": {"parts": [sound]}}}
    yield {"serverContent": {"outputTranscription": {"text": piece}}}


def _usage(call: Call, answer: Answer) -> Json:
    tokens = answer.tokens
    return call.billed(
        {
            "promptTokenCount": tokens.input,
            "responseTokenCount": tokens.output,
            "totalTokenCount": tokens.input + tokens.output,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens.input}],
            "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": tokens.output}],
        }
    )


def _break(connection: ServerConnection, scenario: Scenario) -> None:
    if scenario.name == "stream_error":
        connection.close(1011, "Internal error encountered.")
    else:
        connection.socket.shutdown(2)
