"""Connections of the `openai` SDK: realtime, its beta, and responses over a websocket.

Whatever the application does with a connection, iterates it, receives or registers handlers, passes its `recv_bytes`;
what it sends passes `send_raw`, or `send` where there is none.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.body.websocket import Session
from spanwise.instrument.codec import Codec, Json, OpenAIResponses
from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.field import mapping, text
from spanwise.instrument.codec.openai_realtime import OpenAIRealtime, realtime_error
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.core.tap import Tap
from spanwise.pipeline.boundary import shield
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""

_REALTIME: Final = ("RealtimeConnection", "AsyncRealtimeConnection")
_RESPONSES: Final = ("ResponsesConnection", "AsyncResponsesConnection")


class WebsocketTap(Tap):
    """The hold on the classes of connections.

    Args:
        tracer: makes the spans.
        accounts: where usage is noted that can be fetched again.
    """

    def __init__(self, tracer: Tracer, accounts: Accounts) -> None:
        super().__init__(tracer)
        self._realtime = OpenAIRealtime()
        self._responses = OpenAIResponses(accounts)
        self._sessions: weakref.WeakKeyDictionary[Anything, Session] = weakref.WeakKeyDictionary()

    def open(self, module: ModuleType) -> None:
        """Take hold of the connections that `module` defines."""
        for name in (*_REALTIME, *_RESPONSES):
            kind = vars(module).get(name)
            if kind is None:
                continue
            is_async, talks = name.startswith("Async"), name in _REALTIME
            received = self._receives_async(talks=talks) if is_async else self._receives(talks=talks)
            self.replace(kind, "recv_bytes", received)
            # Newer releases have these in a base that all connections share; it is held once.
            self._hold(kind, "close", self._closes)
            self._hold(kind, "send_raw" if hasattr(kind, "send_raw") else "send", self._sends)

    def _hold(self, kind: Anything, name: str, make: Callable[[Anything], Anything]) -> None:
        owner = next((base for base in kind.__mro__ if name in vars(base)), None)
        if owner is not None and getattr(vars(owner)[name], "_spanwise_tap", None) is not self:
            self.replace(owner, name, make)

    def _receives(self, *, talks: bool) -> Callable[[Anything], Anything]:
        def make(original: Anything) -> Anything:
            def recv_bytes(connection: Anything, *args: Anything, **kwargs: Anything) -> Anything:
                try:
                    data = original(connection, *args, **kwargs)
                except Exception as error:
                    shield("instrument", self._broke, connection, error)
                    raise
                shield("instrument", self._received, connection, data, talks)
                return data

            return recv_bytes

        return make

    def _receives_async(self, *, talks: bool) -> Callable[[Anything], Anything]:
        def make(original: Anything) -> Anything:
            async def recv_bytes(connection: Anything, *args: Anything, **kwargs: Anything) -> Anything:
                try:
                    data = await original(connection, *args, **kwargs)
                except Exception as error:
                    shield("instrument", self._broke, connection, error)
                    raise
                shield("instrument", self._received, connection, data, talks)
                return data

            return recv_bytes

        return make

    def _closes(self, original: Anything) -> Callable[..., Anything]:
        # Async connections get a coroutine back from the original: it passes through untouched.
        def close(connection: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if (session := self._sessions.pop(connection, None)) is not None:
                shield("instrument", session.closed)
            return original(connection, *args, **kwargs)

        return close

    def _sends(self, original: Anything) -> Callable[..., Anything]:
        def send(connection: Anything, data: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if self.active:
                shield("instrument", self._sent, connection, data)
            return original(connection, data, *args, **kwargs)

        return send

    def _received(self, connection: Anything, data: bytes, talks: bool) -> None:  # noqa: FBT001 - passed by `shield`
        if self.active:
            self._session(connection, talks=talks).received(data)

    def _sent(self, connection: Anything, data: Anything) -> None:
        name = type(connection).__name__
        if name not in _REALTIME and name not in _RESPONSES:
            return
        session = self._session(connection, talks=name in _REALTIME)
        if isinstance(data, str | bytes):
            session.sent(data)
        elif isinstance(data, Mapping):
            session.asked(data)
        elif getattr(data, "type", None) == "response.create" and hasattr(data, "model_dump"):
            session.asked(data.model_dump(exclude_unset=True))

    def _broke(self, connection: Anything, error: Exception) -> None:
        """Receiving raised. Only the end of the connection is one of its responses; a time-out may be tried again."""
        if not type(error).__name__.startswith("ConnectionClosed"):
            return
        if (session := self._sessions.pop(connection, None)) is not None:
            if type(error).__name__ == "ConnectionClosedOK":
                session.closed()
            else:
                session.failed(error)

    def _session(self, connection: Anything, *, talks: bool) -> Session:
        found = self._sessions.get(connection)
        if found is None:
            codec: Codec = self._realtime if talks else self._responses
            provider, host, port = _peer(connection)

            def begin(request: Json) -> Call | None:
                if self.stands_aside(codec.operation):
                    return None
                return self.begin(codec, request, provider=provider, host=host, port=port)

            failure = realtime_error if talks else _response_error
            found = self._sessions[connection] = Session(begin, failure, settles_errors=not talks)
            weakref.finalize(connection, found.abandon).atexit = False
        return found


def _response_error(body: Json) -> str | None:
    if body.get("status") != values.GEN_AI_RESPONSE_STATUS_FAILED:
        return None
    return text(mapping(body.get("error")).get("code")) or "response_failed"


def _peer(connection: Anything) -> tuple[str, str, int | None]:
    """Provider, host and port, from the handshake of the websocket."""
    inner = connection._connection
    request = getattr(inner, "request", None)
    headers = getattr(request, "headers", None) or {}
    host, _, port = str(headers.get("Host") or "").partition(":")
    if not host:
        return values.GEN_AI_PROVIDER_NAME_OPENAI, "", None
    protocol = getattr(inner, "protocol", None)
    uri = getattr(protocol, "uri", None) or getattr(protocol, "wsuri", None)
    default = 443 if getattr(uri, "secure", True) else 80
    return provider_of(host, values.GEN_AI_PROVIDER_NAME_OPENAI), host, int(port) if port.isdecimal() else default
