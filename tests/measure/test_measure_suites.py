"""Spans of other suites are measured as ours are, once they are translated."""

from __future__ import annotations

from typing import Any

from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.trace import SpanKind

from spanwise.pipeline import Pipeline
from spanwise.record import Scope, SpanRecord
from tests.measure.metering import by


def ended(scope: str, span_id: int, parent: int, attributes: dict[str, Any]) -> SpanRecord:
    """A span of the suite that calls itself `scope`."""
    start = 1_780_000_000_000_000_000 + span_id * 10**6
    return SpanRecord(
        "span", 7, span_id, parent, kind=SpanKind.INTERNAL, start_unix_nano=start, end_unix_nano=start + 10**9,
        attributes=attributes, scope=Scope(scope),
    )  # fmt: skip


def test_openinference(reader: InMemoryMetricReader) -> None:
    """An agent with a model call and a tool: durations, the end of the answer, and the calls of the run."""
    pipeline, scope = Pipeline(), "openinference.instrumentation.smolagents"
    llm = {
        "openinference.span.kind": "LLM", "llm.model_name": "gpt-4.1", "llm.provider": "openai",
        "llm.token_count.prompt": 100, "llm.token_count.completion": 10, "llm.finish_reason": "length",
    }  # fmt: skip
    pipeline.account(ended(scope, 3, 2, llm))
    pipeline.account(ended(scope, 4, 2, {"openinference.span.kind": "TOOL", "tool.name": "search"}))
    pipeline.account(ended(scope, 2, 1, {"openinference.span.kind": "CHAIN"}))
    pipeline.account(ended(scope, 1, 0, {"openinference.span.kind": "AGENT", "agent.name": "clerk"}))
    assert by(reader, "spanwise.responses", "spanwise.finish_reason")["length"] == 1
    assert by(reader, "gen_ai.execute_tool.duration", "gen_ai.tool.name") == {"search": 1.0}
    assert by(reader, "gen_ai.invoke_agent.inference_calls", "gen_ai.agent.name") == {"clerk": 1}
    assert by(reader, "gen_ai.invoke_agent.tool_calls", "gen_ai.agent.name") == {"clerk": 1}


def test_openllmetry(reader: InMemoryMetricReader) -> None:
    """A workflow with an agent, a tool and a model call."""
    pipeline, scope = Pipeline(), "opentelemetry.instrumentation.langchain"
    llm = {
        "gen_ai.system": "OpenAI", "llm.request.type": "chat", "gen_ai.request.model": "gpt-4.1",
        "gen_ai.usage.prompt_tokens": 100, "gen_ai.usage.completion_tokens": 10,
        "gen_ai.completion.0.finish_reason": "stop",
    }  # fmt: skip
    pipeline.account(ended(scope, 4, 3, llm))
    pipeline.account(ended(scope, 5, 3, {"traceloop.span.kind": "tool", "traceloop.entity.name": "search"}))
    pipeline.account(ended(scope, 3, 2, {"traceloop.span.kind": "agent", "traceloop.entity.name": "clerk"}))
    pipeline.account(ended(scope, 2, 0, {"traceloop.span.kind": "workflow", "traceloop.entity.name": "orders"}))
    assert by(reader, "spanwise.responses", "spanwise.finish_reason")["stop"] == 1
    assert by(reader, "gen_ai.execute_tool.duration", "gen_ai.tool.name") == {"search": 1.0}
    assert by(reader, "gen_ai.invoke_agent.inference_calls", "gen_ai.agent.name") == {"clerk": 1}
    assert by(reader, "gen_ai.invoke_agent.tool_calls", "gen_ai.agent.name") == {"clerk": 1}
    assert by(reader, "gen_ai.invoke_workflow.duration", "gen_ai.workflow.name") == {"orders": 1.0}
