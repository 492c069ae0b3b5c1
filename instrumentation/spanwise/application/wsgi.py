"""`WsgiContext`: who a request is from, for every span that it causes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, TypeAlias

from spanwise.application.association import Association, context
from spanwise.pipeline.boundary import shield


Environ: TypeAlias = dict[str, Any]
"""The environment of a WSGI request."""

Who: TypeAlias = Callable[[Environ], "Mapping[str, Any] | None"]
"""Given the environment of a request, keywords of `spanwise.context`; `None` or nothing for a request of nobody."""


class WsgiContext:
    """WSGI middleware: `app = WsgiContext(app, who=lambda environ: {"user": ..., "session": ...})`.

    The context holds while the application makes the response, a streamed body included. When `who` raises, that is
    counted, and the request goes on without a context.

    Args:
        app: the application.
        who: says whom a request is for.
    """

    def __init__(self, app: Callable[[Environ, Any], Iterable[bytes]], *, who: Who) -> None:
        self._app = app
        self._who = who

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Handle one request."""
        said = shield("context", self._who, environ)
        made = shield("context", lambda: context(**said)) if said else None
        if made is None:
            return self._app(environ, start_response)
        with made.inside():
            body = self._app(environ, start_response)
        return body if isinstance(body, list | tuple) else _Body(body, made)


class _Body:
    """A body whose pieces are made inside a context. It has the `close` that WSGI asks for."""

    def __init__(self, body: Iterable[bytes], made: Association) -> None:
        self._body = body
        self._made = made

    def __iter__(self) -> Generator[bytes]:
        with self._made.inside():
            pieces = iter(self._body)
        while True:
            try:
                with self._made.inside():
                    piece = next(pieces)
            except StopIteration:
                return
            yield piece

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            with self._made.inside():
                close()
