"""`Asked`: a model that a framework asks, whose span is made nearer to the provider, or here where nobody made one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Tracer

from spanwise.instrument.codec import Attributes
from spanwise.instrument.core.capture import Capture, capture
from spanwise.instrument.core.event import emit_details
from spanwise.instrument.core.witness import KEY, Sighting, Witness, latest, present, tell
from spanwise.instrument.framework.entered import Entered
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.instrument.framework.run import Run


class Asked:
    """A model call in progress. It has no span until its end, and then one only if no instrumentation made one inside.

    Args:
        tracer: makes the span.
        parent: the run around it.
        context: where its span, or that of the provider's SDK, belongs.
        name: of the span.
        attributes: of the request.
    """

    __slots__ = ("_context", "_entered", "_name", "_said", "_started_s", "_started_unix_nano", "_tracer", "_unread",
                 "_witness", "content", "first_chunk_s", "parent")  # fmt: skip

    def __init__(
        self, tracer: Tracer, parent: Run | None, context: Context, *, name: str, attributes: Attributes
    ) -> None:
        self.parent = parent
        self.content: Attributes = {}
        self.first_chunk_s: float | None = None
        self._tracer = tracer
        self._context = context
        self._name = name
        self._said = attributes
        self._started_unix_nano = time.time_ns()
        self._started_s = time.perf_counter()
        self._unread: Sighting | bool | None = False
        self._witness = Witness(present())
        self._entered: Entered | None = Entered({**context, KEY: self._witness})

    def chunk(self) -> None:
        """The first chunk is here: the request was made, and what runs from now on may be the application."""
        if self.first_chunk_s is None:
            self.first_chunk_s = time.perf_counter() - self._started_s
            self.leave()

    def returned(self) -> None:
        """It returned a stream before it asked: its first chunk will ask, where and when somebody reads it."""
        self._unread = latest()
        self.leave()

    def read(self) -> None:
        """A chunk of such a stream is here, read in this context: whoever asked here since then asked for it."""
        before, self._unread = self._unread, False
        if before is False:
            return
        call, model = latest(), self._said.get(attr.GEN_AI_REQUEST_MODEL, "")
        if call is not None and call is not before and call.model in ("", model):
            self._witness.see()
        else:
            tell(str(model))  # one that hands on the chunks of another learns that this one has a span
        self.chunk()

    @property
    def unread(self) -> bool:
        """Whether it returned a stream that nobody read: nobody was asked."""
        return self._unread is not False

    @property
    def seen(self) -> bool:
        """Whether somebody nearer to the provider made a span."""
        return self._witness.seen

    def leave(self) -> None:
        """The context is no longer inside."""
        entered, self._entered = self._entered, None
        if entered is not None:
            entered.leave()

    def missed(self) -> Span | None:
        """At its end: a span that began with it, if nobody nearer to the provider made one, to `finish`."""
        if self._witness.seen or self.unread:
            return None
        self._witness.see()
        return self._tracer.start_span(
            self._name,
            context=self._context,
            kind=SpanKind.CLIENT,
            attributes=self._said,
            start_time=self._started_unix_nano,
        )

    def abandon(self) -> None:
        """Nobody tells its end."""
        self.leave()
        if (span := self.missed()) is not None:
            self.finish(span, {})

    def finish(self, span: Span, found: Attributes, *, at_unix_nano: int | None = None) -> None:
        """End the span that was missed with what the framework told of the response."""
        if self.first_chunk_s is not None:
            found[attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = self.first_chunk_s
            found[attr.GEN_AI_REQUEST_STREAM] = True
        mode = capture() if span.is_recording() else Capture.NOWHERE
        span.set_attributes({**found, **self.content} if mode & Capture.SPAN else found)
        if mode & Capture.EVENT:
            emit_details(span, {**found, **self.content})
        span.end(at_unix_nano)
