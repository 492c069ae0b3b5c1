"""The texts of a call, for whoever judges it: a person, a model or a function."""

from __future__ import annotations

import orjson

from spanwise.quality.exchange import Exchange, Json
from spanwise.record import SpanRecord


def answer_of(span: SpanRecord) -> str:
    """The answer of the first choice, with refusals, its calls of tools as JSON; empty where the span holds none."""
    exchange = Exchange(span)
    calls = [_dumped({"tool": call.name, "arguments": call.arguments}) for call in exchange.calls]
    return "\n".join(text for text in (exchange.answer or "", exchange.refusal, *calls) if text)


def instructions_of(span: SpanRecord) -> str:
    """The instructions of the system; empty where there are none, or the span does not hold them."""
    return Exchange(span).instructions


def conversation_of(span: SpanRecord) -> str:
    """The messages of the request but those of the system, each behind its role."""
    return "\n\n".join(f"{role}: {text}" for role, text in Exchange(span).turns)


def _dumped(value: Json) -> str:
    return orjson.dumps(value).decode()
