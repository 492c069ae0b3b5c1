"""`Asking`: a judge's request in the dialect of its endpoint, and its answer as a span with a price."""

from __future__ import annotations

import json
import random
import time
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.trace import SpanKind
from opentelemetry.trace.status import StatusCode

from spanwise.evaluate.endpoint import Answer, Json, post
from spanwise.evaluate.example import Example
from spanwise.evaluate.judge import ANTHROPIC, Judge
from spanwise.evaluate.judgement import Judgement, read_answer
from spanwise.instrument.codec import Codec
from spanwise.pipeline.boundary import shield
from spanwise.record import AttributeValue, Link, Resource, Scope, SpanRecord, Step
from spanwise.semconv import attributes as attr
from spanwise.store.row import cost_amount


SCOPE: Final = "spanwise.evaluate"
_VERSION_OF_MESSAGES: Final = "2023-06-01"
_FRAME_TOKENS: Final = 64
"""Tokens that a chat's own marks take, at most."""
_BYTES_PER_TOKEN: Final = 4
"""Of English; only for the estimate that `--dry-run` tells."""


class Asking:
    """Asks one judge. May be used from several threads.

    Args:
        judge: whom.
        key: its key; empty for none.
        price: the cost step.
        run: the run of evaluations, which marks the spans.
    """

    def __init__(self, judge: Judge, *, key: str, price: Step, run: str) -> None:
        self._judge = judge
        self._key = key
        self._price = price
        self._run = run
        self._codec = _codec(judge)
        self._ids = random.SystemRandom()

    def __call__(self, example: Example) -> Judgement:
        """What the judge says of `example`; its failures are judgements without a value."""
        body = self._body(example)
        start_ns = time.time_ns()
        answer = post(self._url(), self._headers(), body)
        span = self._span(example, body, answer, start_ns)
        if answer.error_type:
            return Judgement(error_type=answer.error_type, span=span)
        said = read_answer(self._text(answer.body), self._judge)
        return Judgement(said.value, said.label, said.reason, said.error_type, span)

    def most_usd(self, example: Example) -> Decimal | None:
        """What the call costs at most: every byte a token, every token of the answer used; `None` without a price."""
        return self._worth(_size(self._judge.request(example)) + _FRAME_TOKENS, self._judge.max_tokens)

    def about_usd(self, example: Example) -> Decimal | None:
        """What the call will cost, an estimate: four bytes a token, a third of the answer's limit."""
        tokens = _size(self._judge.request(example)) // _BYTES_PER_TOKEN + _FRAME_TOKENS
        return self._worth(tokens, self._judge.max_tokens // 3)

    def _worth(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        span = self._record(time.time_ns())
        span.attributes[attr.GEN_AI_REQUEST_MODEL] = self._judge.model
        span.attributes[attr.GEN_AI_USAGE_INPUT_TOKENS] = input_tokens
        span.attributes[attr.GEN_AI_USAGE_OUTPUT_TOKENS] = output_tokens
        return usd(self._priced(span))

    def _priced(self, span: SpanRecord) -> SpanRecord:
        return shield("cost", self._price, span) or span

    def _record(self, start_ns: int) -> SpanRecord:
        address = urlsplit(self._judge.endpoint)
        attributes: dict[str, AttributeValue] = {
            attr.GEN_AI_OPERATION_NAME: self._codec.operation,
            attr.GEN_AI_PROVIDER_NAME: self._judge.provider,
            attr.SERVER_ADDRESS: address.hostname or "",
            attr.SPANWISE_EVALUATION_RUN: self._run,
        }
        if address.port:
            attributes[attr.SERVER_PORT] = address.port
        return SpanRecord(
            f"{self._codec.operation} {self._judge.model}",
            self._ids.getrandbits(128) or 1,
            self._ids.getrandbits(64) or 1,
            kind=SpanKind.CLIENT,
            start_unix_nano=start_ns,
            end_unix_nano=time.time_ns(),
            attributes=attributes,
            resource=Resource({attr.SERVICE_NAME: SCOPE}),
            scope=Scope(SCOPE),
        )

    def _span(self, example: Example, body: Json, answer: Answer, start_ns: int) -> SpanRecord:
        span = self._record(start_ns)
        span.links.append(Link(example.call.trace_id, example.call.span_id))
        span.attributes.update(self._codec.request(body))
        span.attributes.update(self._codec.response(answer.body) if answer.body else {})
        if answer.error_type:
            span.attributes[attr.ERROR_TYPE] = answer.error_type
            span.status = StatusCode.ERROR
        if answer.status is not None:
            span.attributes[attr.HTTP_RESPONSE_STATUS_CODE] = answer.status
        return self._priced(span)

    def _body(self, example: Example) -> Json:
        judge = self._judge
        body: Json = {
            "model": judge.model,
            "messages": [{"role": "user", "content": judge.request(example)}],
            _limit_key(judge): judge.max_tokens,
        }
        if judge.temperature is not None:
            body["temperature"] = judge.temperature
        return body

    def _url(self) -> str:
        path = "/v1/messages" if self._judge.dialect == ANTHROPIC else "/chat/completions"
        return self._judge.endpoint.rstrip("/") + path

    def _headers(self) -> dict[str, str]:
        if self._judge.dialect == ANTHROPIC:
            headers = {"anthropic-version": _VERSION_OF_MESSAGES}
            return {**headers, "x-api-key": self._key} if self._key else headers
        return {"authorization": f"Bearer {self._key}"} if self._key else {}

    def _text(self, body: Json) -> str:
        content = self._codec.response_content(body).get(attr.GEN_AI_OUTPUT_MESSAGES)
        messages = json.loads(content) if isinstance(content, str) else []
        parts = messages[0]["parts"] if messages else []
        return "\n".join(str(part.get("content") or "") for part in parts if part.get("type") == "text")


def usd(span: SpanRecord) -> Decimal | None:
    """What `span` cost in US dollars; `None` where that is unknown."""
    return cost_amount(span) if span.text(attr.GEN_AI_USAGE_COST_CURRENCY) == "USD" else None


def _codec(judge: Judge) -> Codec:
    if judge.dialect == ANTHROPIC:
        from spanwise.instrument.codec.anthropic_messages import AnthropicMessages

        return AnthropicMessages()
    from spanwise.instrument.codec.openai_chat import OpenAIChat

    return OpenAIChat()


def _limit_key(judge: Judge) -> str:
    """OpenAI's own models refuse the older name; servers of the same dialect know only that."""
    own = judge.dialect != ANTHROPIC and (urlsplit(judge.endpoint).hostname or "").endswith("openai.com")
    return "max_completion_tokens" if own else "max_tokens"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
