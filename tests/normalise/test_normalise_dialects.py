"""Each dialect's names in the convention's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from spanwise.record import AttributeValue, Event
from tests.normalise.spans import span, text, translated


def test_openinference_call() -> None:
    """An LLM span: model, provider pair, parameters, inclusive tokens, indexed messages, tools and finish reasons."""
    found = translated(
        span(
            "openinference.instrumentation.openai",
            {
                "openinference.span.kind": "LLM",
                "llm.model_name": "gpt-4o",
                "llm.provider": "azure",
                "llm.system": "openai",
                "llm.invocation_parameters": json.dumps({"temperature": 0.5, "stop": ["x"], "n": 2, "seed": 7}),
                "llm.token_count.prompt": 10,
                "llm.token_count.completion": 5,
                "llm.token_count.prompt_details.cache_read": 3,
                "llm.token_count.completion_details.reasoning": 2,
                "llm.input_messages.0.message.role": "system",
                "llm.input_messages.0.message.content": "be kind",
                "llm.input_messages.1.message.role": "user",
                "llm.input_messages.1.message.contents.0.message_content.type": "text",
                "llm.input_messages.1.message.contents.0.message_content.text": "what is this?",
                "llm.input_messages.1.message.contents.1.message_content.type": "image",
                "llm.input_messages.1.message.contents.1.message_content.image.image.url": "https://x.org/a.png",
                "llm.input_messages.2.message.role": "tool",
                "llm.input_messages.2.message.tool_call_id": "c1",
                "llm.input_messages.2.message.content": '{"ok": true}',
                "llm.output_messages.0.message.role": "assistant",
                "llm.output_messages.0.message.finish_reason": "tool_calls",
                "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c2",
                "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "f",
                "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"b": 2}',
                "llm.tools.0.tool.json_schema": '{"type":"function","function":{"name":"f","parameters":{}}}',
                "output.value": '{"id": "chatcmpl-1", "model": "gpt-4o-2024-08-06"}',
                "session.id": "s1",
            },
        )
    )
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "azure.ai.openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.stop_sequences": ["x"],
        "gen_ai.request.choice.count": 2,
        "gen_ai.request.seed": 7,
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 3,
        "gen_ai.usage.reasoning.output_tokens": 2,
        "gen_ai.response.finish_reasons": ["tool_call"],
        "gen_ai.conversation.id": "s1",
        "spanwise.dialect": "openinference",
        "gen_ai.tool.definitions": [{"type": "function", "name": "f", "parameters": {}}],
        "gen_ai.input.messages": [
            text("system", "be kind"),
            {
                "role": "user",
                "parts": [
                    {"type": "text", "content": "what is this?"},
                    {"type": "uri", "modality": "image", "uri": "https://x.org/a.png"},
                ],
            },
            {"role": "tool", "parts": [{"type": "tool_call_response", "response": {"ok": True}, "id": "c1"}]},
        ],
        "gen_ai.output.messages": [
            {
                "role": "assistant",
                "parts": [{"type": "tool_call", "name": "f", "id": "c2", "arguments": {"b": 2}}],
            }
        ],
    }
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        ("LLM", "chat"),
        ("EMBEDDING", "embeddings"),
        ("RETRIEVER", "retrieval"),
        ("TOOL", "execute_tool"),
        ("AGENT", "invoke_agent"),
        ("CHAIN", None),
        ("RERANKER", None),
        ("GUARDRAIL", None),
    ],
)
def test_openinference_kinds(kind: str, operation: str | None) -> None:
    """Kinds that the convention has an operation for get it; the others keep their kind and get none."""
    found = translated(span("openinference.instrumentation.x", {"openinference.span.kind": kind}))
    assert found.get("gen_ai.operation.name") == operation
    assert found["openinference.span.kind"] == kind


def test_openinference_completion_retrieval_and_tool() -> None:
    """Legacy prompts are text completions; documents and tool values land on their own attributes."""
    scope = "openinference.instrumentation.llama_index"
    legacy = translated(
        span(
            scope,
            {
                "openinference.span.kind": "LLM",
                "llm.prompts.0.prompt.text": "Once",
                "llm.choices.0.completion.text": "upon",
            },
        )
    )
    assert legacy["gen_ai.operation.name"] == "text_completion"
    assert legacy["gen_ai.input.messages"][0]["role"] == "user"
    assert "Once" in json.dumps(legacy["gen_ai.input.messages"])
    assert "upon" in json.dumps(legacy["gen_ai.output.messages"])
    retrieval = translated(
        span(
            scope,
            {
                "openinference.span.kind": "RETRIEVER",
                "input.value": "returns?",
                "retrieval.documents.0.document.id": "d1",
                "retrieval.documents.0.document.score": 0.9,
                "retrieval.documents.0.document.content": "30 days",
                "retrieval.documents.1.document.content": "shipping",
            },
        )
    )
    assert retrieval["gen_ai.retrieval.query.text"] == "returns?"
    assert retrieval["gen_ai.retrieval.documents"] == [
        {"id": "d1", "score": 0.9, "content": "30 days"},
        {"content": "shipping"},
    ]
    tool = translated(
        span(
            scope,
            {
                "openinference.span.kind": "TOOL",
                "tool.name": "f",
                "input.value": '{"a": 1}',
                "output.value": '{"b": 2}',
            },
        )
    )
    assert (tool["gen_ai.tool.name"], tool["gen_ai.tool.call.arguments"], tool["gen_ai.tool.call.result"]) == (
        "f",
        '{"a": 1}',
        '{"b": 2}',
    )


def test_openllmetry_old_and_new() -> None:
    """Indexed prompts and completions, old usage names, the base URL's host, association properties."""
    found = translated(
        span(
            "opentelemetry.instrumentation.openai.v1",
            {
                "gen_ai.system": "OpenAI",
                "llm.request.type": "chat",
                "gen_ai.request.model": "gpt-4o",
                "gen_ai.usage.prompt_tokens": 3,
                "gen_ai.usage.completion_tokens": 4,
                "gen_ai.usage.cache_read_input_tokens": 2,
                "llm.is_streaming": True,
                "gen_ai.openai.api_base": "https://key:secret@api.example.org:8443/v1?token=secret",
                "gen_ai.prompt.0.role": "user",
                "gen_ai.prompt.0.content": "hi",
                "gen_ai.completion.0.role": "assistant",
                "gen_ai.completion.0.content": "yo",
                "gen_ai.completion.0.finish_reason": "stop",
                "llm.request.functions.0.name": "f",
                "llm.request.functions.0.parameters": '{"type": "object"}',
                "traceloop.association.properties.user_id": "ann",
                "traceloop.association.properties.thread_id": "t1",
            },
        )
    )
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.usage.output_tokens": 4,
        "gen_ai.usage.cache_read.input_tokens": 2,
        "gen_ai.request.stream": True,
        "server.address": "api.example.org",
        "server.port": 8443,
        "gen_ai.input.messages": [text("user", "hi")],
        "gen_ai.output.messages": [text("assistant", "yo")],
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.tool.definitions": [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
        "user.id": "ann",
        "gen_ai.conversation.id": "t1",
    }
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "operation", "name"),
    [
        ("workflow", "invoke_workflow", "gen_ai.workflow.name"),
        ("agent", "invoke_agent", "gen_ai.agent.name"),
        ("tool", "execute_tool", "gen_ai.tool.name"),
        ("task", None, None),
    ],
)
def test_openllmetry_entities(kind: str, operation: str | None, name: str | None) -> None:
    """An entity's name goes where its kind says; a task has no operation upstream and stays as it is."""
    found = translated(
        span("opentelemetry.instrumentation.langchain", {"traceloop.span.kind": kind, "traceloop.entity.name": "e"})
    )
    assert found.get("gen_ai.operation.name") == operation
    assert [key for key in found if key.startswith("gen_ai.") and found[key] == "e"] == ([name] if name else [])


