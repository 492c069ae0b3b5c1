"""`Peers`: what is known of the other end of a session: its address, the session's id and the version agreed on."""

from __future__ import annotations

from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from spanwise.instrument.codec import Attributes
from spanwise.instrument.framework.mcp_message import protocol_version
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Thing: TypeAlias = Any
"""A session of the SDK, its transport, or the HTTP request that brought a message."""

_SESSION_HEADER: Final = "mcp-session-id"
_LONGEST_ID: Final = 256
_HTTP: Final = "http"


class Peers:
    """What sessions and transports said of themselves. None of them is kept alive."""

    def __init__(self) -> None:
        self._transports: WeakKeyDictionary[Thing, Thing] = WeakKeyDictionary()
        self._versions: WeakKeyDictionary[Thing, str] = WeakKeyDictionary()

    def written(self, stream: Thing, transport: Thing) -> None:
        """What is sent on `stream` goes over this HTTP transport."""
        self._transports[stream] = transport

    def answered(self, session: Thing, result: Thing) -> None:
        """The answer to `initialize`, of any session; other answers say nothing."""
        if version := protocol_version(result):
            self._versions[session] = version

    def called(self, session: Thing) -> Attributes:
        """Of the peer that a session sends to."""
        said = self._version(session)
        stream = getattr(session, "_write_stream", None)
        transport = self._transports.get(stream) if stream is not None else None
        if transport is not None:
            url = urlsplit(str(getattr(transport, "url", "")))
            said.update(_http(getattr(transport, "session_id", None)))
            if url.hostname:
                said[attr.SERVER_ADDRESS] = url.hostname
                said[attr.SERVER_PORT] = url.port or (443 if url.scheme == "https" else 80)
        return said

    def calling(self, session: Thing, metadata: Thing) -> Attributes:
        """Of the peer whose message a session got.

        Args:
            session: that got it.
            metadata: the SDK's, with the HTTP request that brought the message, where one did and the SDK tells.
        """
        said = self._version(session)
        request = getattr(metadata, "request_context", None)
        headers = getattr(request, "headers", None)
        if headers is not None:
            said.update(_http(headers.get(_SESSION_HEADER)))
            client = getattr(request, "client", None)
            if client is not None and getattr(client, "host", None):
                said[attr.CLIENT_ADDRESS] = str(client.host)
                said[attr.CLIENT_PORT] = int(client.port)
        return said

    def _version(self, session: Thing) -> Attributes:
        version = self._versions.get(session)
        return {attr.MCP_PROTOCOL_VERSION: version} if version else {}


def _http(session_id: Thing) -> Attributes:
    said: Attributes = {
        attr.NETWORK_TRANSPORT: values.NETWORK_TRANSPORT_TCP,
        attr.NETWORK_PROTOCOL_NAME: _HTTP,
    }
    if isinstance(session_id, str) and 0 < len(session_id) <= _LONGEST_ID:
        said[attr.MCP_SESSION_ID] = session_id
    return said
