"""`AsgiContext`: who a request is from, for every span that it causes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from spanwise.application.association import context
from spanwise.pipeline.boundary import shield


Message: TypeAlias = Any
"""A scope, a message or an application of ASGI."""

Who: TypeAlias = Callable[[Message], "Mapping[str, Any] | None"]
"""Given the scope of a request, keywords of `spanwise.context`; `None` or nothing for a request of nobody."""


class AsgiContext:
    """ASGI middleware: `app = AsgiContext(app, who=lambda scope: {"user": ..., "session": ...})`.

    `who` is called once for each HTTP request and websocket. When it raises, that is counted, and the request goes on
    without a context.

    Args:
        app: the application.
        who: says whom a request is for.
    """

    def __init__(self, app: Callable[[Message, Message, Message], Awaitable[None]], *, who: Who) -> None:
        self._app = app
        self._who = who

    async def __call__(self, scope: Message, receive: Message, send: Message) -> None:
        """Handle one connection."""
        said = shield("context", self._who, scope) if scope.get("type") in {"http", "websocket"} else None
        made = shield("context", lambda: context(**said)) if said else None
        if made is None:
            await self._app(scope, receive, send)
            return
        with made.inside():
            await self._app(scope, receive, send)