def test_openllmetry_framework_is_no_provider() -> None:
    """A framework's name in `gen_ai.system` does not become a provider."""
    attributes: dict[str, AttributeValue] = {"gen_ai.system": "Langchain", "llm.request.type": "chat"}
    assert "gen_ai.provider.name" not in translated(span("opentelemetry.instrumentation.langchain", attributes))


def test_langfuse_exclusive_buckets() -> None:
    """Exclusive buckets are added up; cost, prompt, times, level and content are taken over."""
    record = span(
        "langfuse-sdk",
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": "claude-haiku-4-5",
            "langfuse.observation.model.parameters": '{"temperature": "0.2", "max_tokens": "99"}',
            "langfuse.observation.usage_details": json.dumps(
                {"input": 10, "input_cache_read": 5, "input_cache_creation": 2, "output": 3, "output_reasoning": 4}
            ),
            "langfuse.observation.cost_details": '{"input": 0.1, "total": 0.3}',
            "langfuse.observation.completion_start_time": "2025-11-24T16:00:00.500000Z",
            "langfuse.observation.prompt.name": "greet",
            "langfuse.observation.prompt.version": 3,
            "langfuse.observation.level": "ERROR",
            "langfuse.observation.status_message": "boom",
            "langfuse.observation.input": '[{"role": "user", "content": "hi"}]',
            "langfuse.observation.output": '{"role": "assistant", "content": "yo"}',
            "langfuse.session.id": "s1",
        },
    )
    record.start_unix_nano, record.end_unix_nano = 1_764_000_000_000_000_000, 1_764_000_002_000_000_000
    found = translated(record)
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 17,
        "gen_ai.usage.output_tokens": 7,
        "gen_ai.usage.cache_read.input_tokens": 5,
        "gen_ai.usage.cache_write.input_tokens": 2,
        "gen_ai.usage.reasoning.output_tokens": 4,
        "gen_ai.usage.cost.amount": 0.3,
        "gen_ai.usage.cost.currency": "USD",
        "gen_ai.request.temperature": 0.2,
        "gen_ai.request.max_tokens": 99,
        "gen_ai.response.time_to_first_chunk": pytest.approx(0.5),
        "gen_ai.prompt.name": "greet",
        "gen_ai.prompt.version": "3",
        "session.id": "s1",
        "gen_ai.conversation.id": "s1",
        "error.type": "_OTHER",
        "gen_ai.input.messages": [text("user", "hi")],
        "gen_ai.output.messages": [text("assistant", "yo")],
    }
    assert {name: found.get(name) for name in expected} == expected
    assert (record.status, record.status_description) == (StatusCode.ERROR, "boom")


