"""`Started`: a call whose request is being made."""

from __future__ import annotations

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
        self._leave()
        if self.call is not None and not self.call.observed:
            self.call.end()

    def fail(self, error: BaseException) -> None:
        """The SDK raised."""
        self._leave()
        if self.call is not None:
            self.call.end(error)

    def _leave(self) -> None:
        if self._current is not None:
            CURRENT.reset(self._current)
        if self._context is not None:
            context_api.detach(self._context)
