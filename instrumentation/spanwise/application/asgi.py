"""`AsgiContext`: who a request is from, for every span that it causes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from typing import Any, TypeAlias

from spanwise.application.association import context
from spanwise.application.received import NAME, inside, received
from spanwise.pipeline.boundary import shield


Message: TypeAlias = Any
"""A scope, a message or an application of ASGI."""

Who: TypeAlias = Callable[[Message], "Mapping[str, Any] | None"]
"""Given the scope of a request, keywords of `spanwise.context`; `None` or nothing for a request of nobody."""


class AsgiContext:
    """ASGI middleware: `app = AsgiContext(app, who=lambda scope: {"user": ..., "session": ...})`.

    What the policy accepts of the header `baggage` holds where neither `who` nor the application says otherwise.
    `who` is called once for each HTTP request and websocket. When it raises, that is counted, and the request goes on
    without a context.

    Args:
        app: the application.
        who: says whom a request is for; without it, only the header does.
    """

    def __init__(self, app: Callable[[Message, Message, Message], Awaitable[None]], *, who: Who | None = None) -> None:
        self._app = app
        self._who = who

    async def __call__(self, scope: Message, receive: Message, send: Message) -> None:
        """Handle one connection."""
        if scope.get("type") not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = shield("context", _received, scope)
        with inside(given) if given else nullcontext():
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Message, receive: Message, send: Message) -> None:
        said = shield("context", self._who, scope) if self._who is not None else None
        made = shield("context", lambda: context(**said)) if said else None
        if made is None:
            await self._app(scope, receive, send)
            return
        with made.inside():
            await self._app(scope, receive, send)


def _received(scope: Message) -> Mapping[str, object]:
    name = NAME.encode()
    return received(value.decode("latin-1") for key, value in scope.get("headers", ()) if key.lower() == name)