def test_vercel_call_and_its_root() -> None:
    """The provider call is a chat; the root is an agent run, whose repeated usage no metric counts."""
    call = translated(
        span(
            "ai",
            {
                "ai.operationId": "ai.streamText.doStream",
                "ai.model.id": "gpt-4o",
                "ai.model.provider": "openai.chat",
                "ai.usage.inputTokens": 4,
                "ai.usage.outputTokens": 6,
                "ai.usage.cachedInputTokens": 1,
                "ai.response.msToFirstChunk": 250,
                "ai.response.finishReason": "tool-calls",
                "ai.response.text": "hi",
                "ai.response.toolCalls": '[{"type":"tool-call","toolCallId":"x","toolName":"f","input":"{}"}]',
                "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"q"}]}]',
                "ai.prompt.tools": ['{"type":"function","name":"f","inputSchema":{}}'],
                "ai.settings.maxOutputTokens": 64,
            },
        )
    )
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.usage.input_tokens": 4,
        "gen_ai.usage.output_tokens": 6,
        "gen_ai.usage.cache_read.input_tokens": 1,
        "gen_ai.response.time_to_first_chunk": 0.25,
        "gen_ai.response.finish_reasons": ["tool_call"],
        "gen_ai.request.max_tokens": 64,
        "gen_ai.input.messages": [text("user", "q")],
        "gen_ai.tool.definitions": [{"type": "function", "name": "f", "parameters": {}}],
        "gen_ai.output.messages": [
            {
                "role": "assistant",
                "parts": [
                    {"type": "text", "content": "hi"},
                    {"type": "tool_call", "name": "f", "id": "x", "arguments": {}},
                ],
            }
        ],
    }
    assert {name: call.get(name) for name in expected} == expected
    root = translated(span("ai", {"ai.operationId": "ai.streamText", "ai.usage.inputTokens": 4}))
    assert root["gen_ai.operation.name"] == "invoke_agent"


@pytest.mark.parametrize(
    ("given", "provider"),
    [
        ("openai.responses", "openai"),
        ("anthropic.messages", "anthropic"),
        ("amazon-bedrock", "aws.bedrock"),
        ("google.vertex.chat", "gcp.vertex_ai"),
        ("google.generative-ai", "gcp.gemini"),
        ("azure-openai.chat", "azure.ai.openai"),
        ("cerebras", "cerebras"),
    ],
)
def test_vercel_providers(given: str, provider: str) -> None:
    """A provider is known by its longest prefix; one that is not known stays as it is."""
    found = translated(span("ai", {"ai.operationId": "ai.embed.doEmbed", "ai.model.provider": given}))
    assert found["gen_ai.provider.name"] == provider


