"""What real suites wrote, in the words of the convention: the same calls give the same figures, whoever wrote them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from spanwise.normalise import Normalise
from spanwise.pipeline import Pipeline
from spanwise.record import SpanRecord, otlp_json
from spanwise.semconv import attributes as attr
from tests.dialects.suite import GOLDEN, SUITES, Suite


Call = tuple[Any, ...]
STOP, TOOL = ["stop"], ["tool_call"]
MINI = "gpt-4.1-mini"
DATED = "gpt-4.1-mini-2025-04-14"
EMBEDDING = "text-embedding-3-small"
HAIKU = "claude-haiku-4-5"
HAIKU_DATED = "claude-haiku-4-5-20251001"

OPENAI: list[Call] = [
    ("chat", "openai", MINI, DATED, 22, 18, STOP, None),
    ("chat", "openai", MINI, DATED, 22, 18, STOP, None),
    ("chat", "openai", MINI, DATED, 66, 11, TOOL, None),
    ("embeddings", "openai", EMBEDDING, EMBEDDING, 2, None, None, None),
    ("chat", "openai", MINI, None, None, None, None, "BadRequestError"),
]
"""The calls of `programs/calls.py`, as a suite that says everything writes them."""

ANTHROPIC: list[Call] = [
    ("chat", "anthropic", HAIKU, HAIKU_DATED, 13, 18, STOP, None),
    ("chat", "anthropic", HAIKU, HAIKU_DATED, 11, 18, STOP, None),
    ("chat", "anthropic", HAIKU, None, None, None, None, "BadRequestError"),
]
NATIVE = [*ANTHROPIC[:2], (*ANTHROPIC[2][:7], "invalid_request_error")]


def changed(calls: list[Call], **places: Any) -> list[Call]:
    """`calls` with single figures replaced: `c1_5=None` is figure 5 of call 1."""
    found = [list(call) for call in calls]
    for place, value in places.items():
        call, figure = place[1:].split("_")
        found[int(call)][int(figure)] = value
    return [tuple(call) for call in found]


# Whether a suite names the exception with its module is its own affair.
EXPECTED: dict[tuple[str, str], list[Call]] = {
    ("anthropic_native", "com.anthropic.sdk.python"): NATIVE,
    ("official", "opentelemetry.instrumentation.genai.openai"): changed(OPENAI, c4_7="openai.BadRequestError"),
    ("official", "opentelemetry.instrumentation.genai.anthropic"): changed(ANTHROPIC, c2_7="anthropic.BadRequestError"),
    # It leaves the finish reason of a stream out.
    ("openai_v2", "opentelemetry.instrumentation.openai_v2"): changed(OPENAI, c1_6=None),
    ("openinference", "openinference.instrumentation.openai"): changed(OPENAI, c3_3=None),
    ("openinference", "openinference.instrumentation.anthropic"): ANTHROPIC,
    ("openlit", "openlit.instrumentation.openai"): OPENAI,
    ("openllmetry", "opentelemetry.instrumentation.openai.v1"): OPENAI,
    # It adds the first event's output tokens of a streamed message to the sum in the last one.
    ("openllmetry", "opentelemetry.instrumentation.anthropic"): changed(ANTHROPIC, c1_5=19),
    ("pydantic_ai", "pydantic-ai"): [
        ("invoke_agent", None, MINI, None, None, None, None, None),
        ("chat", "openai", MINI, DATED, 84, 11, TOOL, None),
        ("execute_tool", None, None, None, None, None, None, None),
        ("chat", "openai", MINI, DATED, 156, 14, STOP, None),
        ("invoke_agent", None, MINI, None, None, None, None, None),
        ("chat", "openai", MINI, DATED, 89, 11, TOOL, None),
        ("execute_tool", None, None, None, None, None, None, None),
        ("chat", "openai", MINI, DATED, 160, 14, STOP, None),
    ],
    ("agent_framework", "agent_framework"): [
        ("invoke_agent", None, MINI, None, 245, 25, STOP, None),
        ("chat", "openai", MINI, DATED, 89, 11, TOOL, None),
        ("execute_tool", None, None, None, None, None, None, None),
        ("chat", "openai", MINI, DATED, 156, 14, STOP, None),
    ],
    # It names itself as the provider and no finish reason.
    ("strands", "strands.telemetry.tracer"): [
        ("invoke_agent", None, MINI, None, 230, 25, None, None),
        ("execute_event_loop_cycle", None, None, None, None, None, None, None),
        ("chat", None, MINI, None, 81, 11, None, None),
        ("execute_tool", None, None, None, None, None, None, None),
        ("execute_event_loop_cycle", None, None, None, None, None, None, None),
        ("chat", None, MINI, None, 149, 14, None, None),
    ],
    # Through LiteLLM: it writes `stop` for an answer that calls a tool, and the model with LiteLLM's prefix.
    ("google_adk", "gcp.vertex.agent"): [
        ("invoke_workflow", None, None, None, None, None, None, None),
        ("invoke_agent", None, None, None, None, None, None, None),
        ("generate_content", "openai", "openai/gpt-4.1-mini", None, 99, 11, STOP, None),
        ("execute_tool", None, None, None, None, None, None, None),
        ("generate_content", "openai", "openai/gpt-4.1-mini", None, 172, 17, STOP, None),
    ],
    # It keeps the answering model inside the output.
    ("langchain", "openinference.instrumentation.langchain"): [
        ("chat", "openai", MINI, None, 11, 18, STOP, None),
        ("chat", "openai", MINI, None, 11, 18, STOP, None),
        ("chat", "openai", MINI, None, 66, 11, TOOL, None),
        ("execute_tool", None, None, None, None, None, None, None),
    ],
    ("langsmith", "langsmith"): [
        ("chat", "openai", MINI, DATED, 11, 18, STOP, None),
        ("chat", "openai", MINI, DATED, 66, 11, TOOL, None),
        ("execute_tool", None, None, None, None, None, None, None),
    ],
    # It names no provider, and the model that answered in place of the one asked for.
    ("langfuse", "langfuse-sdk"): [
        ("chat", None, DATED, None, 11, 18, None, None),
        ("chat", None, DATED, None, 11, 18, None, None),
        ("execute_tool", None, None, None, None, None, None, None),
    ],
    # It asks streams for no usage and counts tokens itself.
    ("litellm", "litellm"): [
        ("chat", "openai", MINI, DATED, 11, 18, STOP, None),
        ("chat", "openai", MINI, MINI, 10, 16, STOP, None),
        ("embeddings", "", EMBEDDING, EMBEDDING, 2, 0, None, None),
        ("chat", "openai", MINI, MINI, None, None, None, "BadRequestError"),
    ],
}
CALLS = {"chat", "generate_content"}
NO_REASON = {
    "langfuse": "it writes none",
    "strands": "it writes none",
    "google_adk": "it writes `stop` for a tool call",
}
NO_CONTENT = {
    "anthropic_native": "it records none",
    "openai_v2": "it writes content to log records",
    "openlit": "it writes content to log records",
}


@cache
def golden(name: str) -> bytes:
    """The recorded spans of a suite."""
    return (GOLDEN / f"{name}.json").read_bytes()


def spans(name: str) -> list[SpanRecord]:
    """The recorded spans of a suite in the order of their start."""
    return sorted(otlp_json.records(golden(name)).records, key=lambda span: span.start_unix_nano)


def figures(span: SpanRecord) -> Call:
    """What a report needs of a call."""
    names = (
        attr.GEN_AI_OPERATION_NAME,
        attr.GEN_AI_PROVIDER_NAME,
        attr.GEN_AI_REQUEST_MODEL,
        attr.GEN_AI_RESPONSE_MODEL,
        attr.GEN_AI_USAGE_INPUT_TOKENS,
        attr.GEN_AI_USAGE_OUTPUT_TOKENS,
        attr.GEN_AI_RESPONSE_FINISH_REASONS,
        attr.ERROR_TYPE,
    )
    return tuple(span.attributes.get(name) for name in names)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_every_span_is_read(suite: Suite) -> None:
    """A golden file holds what its program makes, and all of it is readable OTLP."""
    received = otlp_json.records(golden(suite.name))
    assert (len(received.records), received.rejected) == (suite.spans, 0)


@pytest.mark.parametrize(("name", "scope"), EXPECTED, ids=str)
def test_figures(name: str, scope: str) -> None:
    """Operation, provider, models, tokens, finish reason and error of each call are those the emulator answered."""
    step = Normalise()
    found = [figures(step(span)) for span in spans(name) if span.scope.name == scope]
    assert found == EXPECTED[name, scope]


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_content(suite: Suite) -> None:
    """Captured content arrives as messages with a role and parts; what was asked and answered is in them."""
    step = Normalise()
    found = [step.content(step(span)) for span in spans(suite.name)]
    chats = [
        span
        for span in found
        if span.text(attr.GEN_AI_OPERATION_NAME) in CALLS
        and not span.scope.name.startswith("com.anthropic")
        and attr.GEN_AI_RESPONSE_FINISH_REASONS in span.attributes
    ]
    if suite.name in NO_CONTENT:
        assert not [span for span in chats if attr.GEN_AI_INPUT_MESSAGES in span.attributes], NO_CONTENT[suite.name]
        return
    if suite.name in NO_REASON:
        chats = [span for span in found if span.text(attr.GEN_AI_OPERATION_NAME) in CALLS]
    assert chats
    for span in chats:
        asked = json.loads(str(span.attributes[attr.GEN_AI_INPUT_MESSAGES]))
        answered = json.loads(str(span.attributes[attr.GEN_AI_OUTPUT_MESSAGES]))
        assert all(set(message) >= {"role", "parts"} for message in [*asked, *answered])
        assert asked[-1]["role"] in {"user", "tool"}
        assert answered[0]["role"] == "assistant"
        kinds = {part["type"] for message in [*asked, *answered] for part in message["parts"]}
        assert kinds <= {"text", "tool_call", "tool_call_response"}, kinds
        called = span.attributes[attr.GEN_AI_RESPONSE_FINISH_REASONS] if suite.name not in NO_REASON else None
        if called is not None:
            assert ("tool_call" in {part["type"] for part in answered[0]["parts"]}) is (called == TOOL)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_twice_is_once(suite: Suite) -> None:
    """Translating a real span again changes nothing."""
    step = Normalise()
    for span in spans(suite.name):
        once = dict(step.content(step(span)).attributes)
        assert step.content(step(span)).attributes == once


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_calls_are_priced(suite: Suite) -> None:
    """Every call that reported usage gets a price from the same book, exact wherever the provider is named."""
    pipeline = Pipeline()
    for span in spans(suite.name):
        found = pipeline.process(span)
        assert found is not None
        if found.count(attr.GEN_AI_USAGE_INPUT_TOKENS) and found.text(attr.GEN_AI_OPERATION_NAME) in CALLS:
            known = found.text(attr.GEN_AI_PROVIDER_NAME) is not None
            assert found.attributes[attr.SPANWISE_COST_STATUS] == ("exact" if known else "estimated")
            assert isinstance(found.attributes[attr.GEN_AI_USAGE_COST_AMOUNT], float)
