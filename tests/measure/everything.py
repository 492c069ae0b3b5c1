"""A process that records each of its metrics at least once, with each label that it can carry."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

import pytest
from opentelemetry import metrics as metrics_api
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind

from spanwise.budget import Budget, instruments
from spanwise.measure import MeasureConfig
from spanwise.pipeline import Pipeline, PipelineConfig, SpanwiseExporter, counters
from spanwise.record import Event, SpanRecord
from spanwise.record.sdk import to_readable


LABELS: Final = ("spanwise.tenant", "gen_ai.prompt.name")
"""Labels that the policy of this process adds."""

_CALL: Final = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4.1",
    "gen_ai.response.model": "gpt-4.1-2025-04-14",
    "gen_ai.usage.input_tokens": 1_000,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cache_read.input_tokens": 400,
    "gen_ai.usage.cache_write.input_tokens": 0,
    "gen_ai.usage.reasoning.output_tokens": 50,
    "gen_ai.response.time_to_first_chunk": 0.25,
    "gen_ai.response.finish_reasons": ["stop"],
    "http.request.resend_count": 1,
    "server.address": "api.openai.com",
    "server.port": 443,
    "spanwise.tenant": "acme",
    "gen_ai.prompt.name": "greet",
}


class _Taking(SpanExporter):
    """An exporter that takes everything."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Success."""
        return SpanExportResult.SUCCESS


@contextmanager
def metered(provider: MeterProvider) -> Iterator[None]:
    """Instruments that are made inside are `provider`'s, those of the whole process included."""

    def get_meter(name: str, schema_url: str | None = None) -> metrics_api.Meter:
        return provider.get_meter(name, schema_url=schema_url)

    cached = (
        *(counters._counter, counters._gauge, counters._begin_dropped, counters._begin_exports),
        *(instruments._gauges, instruments._decisions),
    )
    gc.collect()
    others = set(counters._using)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("opentelemetry.metrics.get_meter", get_meter)
        patch.delenv("SPANWISE_RAISE", raising=False)
        counters._using.difference_update(others)
        for each in cached:
            each.cache_clear()
        yield
    for each in cached:
        each.cache_clear()
    counters._using.update(others)


def record_everything() -> Pipeline:
    """The pipeline that recorded it; hold on to it, for what it is asked when somebody collects."""
    pipeline = Pipeline(
        PipelineConfig(
            measure=MeasureConfig(flavours=("current", "released", "legacy"), labels=LABELS, most_label_values=2),
            budgets=(Budget("all", Decimal(1), "day"),),
        )
    )
    assert pipeline.budget is not None
    pipeline.budget.ledger.heard_s = 0.0
    for number, record in enumerate(_spans(), 1):
        record.trace_id, record.span_id = number, number
        pipeline.process(record)
    Pipeline(redact=lambda _: 1 / 0).process(_ended(_CALL))  # type: ignore[arg-type]
    assert SpanwiseExporter(forward=_Taking()).export([to_readable(_ended(_CALL))]) is SpanExportResult.SUCCESS
    return pipeline


def _spans() -> Iterator[SpanRecord]:
    scored = _ended({**_CALL, "note": "jane.doe@example.com"})
    scored.events = [
        Event(
            "gen_ai.evaluation.result", 1, {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.7}
        )
    ]
    yield scored
    yield _ended({**_CALL, "error.type": "timeout"})
    yield _ended(
        {**_CALL, "gen_ai.request.model": "nobody", "gen_ai.response.model": "nobody", "error.type": "timeout"}
    )
    yield _ended({**_CALL, "gen_ai.operation.name": "embeddings", "error.type": "timeout"})
    for tenant in ("a", "b", "c"):
        yield _ended({**_CALL, "spanwise.tenant": tenant})
    named = {"gen_ai.agent.name": "clerk", "error.type": "timeout", **{name: _CALL[name] for name in LABELS}}
    yield _ended(
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", "gen_ai.tool.type": "function", **named},
        SpanKind.INTERNAL,
    )
    yield _ended(
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "gpt-4.1", **named}, SpanKind.INTERNAL
    )
    yield _ended({"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "w", **named}, SpanKind.INTERNAL)


def _ended(attributes: dict[str, Any], kind: SpanKind = SpanKind.CLIENT) -> SpanRecord:
    start = 1_780_000_000_000_000_000
    return SpanRecord(
        "call", 99, 99, kind=kind, start_unix_nano=start, end_unix_nano=start + 2 * 10**9, attributes=dict(attributes)
    )