def test_pydantic_ai_aggregates_are_not_usage() -> None:
    """An agent run's sums stay under their own names; its messages are taken over."""
    run = translated(
        span(
            "pydantic-ai",
            {
                "gen_ai.operation.name": "invoke_agent",
                "agent_name": "helper",
                "model_name": "gpt-4o",
                "gen_ai.aggregated_usage.input_tokens": 900,
                "pydantic_ai.all_messages": json.dumps(
                    [
                        {"role": "system", "parts": [{"type": "text", "content": "s"}]},
                        {"role": "user", "parts": [{"type": "text", "content": "q"}]},
                    ]
                ),
                "final_result": "42",
            },
        )
    )
    assert run["gen_ai.agent.name"] == "helper"
    assert "gen_ai.usage.input_tokens" not in run
    assert run["gen_ai.aggregated_usage.input_tokens"] == 900
    assert run["gen_ai.input.messages"] == [text("system", "s"), text("user", "q")]
    assert run["gen_ai.output.messages"] == [text("assistant", "42")]


def test_langsmith() -> None:
    """A retriever is a retrieval, though LangSmith writes `embeddings`; whole inputs become messages."""
    retriever = translated(
        span("langsmith", {"langsmith.span.kind": "retriever", "gen_ai.operation.name": "embeddings"})
    )
    assert retriever["gen_ai.operation.name"] == "retrieval"
    call = translated(
        span(
            "langsmith",
            {
                "langsmith.span.kind": "llm",
                "langsmith.metadata.ls_provider": "openai",
                "langsmith.metadata.ls_model_name": "gpt-4o",
                "langsmith.metadata.thread_id": "t1",
                "langsmith.trace.session_id": "project",
                "gen_ai.usage.input_token_details": '{"cache_read": 5}',
                "gen_ai.prompt": json.dumps(
                    {
                        "messages": [
                            [
                                {
                                    "lc": 1,
                                    "type": "constructor",
                                    "id": ["langchain", "schema", "messages", "HumanMessage"],
                                    "kwargs": {"content": "hi", "type": "human"},
                                }
                            ]
                        ]
                    }
                ),
                "gen_ai.completion": json.dumps(
                    {"generations": [[{"text": "yo", "message": {"kwargs": {"content": "yo", "type": "ai"}}}]]}
                ),
            },
        )
    )
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.conversation.id": "t1",
        "gen_ai.usage.cache_read.input_tokens": 5,
        "gen_ai.input.messages": [text("user", "hi")],
        "gen_ai.output.messages": [text("assistant", "yo")],
    }
    assert {name: call.get(name) for name in expected} == expected


def test_legacy_events() -> None:
    """Message events up to 1.36, plain or as JSON, become messages; choices stand in the order of their index."""
    found = translated(
        span(
            "opentelemetry.instrumentation.openai_v2",
            {"gen_ai.system": "openai", "gen_ai.operation.name": "chat"},
            Event("gen_ai.system.message", 1, {"content": "be kind"}),
            Event("gen_ai.user.message", 2, {"gen_ai.event.content": '{"content": "hi"}'}),
            Event(
                "gen_ai.assistant.message",
                3,
                {"tool_calls": '[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]'},
            ),
            Event("gen_ai.tool.message", 4, {"id": "c1", "content": "done"}),
            Event("gen_ai.choice", 6, {"index": 1, "finish_reason": "stop", "message": '{"content": "second"}'}),
            Event("gen_ai.choice", 5, {"index": 0, "finish_reason": "stop", "message": '{"content": "first"}'}),
        )
    )
    assert found["gen_ai.input.messages"] == [
        text("system", "be kind"),
        text("user", "hi"),
        {"role": "assistant", "parts": [{"type": "tool_call", "name": "f", "id": "c1", "arguments": {}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "response": "done", "id": "c1"}]},
    ]
    assert found["gen_ai.output.messages"] == [text("assistant", "first"), text("assistant", "second")]
    assert found["gen_ai.provider.name"] == "openai"


