"""The hold on `mcp`: where sessions send a request, and where they and servers answer one."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from importlib.metadata import version
from types import ModuleType
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.core.tap import Tap
from spanwise.instrument.framework.mcp_carrier import carried, carrying
from spanwise.instrument.framework.mcp_exchange import Exchange
from spanwise.instrument.framework.mcp_message import method_of, unwrapped
from spanwise.instrument.framework.mcp_peer import Peers
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Sessions, requests and responders of the SDK."""

_OWN_SPANS: Final = 2
"""The first major version with spans of its own, of the same names and attributes."""

_ANSWERING: Final[ContextVar[Exchange | None]] = ContextVar("spanwise_mcp_answering", default=None)
"""The request that is answered in this task."""


def tap(tracer: Tracer) -> McpTap:
    """The tap of the Model Context Protocol."""
    return McpTap(tracer)


class McpTap(Tap):
    """Spans around requests, on the side that asks (either peer may) and on the one that answers."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._peers = Peers()

    def open(self, module: ModuleType) -> None:
        """Take hold of the classes in `module`; of none where the SDK makes these spans itself."""
        if int(version("mcp").partition(".")[0]) >= _OWN_SPANS:
            return
        home = module.__name__.removeprefix("mcp.")
        if home == "shared.session":
            self.replace(module.BaseSession, "send_request", self._asks)
            self.replace(module.RequestResponder, "respond", self._responds)
        elif home == "client.session":
            self.replace(module.ClientSession, "_received_request", self._received)
        elif home == "client.streamable_http":
            self.replace(module.StreamableHTTPTransport, "post_writer", self._writes)
        elif home == "server.session":
            self.replace(module.ServerSession, "_received_request", self._initialized)
        elif home == "server.lowlevel.server":
            self.replace(module.Server, "_handle_request", self._handles)

    def _asks(self, original: Anything) -> Anything:
        async def send_request(session: Anything, request: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            exchange = shield("instrument", self._ask, session, request) if self.active else None
            if exchange is None:
                return await original(session, request, *args, **kwargs)
            request = shield("instrument", carrying, request) or request
            try:
                result = await original(session, request, *args, **kwargs)
            except BaseException as error:
                shield("instrument", exchange.fail, error)
                shield("instrument", exchange.end)
                raise
            shield("instrument", exchange.answer, result)
            shield("instrument", self._peers.answered, session, result)
            shield("instrument", exchange.end)
            return result

        return send_request

    def _ask(self, session: Anything, request: Anything) -> Exchange:
        said = self._peers.called(session)
        said[attr.JSONRPC_REQUEST_ID] = str(session._request_id)
        return Exchange(self.tracer, request, serves=False, attributes=said)

    def _received(self, original: Anything) -> Anything:
        """A client answers what a server asks: for a model's word, the user's, its roots."""

        async def received(session: Anything, responder: Anything) -> Anything:
            return await self._answering(session, responder, lambda: original(session, responder))

        return received

    def _initialized(self, original: Anything) -> Anything:
        """A server's session answers `initialize` itself, and leaves the rest to the server."""

        async def received(session: Anything, responder: Anything) -> Anything:
            if method_of(getattr(responder, "request", None)) != values.MCP_METHOD_NAME_INITIALIZE:
                return await original(session, responder)
            return await self._answering(session, responder, lambda: original(session, responder))

        return received

    def _handles(self, original: Anything) -> Anything:
        async def handle(
            server: Anything, message: Anything, req: Anything, session: Anything, *args: Anything, **kwargs: Anything
        ) -> Anything:
            return await self._answering(
                session, message, lambda: original(server, message, req, session, *args, **kwargs)
            )

        return handle

    async def _answering(self, session: Anything, responder: Anything, go: Callable[[], Anything]) -> Anything:
        exchange = shield("instrument", self._serve, session, responder) if self.active else None
        if exchange is None:
            return await go()
        token = _ANSWERING.set(exchange)
        try:
            return await go()
        except BaseException as error:
            shield("instrument", exchange.fail, error)
            raise
        finally:
            _ANSWERING.reset(token)
            shield("instrument", exchange.end)

    def _serve(self, session: Anything, responder: Anything) -> Exchange:
        request = responder.request
        context, links = carried(getattr(getattr(unwrapped(request), "params", None), "meta", None))
        said = self._peers.calling(session, getattr(responder, "message_metadata", None))
        said[attr.JSONRPC_REQUEST_ID] = str(responder.request_id)
        return Exchange(self.tracer, request, serves=True, attributes=said, context=context, links=links)

    def _responds(self, original: Anything) -> Anything:
        async def respond(responder: Anything, response: Anything) -> Anything:
            exchange = _ANSWERING.get() if self.active else None
            if exchange is not None:
                shield("instrument", exchange.answer, response)
                shield("instrument", self._peers.answered, responder._session, response)
            return await original(responder, response)

        return respond

    def _writes(self, original: Anything) -> Anything:
        async def post_writer(transport: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if self.active:
                shield("instrument", self._written, transport, args, kwargs)
            return await original(transport, *args, **kwargs)

        return post_writer

    def _written(self, transport: Anything, args: tuple[Anything, ...], kwargs: dict[str, Anything]) -> None:
        stream = kwargs.get("write_stream", args[3] if len(args) > 3 else None)
        if stream is not None:
            self._peers.written(stream, transport)
