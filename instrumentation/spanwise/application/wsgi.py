"""`WsgiContext`: who a request is from, for every span that it causes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias

from spanwise.application.association import Association, context
from spanwise.application.received import NAME, inside, received
from spanwise.pipeline.boundary import shield


Environ: TypeAlias = dict[str, Any]
"""The environment of a WSGI request."""

Who: TypeAlias = Callable[[Environ], "Mapping[str, Any] | None"]
"""Given the environment of a request, keywords of `spanwise.context`; `None` or nothing for a request of nobody."""


class WsgiContext:
    """WSGI middleware: `app = WsgiContext(app, who=lambda environ: {"user": ..., "session": ...})`.

    What the policy accepts of the header `baggage` holds where neither `who` nor the application says otherwise.
    The context holds while the application makes the response, a streamed body included. When `who` raises, that is
    counted, and the request goes on without a context.

    Args:
        app: the application.
        who: says whom a request is for; without it, only the header does.
    """

    def __init__(self, app: Callable[[Environ, Any], Iterable[bytes]], *, who: Who | None = None) -> None:
        self._app = app
        self._who = who

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Handle one request."""
        given = shield("context", _received, environ)
        said = shield("context", self._who, environ) if self._who is not None else None
        made = shield("context", lambda: context(**said)) if said else None
        if made is None and not given:
            return self._app(environ, start_response)
        around = _Around(given or {}, made)
        with around.inside():
            body = self._app(environ, start_response)
        return body if isinstance(body, list | tuple) else _Body(body, around)


def _received(environ: Environ) -> Mapping[str, object]:
    header = environ.get(f"HTTP_{NAME.upper()}")
    return received([header]) if isinstance(header, str) else {}


class _Around:
    """What another process has said of a request, and inside it what `who` has."""

    def __init__(self, given: Mapping[str, object], made: Association | None) -> None:
        self._given = given
        self._made = made

    @contextmanager
    def inside(self) -> Generator[None]:
        with ExitStack() as stack:
            if self._given:
                stack.enter_context(inside(self._given))
            if self._made is not None:
                stack.enter_context(self._made.inside())
            yield


class _Body:
    """A body whose pieces are made inside a context. It has the `close` that WSGI asks for."""

    def __init__(self, body: Iterable[bytes], made: _Around) -> None:
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