OTHERS: list[tuple[str, dict[str, AttributeValue], dict[str, Any]]] = [
    (
        "litellm",
        {
            "gen_ai.operation.name": "chat",
            "litellm.cost.total": 0.25,
            "litellm.end_user.id": "u",
            "litellm.team.id": "t",
        },
        {"gen_ai.usage.cost.amount": 0.25, "gen_ai.usage.cost.source": "local", "user.id": "u", "spanwise.tenant": "t"},
    ),
    (
        "gcp.vertex.agent",
        {
            "gcp.vertex.agent.llm_request": json.dumps(
                {
                    "model": "gemini-2.5-flash",
                    "config": {"temperature": 0.1, "system_instruction": "be kind"},
                    "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
                }
            ),
            "gcp.vertex.agent.llm_response": json.dumps(
                {
                    "content": {"role": "model", "parts": [{"function_call": {"name": "f", "args": {"a": 1}}}]},
                    "usage_metadata": {
                        "prompt_token_count": 9,
                        "candidates_token_count": 4,
                        "thoughts_token_count": 2,
                        "cached_content_token_count": 3,
                    },
                    "finish_reason": "STOP",
                }
            ),
            "gen_ai.system": "gcp.vertex.agent",
        },
        {
            "gen_ai.operation.name": "generate_content",
            "gen_ai.provider.name": "gcp.vertex_ai",
            "gen_ai.request.temperature": 0.1,
            "gen_ai.usage.input_tokens": 9,
            "gen_ai.usage.output_tokens": 6,
            "gen_ai.usage.cache_read.input_tokens": 3,
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.system_instructions": [{"type": "text", "content": "be kind"}],
            "gen_ai.input.messages": [text("user", "hi")],
            "gen_ai.output.messages": [
                {"role": "assistant", "parts": [{"type": "tool_call", "name": "f", "arguments": {"a": 1}}]}
            ],
        },
    ),
    (
        "strands-agents",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.system": "strands-agents",
            "gen_ai.usage.cache_read_input_tokens": 3,
            "gen_ai.server.time_to_first_token": 120,
        },
        {
            "gen_ai.provider.name": None,
            "gen_ai.usage.cache_read.input_tokens": 3,
            "gen_ai.response.time_to_first_chunk": 0.12,
        },
    ),
    (
        "openlit.otel.tracing",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "gemini",
            "gen_ai.usage.cost": 0.5,
            "gen_ai.usage.reasoning_tokens": 7,
        },
        {
            "gen_ai.provider.name": "gcp.gemini",
            "gen_ai.usage.cost.amount": 0.5,
            "gen_ai.usage.reasoning.output_tokens": 7,
        },
    ),
    (
        "azure.ai.agents",
        {
            "az.namespace": "Microsoft.CognitiveServices",
            "gen_ai.operation.name": "chat",
            "gen_ai.system": "az.ai.inference",
            "gen_ai.thread.id": "t",
            "gen_ai.request.response_format": "json_schema",
        },
        {
            "azure.resource_provider.namespace": "Microsoft.CognitiveServices",
            "gen_ai.provider.name": "azure.ai.inference",
            "gen_ai.conversation.id": "t",
            "gen_ai.output.type": "json",
        },
    ),
    (
        "com.anthropic.sdk.python",
        {"gen_ai.operation.name": "chat", "gen_ai.usage.cache_creation.input_tokens": 4},
        {"gen_ai.usage.cache_write.input_tokens": 4, "spanwise.dialect": "anthropic_native"},
    ),
    (
        "crewai.telemetry",
        {"gen_ai.operation.name": "execute_task", "gen_ai.usage.reasoning_tokens": 4},
        {"gen_ai.operation.name": "execute_task", "gen_ai.usage.reasoning.output_tokens": 4},
    ),
    (
        "mlflow",
        {
            "mlflow.spanType": '"CHAT_MODEL"',
            "mlflow.chat.tokenUsage": '{"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}',
            "mlflow.spanInputs": '{"messages": [{"role": "user", "content": "hi"}]}',
            "mlflow.spanOutputs": '{"choices": [{"message": {"role": "assistant", "content": "yo"}}]}',
        },
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.usage.input_tokens": 3,
            "gen_ai.input.messages": [text("user", "hi")],
            "gen_ai.output.messages": [text("assistant", "yo")],
        },
    ),
    (
        "genkit-tracer",
        {
            "genkit:metadata:subtype": "model",
            "genkit:name": "googleai/gemini-2.5-flash",
            "genkit:input": '{"messages": [{"role": "user", "content": [{"text": "hi"}]}]}',
            "genkit:output": '{"message": {"role": "model", "content": [{"text": "yo"}]}, "usage": {"inputTokens": 3}}',
        },
        {
            "gen_ai.operation.name": "generate_content",
            "gen_ai.usage.input_tokens": 3,
            "gen_ai.input.messages": [text("user", "hi")],
            "gen_ai.output.messages": [text("assistant", "yo")],
        },
    ),
    (
        "com.anthropic.claude_code.tracing",
        {"span.type": "llm_request", "model": "claude-haiku-4-5", "input_tokens": 5, "cache_read_tokens": 90},
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "anthropic",
            "gen_ai.usage.input_tokens": 95,
            "gen_ai.usage.cache_read.input_tokens": 90,
        },
    ),
    ("gemini-cli", {"gen_ai.operation.name": "llm_call"}, {"gen_ai.operation.name": "generate_content"}),
    (
        "any",
        {"gen_ai.span.kind": "LLM", "gen_ai.session.id": "s"},
        {"gen_ai.operation.name": "chat", "session.id": "s"},
    ),
    ("any", {"lmnr.span.type": "TOOL", "lmnr.span.input": "{}"}, {"gen_ai.tool.call.arguments": "{}"}),
    (
        "livekit-agents",
        {"lk.agent_name": "a", "lk.response.text": "yo"},
        {"gen_ai.agent.name": "a", "gen_ai.output.messages": [text("assistant", "yo")]},
    ),
    (
        "voltagent-core",
        {"span.type": "llm", "llm.usage.prompt_tokens": 3, "voltagent.conversation_id": "c"},
        {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 3, "gen_ai.conversation.id": "c"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "attributes", "expected"), OTHERS, ids=[f"{it[0]}-{n}" for n, it in enumerate(OTHERS)]
)
def test_others(scope: str, attributes: dict[str, AttributeValue], expected: dict[str, Any]) -> None:
    """The names of each further dialect that have a target reach it."""
    found = translated(span(scope, attributes))
    assert {name: found.get(name) for name in expected} == expected


