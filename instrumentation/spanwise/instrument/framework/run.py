"""`Run`: one step of a framework in progress, between two of its callbacks."""

from __future__ import annotations

from typing import Final

from opentelemetry.context import Context, get_current
from opentelemetry.trace import Span, Status, StatusCode, set_span_in_context

from spanwise.instrument.codec import Attributes
from spanwise.instrument.core.form import Form
from spanwise.instrument.core.orphan import ORPHANS, now_unix_nano
from spanwise.instrument.framework.content import Anything, Simplify, captures, put
from spanwise.instrument.framework.entered import Entered
from spanwise.semconv import attributes as attr


KEY: Final = "spanwise-run"
"""Where the innermost run is in an OpenTelemetry context."""


class Run:
    """A span that one callback opened and another one closes.

    Args:
        span: started.
        form: how its kind is written.
        name: of the tool, agent and so on.
        agent: the name of the agent that it is, or that it belongs to.
    """

    __slots__ = ("_entered", "agent", "ended", "form", "name", "span")

    def __init__(self, span: Span, form: Form, *, name: str, agent: str = "") -> None:
        self.span = span
        self.name = name
        self.form = form
        self.agent = agent
        self.ended = False
        self._entered: Entered | None = None

    def within(self) -> Context:
        """A context in which what starts is part of this run: the current one, where that is inside it already."""
        here = get_current()
        if here.get(KEY) is self:
            return here
        return Context({**set_span_in_context(self.span, here), KEY: self})

    def enter(self) -> None:
        """Its span is current until it ends: for a run whose own code, and nobody else's, runs until then."""
        if self._entered is None:
            self._entered = Entered({**set_span_in_context(self.span), KEY: self})

    def leave(self) -> None:
        """Its span is no longer current."""
        entered, self._entered = self._entered, None
        if entered is not None:
            entered.leave()

    def say(self, attributes: Attributes) -> None:
        """Set attributes."""
        self.span.set_attributes(attributes)

    def given(self, value: Anything, simplify: Simplify | None = None) -> None:
        """What it is given, where content is captured."""
        self.put(self.form.given, value, simplify)

    def made(self, value: Anything, simplify: Simplify | None = None) -> None:
        """What it gives back, where content is captured."""
        self.put(self.form.made, value, simplify)

    def put(self, name: str, value: Anything, simplify: Simplify | None = None) -> None:
        """Any content, where content is captured."""
        if self.span.is_recording() and captures():
            put(self.span, name, value, simplify)

    def fail(self, error_type: str) -> None:
        """It failed. Never the message: that may quote content."""
        self.span.set_attribute(attr.ERROR_TYPE, error_type)
        self.span.set_status(Status(StatusCode.ERROR, error_type))

    def end(self, error: BaseException | None = None) -> None:
        """End the span, once. A generator that was closed has ended well.

        One may be closed by the garbage collector, in the middle of anything: then another thread ends the span.
        """
        if self.ended:
            return
        self.ended = True
        self.leave()
        if isinstance(error, GeneratorExit):
            at_unix_nano = now_unix_nano()
            ORPHANS.ready()
            ORPHANS.put(lambda: self.span.end(at_unix_nano))
            return
        if error is not None:
            self.fail(type(error).__qualname__)
        self.span.end()
