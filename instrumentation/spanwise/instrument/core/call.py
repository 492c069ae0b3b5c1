"""`Call`: one model call from its request to the end of its response, and the one span it makes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING

import orjson
from opentelemetry.trace import Span
from opentelemetry.trace.status import Status, StatusCode

from spanwise.instrument.codec import Attributes, Codec, Json, Reducer
from spanwise.instrument.codec.account import WORKING
from spanwise.instrument.codec.received_cost import header_cost, settle
from spanwise.instrument.core.capture import Capture
from spanwise.instrument.core.event import emit_details
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


if TYPE_CHECKING:
    from spanwise.budget.exceeded import BudgetExceeded

CURRENT: ContextVar[Call | None] = ContextVar("spanwise_current_call", default=None)
"""The call whose request is being made in this context; what an inner tap of the same SDK reports to."""


MALFORMED = "malformed_response"
"""The `error.type` of a response whose body cannot be read."""


class Call:
    """One call in progress.

    Whoever learns first how it ends, ends it; whatever is reported after that is ignored. Nothing here blocks and
    nothing here is shared between calls.

    Args:
        span: the span, started.
        codec: the dialect of the API.
        owner: the tap that began it; only its hooks report to the call.
        capture: where content goes.
        content: content attributes of the request.
        host: the host that is called.
        hides_usage: whether the usage of the stream was asked for by us, so that the caller must not see it.
        estimated: the request's body, where tokens are to be estimated if the call ends without a count.
        refused: why the call is not to be made.
    """

    __slots__ = ("_body", "_charged", "_content", "_ends", "_headers", "_outcome", "_per_chunk_s", "_response",
                 "_started_s", "attempts", "capture", "codec", "estimated", "first_chunk_s", "hides_usage", "host",
                 "observed", "owner", "refused", "span")  # fmt: skip

    def __init__(  # noqa: PLR0913 - one keyword each for what a call is made of
        self,
        span: Span,
        codec: Codec,
        *,
        owner: object,
        capture: Capture,
        content: Attributes,
        host: str = "",
        hides_usage: bool = False,
        estimated: Json | None = None,
        refused: BudgetExceeded | None = None,
    ) -> None:
        self.span = span
        self.codec = codec
        self.owner = owner
        self.capture = capture
        self.host = host
        self.hides_usage = hides_usage
        self.estimated = estimated
        self.refused = refused
        self.attempts = 0
        self.observed = False
        self.first_chunk_s: float | None = None
        self._per_chunk_s: float | None = None
        self._content = content
        self._response: Attributes = {}
        self._body: Json | None = None
        self._charged: Attributes = {}
        self._headers: Mapping[str, str] | None = None
        self._outcome: str | None = None
        self._started_s = time.perf_counter()
        # A list with one item: taking it out is atomic, so that exactly one end wins.
        self._ends = [self]

    @property
    def ended(self) -> bool:
        """Whether somebody has ended the call."""
        return not self._ends

    def chunk(self) -> None:
        """The first chunk has arrived."""
        self.first_chunk_s = time.perf_counter() - self._started_s

    def chunks(self, count: int) -> None:
        """So many chunks have arrived after the first, the last of them now."""
        if self.first_chunk_s is not None and count > 0:
            self._per_chunk_s = (time.perf_counter() - self._started_s - self.first_chunk_s) / count

    def respond(self, body: bytes) -> bool:
        """Whether a complete response body is JSON. What an object says is taken over; anything else says nothing.

        An array around one object is that object: Hugging Face answers so.
        """
        try:
            parsed = orjson.loads(body)
        except ValueError:
            return False
        if isinstance(parsed, list) and len(parsed) == 1:
            (parsed,) = parsed
        if isinstance(parsed, dict):
            self.say(parsed)
        return True

    def reduce(self, reducer: Reducer, outcome: str) -> None:
        """Take over what a stream said until it ended with `outcome`."""
        self._outcome = outcome
        self.say(reducer.body())
        if reducer.error:
            self._response[attr.ERROR_TYPE] = reducer.error

    def say(self, body: Json) -> None:
        """Take over what a response body says."""
        self._response.update(self.codec.response(body))
        self._body = body if self.estimated is not None else None
        if self.capture is not Capture.NOWHERE:
            self._content.update(self.codec.response_content(body))

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what the headers of a successful response say of its cost: one look-up where they say nothing."""
        self._headers = headers
        self._charged = header_cost(headers)

    def refuse(self, status_code: int, *, error_type: str = "") -> None:
        """The response has a status that says it is none: for taps whose caller gets no exception that tells it better.

        Args:
            status_code: of HTTP, 400 or above.
            error_type: the provider's own word for it, low in cardinality.
        """
        self._response[attr.ERROR_TYPE] = error_type or str(status_code)
        self._response[attr.HTTP_RESPONSE_STATUS_CODE] = status_code

    def distrust(self) -> None:
        """The body of a successful response is none that the API describes: for taps that see no exception for that."""
        self._response[attr.ERROR_TYPE] = MALFORMED

    def end(self, error: BaseException | None = None, *, at_unix_nano: int | None = None) -> None:
        """End the span, once. Attributes are those known by now.

        Args:
            error: what the caller gets instead of a response.
            at_unix_nano: when it ended, where that was earlier than now.
        """
        try:
            self._ends.pop()
        except IndexError:
            return
        found = self._response
        if self.first_chunk_s is not None:
            found[attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = self.first_chunk_s
        if self._per_chunk_s is not None:
            found[attr.SPANWISE_RESPONSE_TIME_PER_OUTPUT_CHUNK] = self._per_chunk_s
        if self._outcome is not None:
            found[attr.SPANWISE_STREAM_OUTCOME] = self._outcome
        if self.attempts > 1:
            found[attr.HTTP_REQUEST_RESEND_COUNT] = self.attempts - 1
        if error is not None:
            _describe(found, error)
        self._settle_cost()
        if self._body is not None:
            self._estimate(self._body)
        # Flags are Python: 1 us for each question, so the usual answer comes first.
        captures = self.capture is not Capture.NOWHERE
        if captures and self.capture & Capture.SPAN:
            found.update(self._content)
        self.span.set_attributes(found)
        if error_type := found.get(attr.ERROR_TYPE):
            # Never the message: providers quote prompts and keys in theirs.
            self.span.set_status(Status(StatusCode.ERROR, str(error_type)))
        if captures and self.capture & Capture.EVENT:
            self._emit(found)
        self.span.end(at_unix_nano)

    def _estimate(self, body: Json) -> None:
        """Estimate the counts that are missing; those of a stream that broke off are too low, if there are any."""
        from spanwise.instrument.core.estimate import INPUT, OUTPUT, tokens_of

        found = self._response
        if found.get(attr.GEN_AI_RESPONSE_STATUS) in WORKING:
            # Whoever fetches the answer is told what it took.
            return
        if attr.GEN_AI_USAGE_INPUT_TOKENS not in found:
            tokens = tokens_of(self.codec.request_content(self.estimated or {}), INPUT)
            if tokens is not None:
                found[attr.GEN_AI_USAGE_INPUT_TOKENS] = tokens
                found[attr.SPANWISE_USAGE_ESTIMATED] = True
        known = found.get(attr.GEN_AI_USAGE_OUTPUT_TOKENS)
        if known is None or self._outcome not in (None, DRAINED):
            tokens = tokens_of(self.codec.response_content(body), OUTPUT)
            if tokens is not None and (not isinstance(known, int) or tokens > known):
                found[attr.GEN_AI_USAGE_OUTPUT_TOKENS] = tokens
                found[attr.SPANWISE_USAGE_ESTIMATED] = True

    def _emit(self, found: Attributes) -> None:
        if self.codec.operation != values.GEN_AI_OPERATION_NAME_EMBEDDINGS:
            emit_details(self.span, {**found, **self._content})

    def _settle_cost(self) -> None:
        """Settle who says what the call cost: the body of the response, or a gateway in its headers.

        Headers of a whole response are about that response and go before its body; those of a stream were sent before
        anything was spent.
        """
        found = self._response
        if self._charged and (self._outcome is None or attr.GEN_AI_USAGE_COST_AMOUNT not in found):
            found.update(self._charged)
        if attr.GEN_AI_USAGE_COST_AMOUNT in found and attr.GEN_AI_USAGE_COST_CURRENCY not in found:
            settle(found, self.host, self._headers)


def _describe(found: Attributes, error: BaseException) -> None:
    found[attr.ERROR_TYPE] = type(error).__qualname__
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and not isinstance(status, bool):
        found[attr.HTTP_RESPONSE_STATUS_CODE] = status


DRAINED = values.SPANWISE_STREAM_OUTCOME_DRAINED
CLOSED = values.SPANWISE_STREAM_OUTCOME_CLOSED
ABANDONED = values.SPANWISE_STREAM_OUTCOME_ABANDONED
CANCELLED = values.SPANWISE_STREAM_OUTCOME_CANCELLED
FAILED = values.SPANWISE_STREAM_OUTCOME_FAILED