def test_renamed_upstream() -> None:
    """Names that the convention itself gave up become the current ones, in any span."""
    found = translated(
        span(
            "somebody",
            {
                "gen_ai.system": "xai",
                "gen_ai.request.model": "grok",
                "gen_ai.usage.prompt_tokens": "12",
                "gen_ai.openai.request.response_format": "json_object",
                "gen_ai.response.finish_reason": "end_turn",
                "gen_ai.request.top_k": 40.0,
                "gen_ai.request.stream": "true",
            },
            name="chat grok",
        )
    )
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "x_ai",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.output.type": "json",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.request.top_k": 40,
        "gen_ai.request.stream": True,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert "spanwise.dialect" not in found


def test_failure_gets_a_class() -> None:
    """A failed span without `error.type` gets the class of its exception, without the module; else `_OTHER`."""
    raised = Event("exception", 1, {"exception.type": "openai.RateLimitError", "exception.message": "secret"})
    attributes: dict[str, AttributeValue] = {"openinference.span.kind": "LLM"}
    record = span("openinference.x", attributes, raised, status=StatusCode.ERROR)
    assert translated(record)["error.type"] == "RateLimitError"
    assert translated(span("openinference.x", attributes, status=StatusCode.ERROR))["error.type"] == "_OTHER"


def test_langfuse_usage_of_openai() -> None:
    """The usage object of the openai API, which Langfuse's drop-in writes, is inclusive: nothing is added to it."""
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 200,
        "total_tokens": 1200,
        "prompt_tokens_details": {"cached_tokens": 600},
        "completion_tokens_details": {"reasoning_tokens": 80},
    }
    found = translated(
        span(
            "langfuse-sdk",
            {
                "langfuse.observation.type": "generation",
                "langfuse.observation.usage_details": json.dumps(usage),
            },
        )
    )
    expected = {
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 200,
        "gen_ai.usage.cache_read.input_tokens": 600,
        "gen_ai.usage.reasoning.output_tokens": 80,
    }
    assert {name: found.get(name) for name in expected} == expected
