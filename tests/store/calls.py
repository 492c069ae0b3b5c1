"""Spans to store."""

from __future__ import annotations

import time

from opentelemetry.trace import SpanKind, StatusCode

from spanwise.record import AttributeValue, Resource, Scope, SpanRecord


def call(
    number: int, trace: int = 1, *, ago_s: float = 0, took_s: float = 1, **attributes: AttributeValue
) -> SpanRecord:
    """A chat call that took `took_s`; `attributes` are added, with `__` for `.` in their names."""
    end = time.time_ns() - int(ago_s * 1e9)
    return SpanRecord(
        name="chat gpt-4.1",
        trace_id=trace,
        span_id=number,
        kind=SpanKind.CLIENT,
        start_unix_nano=end - int(took_s * 1e9),
        end_unix_nano=end,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4.1",
            "gen_ai.usage.input_tokens": 100,
            "gen_ai.usage.output_tokens": 10,
            "gen_ai.usage.cost.amount": 0.1,
            "gen_ai.usage.cost.currency": "USD",
            "spanwise.cost.status": "exact",
            **{name.replace("__", "."): value for name, value in attributes.items()},
        },
        resource=Resource({"service.name": "shop"}),
        scope=Scope("spanwise.instrument", "1"),
    )


def without(record: SpanRecord, *names: str) -> SpanRecord:
    """`record` with the attributes `names` taken away."""
    for name in names:
        record.attributes.pop(name, None)
    return record


def unpriced(number: int, trace: int = 1) -> SpanRecord:
    """A call whose price is unknown."""
    record = call(number, trace, spanwise__cost__status="unpriced", spanwise__cost__reason="unknown model")
    return without(record, "gen_ai.usage.cost.amount", "gen_ai.usage.cost.currency")


def failed(number: int, trace: int = 1) -> SpanRecord:
    """A call that failed without usage."""
    record = call(number, trace, error__type="RateLimitError")
    record.status = StatusCode.ERROR
    return without(record, "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cost.amount")
