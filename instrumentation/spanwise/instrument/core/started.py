"""`Started`: a call whose request is being made."""

from __future__ import annotations

from contextlib import suppress
from contextvars import Token
from typing import Any, TypeAlias

from opentelemetry import context as context_api
from opentelemetry.trace import set_span_in_context

from spanwise.instrument.core.call import CURRENT, Call
from spanwise.instrument.core.standing import watching


Anything: TypeAlias = Any
"""An argument of an SDK's method, which need not be installed where this is checked."""


class Started:
    """A call whose request is being made: its span is current until the SDK returns.

    Args:
        call: the call; `None` where somebody else has the span, then this only passes the arguments on.
        args: what the SDK's method gets by position.
        kwargs: what it gets by name.
    """

    __slots__ = ("_context", "_current", "args", "call", "kwargs")

    def __init__(self, call: Call | None, args: tuple[Anything, ...], kwargs: dict[str, Anything]) -> None:
        self.call = call
        self.args = args
        self.kwargs = kwargs
        self._context: Token[context_api.Context] | None = None
        self._current: Token[Call | None] | None = None
        if call is not None:
            self._context = context_api.attach(watching(set_span_in_context(call.span), call.codec.operation))
            self._current = CURRENT.set(call)

    def finish(self) -> None:
        """The SDK returned. Ends the call unless its body is still to be read."""
        self.leave()
        if self.call is not None and not self.call.observed:
            self.call.end()

    def fail(self, error: BaseException) -> None:
        """The SDK raised."""
        self.leave()
        if self.call is not None:
            self.call.end(error)

    def leave(self) -> None:
        """The span is no longer current. This may be said again, and does not raise."""
        current, self._current = self._current, None
        context, self._context = self._context, None
        if current is not None:
            with suppress(ValueError):  # left in another context than it was entered in
                CURRENT.reset(current)
        if context is not None:
            context_api.detach(context)
