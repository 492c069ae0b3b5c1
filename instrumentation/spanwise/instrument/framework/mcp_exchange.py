"""`Exchange`: one request of the Model Context Protocol with its answer, as one side sees it."""

from __future__ import annotations

from contextlib import suppress
from contextvars import Token
from typing import Any, TypeAlias

from opentelemetry import context as context_api
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, Tracer, set_span_in_context

from spanwise.instrument.codec import Attributes
from spanwise.instrument.framework.content import captures, put
from spanwise.instrument.framework.mcp_message import arguments, failure, made, named
from spanwise.semconv import attributes as attr


Message: TypeAlias = Any
"""A request, a result or an error of the SDK."""


class Exchange:
    """A request in progress: its span is current until `end`.

    Args:
        tracer: makes the span.
        request: as it is sent, or came.
        serves: whether this side answers it.
        attributes: of the peer and of the id of the request.
        context: that the span belongs to; the current one by default.
        links: of the span.
    """

    __slots__ = ("_serves", "_span", "_token")

    def __init__(  # noqa: PLR0913 - one keyword each for what a span begins with
        self,
        tracer: Tracer,
        request: Message,
        *,
        serves: bool,
        attributes: Attributes,
        context: Context | None = None,
        links: list[Link] | None = None,
    ) -> None:
        name, said = named(request)
        self._serves = serves
        self._span = tracer.start_span(
            name,
            context=context,
            kind=SpanKind.SERVER if serves else SpanKind.CLIENT,
            attributes={**said, **attributes},
            links=links or None,
        )
        given = arguments(request) if self._span.is_recording() and captures() else None
        if given is not None:
            put(self._span, attr.GEN_AI_TOOL_CALL_ARGUMENTS, given)
        self._token: Token[Context] | None = context_api.attach(set_span_in_context(self._span, context))

    def answer(self, answer: Message) -> None:
        """What was answered: a result, or an error of JSON-RPC. Its message is never kept: it may quote content."""
        said = failure(answer, serves=self._serves)
        self._span.set_attributes(said)
        if error_type := said.get(attr.ERROR_TYPE):
            self._span.set_status(Status(StatusCode.ERROR, str(error_type)))
        if self._span.is_recording() and captures() and (content := made(answer)) is not None:
            put(self._span, attr.GEN_AI_TOOL_CALL_RESULT, content)

    def fail(self, error: BaseException) -> None:
        """It ended with an exception. One that carries an error of JSON-RPC is that answer."""
        told = getattr(error, "error", None)
        if told is not None and failure(told, serves=self._serves):
            self.answer(told)
            return
        error_type = type(error).__qualname__
        self._span.set_attribute(attr.ERROR_TYPE, error_type)
        self._span.set_status(Status(StatusCode.ERROR, error_type))

    def end(self) -> None:
        """It is over, and not current any more."""
        token, self._token = self._token, None
        if token is not None:
            with suppress(ValueError):  # left in another context than it was entered in
                token.var.reset(token)
        self._span.end()
