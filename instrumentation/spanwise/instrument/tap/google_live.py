"""Live sessions of the `google-genai` SDK: a span for each response.

A session is watched at its own methods: what it sends begins a response, what it receives goes into it and ends it. How
the session was set up is read, once, from the frame of the SDK's `connect`, which makes it. That the connection is
gone is told by the future that it has for that; no method of it is touched. Audio is never looked at.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, ClassVar, Final, TypeAlias
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import orjson

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import mapping
from spanwise.instrument.codec.gemini_live import GeminiLive, LiveReducer
from spanwise.instrument.codec.gemini_path import model_of
from spanwise.instrument.core.call import ABANDONED, CANCELLED, CLOSED, DRAINED, FAILED, Call
from spanwise.instrument.core.capture import capture
from spanwise.instrument.core.orphan import ORPHANS, now_unix_nano
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.google_client import PORTS, provider_for
from spanwise.instrument.tap.google_input import Send, asked
from spanwise.pipeline.boundary import shield


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""

_LOST: Final = 1006
"""What websockets say of a connection that was not closed but lost."""

_MEDIA: Final = {"server_content": {"model_turn": {"parts": {"__all__": {"inline_data"}}}}}


class LiveHold:
    """The hold on the SDK's sessions.

    Args:
        tap: whose hold it is.
        session: the SDK's class of sessions.
    """

    def __init__(self, tap: Tap, session: Anything) -> None:
        self._tap = tap
        self._sessions: WeakKeyDictionary[Anything, Responses] = WeakKeyDictionary()
        tap.replace(session, "__init__", self._init)
        tap.replace(session, "_receive", self._receive)
        for name in ("send", "send_client_content", "send_realtime_input", "send_tool_response"):
            if name in vars(session):
                tap.replace(session, name, self._send)

    def _init(self, original: Anything) -> Callable[..., None]:
        def init(session: Anything, *args: Anything, **kwargs: Anything) -> None:
            original(session, *args, **kwargs)
            if self._tap.active:
                shield("instrument", self._opened, session, sys._getframe(1))

        return init

    def _opened(self, session: Anything, frame: FrameType) -> None:
        connection = session._ws
        responses = Responses(self._tap, session, frame.f_locals)
        self._sessions[session] = responses

        def lost(_: object) -> None:
            shield("instrument", responses.lost)

        if (waiter := getattr(connection, "connection_lost_waiter", None)) is not None:
            waiter.add_done_callback(lost)

    def _receive(self, original: Anything) -> Callable[..., Anything]:
        async def receive(session: Anything) -> Anything:
            responses = self._sessions.get(session)
            if responses is None:
                return await original(session)
            try:
                message = await original(session)
            except BaseException as error:
                shield("instrument", responses.failed, error)
                raise
            shield("instrument", responses.received, message)
            return message

        return receive

    def _send(self, original: Anything) -> Callable[..., Anything]:
        async def send(session: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            responses = self._sessions.get(session)
            if responses is None:
                return await original(session, *args, **kwargs)
            shield("instrument", responses.sends, Send(original.__name__, args, kwargs))
            try:
                return await original(session, *args, **kwargs)
            except BaseException as error:
                shield("instrument", responses.failed, error)
                raise

        return send


class Responses:
    """The responses of one session, one at a time. Used by the event loop of the session only.

    Args:
        tap: for which they are watched.
        session: the SDK's session; not kept.
        connecting: the variables of the SDK's `connect`, if that is what made the session.
    """

    _CODEC: ClassVar[GeminiLive] = GeminiLive()

    def __init__(self, tap: Tap, session: Anything, connecting: Mapping[str, Anything]) -> None:
        self._tap = tap
        self._connection = session._ws
        self._setup = _setup(session, connecting)
        url = urlsplit(str(connecting.get("uri") or ""))
        self._host = url.hostname or ""
        self._port = (url.port or PORTS.get(url.scheme)) if self._host else None
        self._provider = provider_for(session._api_client, self._host)
        self._call: Call | None = None
        self._reducer = LiveReducer()
        self._done_unix_nano: int | None = None
        self._is_cancelled = False

    def sends(self, sent: Send) -> None:
        """The application sends something; a response begins where that asks for one and none is on its way."""
        contents = asked(sent, with_content=bool(capture()))
        if contents is None:
            return
        self._settle()
        if self._call is None:
            self._begin(contents)

    def received(self, message: Anything) -> None:
        """The server sent `message`."""
        self._is_cancelled = False
        content = message.server_content
        counts = message.usage_metadata is not None
        says = message.tool_call is not None or (
            content is not None
            and (content.model_turn is not None or getattr(content, "output_transcription", None) is not None)
        )
        if self._done_unix_nano is not None and not says:
            # Counts may follow the end that they belong to.
            if counts:
                self._reducer.add(_wire(message))
                self._settle()
            return
        self._settle()
        if self._call is None:
            if not says:
                return
            self._begin([])
        self._take(message, says=says)

    def failed(self, error: BaseException) -> None:
        """Sending or receiving raised `error`. Who cancels one of them may come back for the next."""
        if isinstance(error, asyncio.CancelledError):
            self._is_cancelled = True
        elif self._call is not None:
            self._fail(getattr(self._connection, "close_code", None), type(error).__qualname__)

    def lost(self) -> None:
        """The connection is gone."""
        self._settle()
        if self._call is None:
            return
        protocol: Anything = getattr(self._connection, "protocol", None)
        # Who sent the first frame that closes: the application, whatever the code it leaves with, or the server.
        if getattr(protocol, "close_sent", None) and not getattr(protocol, "close_rcvd_then_sent", None):
            self._end(CANCELLED if self._is_cancelled else CLOSED)
        else:
            self._fail(getattr(self._connection, "close_code", None), str(_LOST))

    def abandon(self) -> None:
        """The process ends."""
        self._settle()
        self._end(ABANDONED)

    def _begin(self, contents: list[Json]) -> None:
        if self._tap.stands_aside(self._CODEC.operation):
            return
        request = {**self._setup, "contents": contents}
        self._call = self._tap.begin(self._CODEC, request, provider=self._provider, host=self._host, port=self._port)
        self._reducer = self._CODEC.reducer()
        ORPHANS.ready()
        ORPHANS.watch(id(self), self.abandon)

    def _take(self, message: Anything, *, says: bool) -> None:
        call, content = self._call, message.server_content
        if call is None:
            return
        if says and call.first_chunk_s is None:
            call.chunk()
        ends = message.tool_call is not None or (
            content is not None and bool(content.turn_complete or content.interrupted)
        )
        if call.capture or ends or message.usage_metadata is not None or getattr(content, "grounding_metadata", None):
            self._reducer.add(_wire(message))
        if ends:
            self._done_unix_nano = now_unix_nano()
            if self._reducer.body().get("usageMetadata"):
                self._settle()

    def _settle(self) -> None:
        """End the response that is complete, with the time at which it was."""
        if self._done_unix_nano is not None:
            self._end(DRAINED, at_unix_nano=self._done_unix_nano)

    def _fail(self, code: int | None, otherwise: str) -> None:
        self._reducer.error = str(code) if code else otherwise
        self._end(FAILED)

    def _end(self, outcome: str, *, at_unix_nano: int | None = None) -> None:
        call, self._call, self._done_unix_nano = self._call, None, None
        if call is not None:
            call.reduce(self._reducer, outcome)
            call.end(at_unix_nano=at_unix_nano)
        ORPHANS.forget(id(self))


def _setup(session: Anything, connecting: Mapping[str, Anything]) -> Json:
    """What the session was set up with, as the server was told."""
    request = connecting.get("request")
    said = mapping(orjson.loads(request)) if isinstance(request, str) else {}
    setup = dict(mapping(said.get("setup")))
    model = setup.get("model") or connecting.get("model")
    if isinstance(model, str):
        setup["model"] = model_of(model)
    if isinstance(identity := getattr(session, "session_id", None), str):
        setup["sessionId"] = identity
    return setup


def _wire(message: Anything) -> Json:
    """A message of the server as it came, without audio and images."""
    return mapping(message.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=_MEDIA))
