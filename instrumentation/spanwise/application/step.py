"""`Step`: one step of an application in progress."""

from __future__ import annotations

import traceback
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, Final, Self, TypeAlias

from opentelemetry import context as context_api
from opentelemetry.trace import Span, Status, StatusCode, get_tracer, set_span_in_context
from opentelemetry.util.types import AttributeValue

from spanwise.application.kind import FORMS
from spanwise.application.leaving import leave
from spanwise.application.value import complain, plain, told
from spanwise.instrument.core.capture import Capture, capture
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr
from spanwise.semconv.schema import SCHEMA_URL


Anything: TypeAlias = Any
"""What the application's functions take and return."""

MOST_CONTENT: Final = 64 * 1024
"""Characters of JSON that are kept of an input or output; what is longer is left out, and the span says so."""

_RECORDED: Final[ContextVar[tuple[int, type] | None]] = ContextVar("spanwise_recorded_error", default=None)
"""The error that was recorded last in this context: while it passes through outer steps, it is that one."""


class Step:
    """One step in progress: a span that is current inside, and ends once.

    `with observe.step("rerank", kind="rerank") as step: ...; step.output(ranked)`. The exception that leaves the block
    is recorded, once, and goes on. What is said of input and output is kept only where message content is captured.
    """

    __slots__ = ("_ended", "_name", "_said", "_tokens", "kind", "span")

    def __init__(self, name: str, kind: str, attributes: Mapping[str, AttributeValue]) -> None:
        self._name = name
        self.kind = kind
        self._said = attributes
        self._tokens: list[Token[context_api.Context]] = []
        self._ended = False
        self.span: Span | None = None

    def __enter__(self) -> Self:
        shield("context", self.start)
        self._tokens.append(self._attach())
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        leave(self._tokens.pop())
        shield("context", self.end, error)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        self.__exit__(kind, error, traceback)

    def input(self, value: Anything) -> None:
        """What the step is given, as JSON; for a retrieval the text of the query."""
        self._content(FORMS[self.kind].given, value)

    def output(self, value: Anything) -> None:
        """What the step gives back, as JSON; for a retrieval the documents, see `documents`."""
        self._content(FORMS[self.kind].made, value)

    def documents(self, documents: Sequence[Mapping[str, Anything]], *, top_k: int | None = None) -> None:
        """What a retrieval found: mappings with `id`, `score` and, if you like, `content` and more.

        Args:
            documents: kept only where content is captured.
            top_k: most documents asked for; kept always.
        """
        if top_k is not None and self.span is not None:
            self.span.set_attribute(attr.GEN_AI_RETRIEVAL_TOP_K, top_k)
        self._content(attr.GEN_AI_RETRIEVAL_DOCUMENTS, [dict(document) for document in documents])

    def set(self, **metadata: Anything) -> None:
        """Anything else of the step, as `spanwise.metadata.<key>`."""
        for key, value in metadata.items():
            if self.span is not None and (made := plain(f"step.set({key}=)", value)) is not None:
                self.span.set_attribute(f"{attr.SPANWISE_METADATA}.{key}", made)

    def start(self) -> None:
        """Start the span; its parent is the current one."""
        form = FORMS[self.kind]
        given: dict[str, AttributeValue] = {form.named: self._name, **self._said}
        if form.operation:
            given[attr.GEN_AI_OPERATION_NAME] = form.operation
        else:
            given[attr.SPANWISE_OBSERVE_KIND] = self.kind
        tracer = get_tracer("spanwise.application", schema_url=SCHEMA_URL)
        name = f"{form.operation or self.kind} {self._name}"
        self.span = tracer.start_span(name, kind=form.span_kind, attributes=given)

    @contextmanager
    def inside(self) -> Generator[None]:
        """The span is current."""
        token = self._attach()
        try:
            yield
        finally:
            leave(token)

    def end(self, error: BaseException | None = None, *, at_unix_nano: int | None = None) -> None:
        """End the span, once.

        Args:
            error: what the step ended with. A generator that was closed has ended well.
            at_unix_nano: when it ended, where that was earlier than now.
        """
        if self._ended or self.span is None:
            return
        self._ended = True
        if error is not None and not isinstance(error, GeneratorExit):
            self.span.set_attribute(attr.ERROR_TYPE, type(error).__qualname__)
            # Never the message, which may quote content.
            self.span.set_status(Status(StatusCode.ERROR, type(error).__qualname__))
            self._record(error)
        self.span.end(at_unix_nano)

    def _record(self, error: BaseException) -> None:
        """An event for `error`, on the innermost step that it leaves. What it says is content; where it was is not."""
        mark = (id(error), type(error))
        if self.span is None or _RECORDED.get() == mark:
            return
        _RECORDED.set(mark)
        said: dict[str, AttributeValue] = {
            attr.EXCEPTION_TYPE: type(error).__qualname__,
            attr.EXCEPTION_STACKTRACE: "".join(traceback.format_tb(error.__traceback__))[-MOST_CONTENT:],
        }
        if capture():
            said[attr.EXCEPTION_MESSAGE] = str(error)[:MOST_CONTENT]
        self.span.add_event("exception", said)

    def _attach(self) -> Token[context_api.Context]:
        span = self.span
        return context_api.attach(context_api.get_current() if span is None else set_span_in_context(span))

    def _content(self, name: str, value: Anything) -> None:
        if self.span is None or not self.span.is_recording() or not capture() & Capture.SPAN:
            return
        text = value if isinstance(value, str) else told(value)
        if text is None:
            complain(f"{self.kind} {self._name!r}", f"a value of type {type(value).__name__}", "what JSON can say")
        elif len(text) > MOST_CONTENT:
            self.span.set_attribute(attr.SPANWISE_CONTENT_DROPPED, f"longer than {MOST_CONTENT} characters")
        else:
            self.span.set_attribute(name, text)
