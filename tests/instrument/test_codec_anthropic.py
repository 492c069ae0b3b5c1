"""Anthropic's wire codec without any SDK."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spanwise.instrument.codec import AnthropicMessages


CODEC = AnthropicMessages()


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "text", "text": "hi"}, {"type": "text", "content": "hi"}),
        (
            {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
            {"type": "tool_call", "id": "t1", "name": "f", "arguments": {"a": 1}},
        ),
        (
            {"type": "tool_result", "tool_use_id": "t1", "content": '{"ok": true}'},
            {"type": "tool_call_response", "id": "t1", "response": {"ok": True}},
        ),
        (
            {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "x"}]},
            {"type": "tool_call_response", "id": "t1", "response": [{"type": "text", "content": "x"}]},
        ),
        ({"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "reasoning", "content": "hm"}),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
            {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "AAAA"},
        ),
        (
            {"type": "image", "source": {"type": "url", "url": "https://x.org/a.png"}},
            {"type": "uri", "modality": "image", "uri": "https://x.org/a.png"},
        ),
        (
            {"type": "document", "source": {"type": "file", "file_id": "f1"}},
            {"type": "file", "modality": "document", "file_id": "f1"},
        ),
        (
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "words"}},
            {"type": "text", "content": "words"},
        ),
        ({"type": "server_tool_use", "name": "web_search"}, {"type": "server_tool_use", "name": "web_search"}),
    ],
)
def test_blocks(block: dict[str, Any], expected: dict[str, Any]) -> None:
    """Each kind of block has its form in the convention; an unknown one is kept as it came."""
    found = CODEC.request_content({"messages": [{"role": "user", "content": [block]}]})["gen_ai.input.messages"]
    assert json.loads(str(found)) == [{"role": "user", "parts": [expected]}]


def test_system_and_tools() -> None:
    """The system prompt, a string or blocks, stands apart; tools keep their schema."""
    tools = [{"name": "f", "description": "d", "input_schema": {}}, {"type": "web_search_20250305", "name": "web"}]
    found = CODEC.request_content({"messages": [], "system": "be kind", "tools": tools})
    assert json.loads(str(found["gen_ai.system_instructions"])) == [{"type": "text", "content": "be kind"}]
    assert json.loads(str(found["gen_ai.tool.definitions"])) == [
        {"type": "function", "name": "f", "description": "d", "parameters": {}},
        {"type": "web_search_20250305", "name": "web"},
    ]
    blocks = CODEC.request_content({"messages": [], "system": [{"type": "text", "text": "a"}]})
    assert json.loads(str(blocks["gen_ai.system_instructions"])) == [{"type": "text", "content": "a"}]


def test_usage_includes_the_cache() -> None:
    """Input counted in three buckets becomes one inclusive sum, with its parts beside it."""
    usage = {
        "input_tokens": 10,
        "cache_read_input_tokens": 200,
        "cache_creation_input_tokens": 30,
        "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
        "output_tokens": 5,
        "server_tool_use": {"web_search_requests": 2},
        "service_tier": "priority",
    }
    assert CODEC.response({"id": "msg_1", "usage": usage, "stop_reason": "max_tokens"}) == {
        "gen_ai.usage.input_tokens": 240,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 200,
        "gen_ai.usage.cache_write.input_tokens": 30,
        "spanwise.usage.cache_write.5m.input_tokens": 20,
        "spanwise.usage.cache_write.1h.input_tokens": 10,
        "spanwise.usage.web_searches": 2,
        "spanwise.response.service_tier": "priority",
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.finish_reasons": ["length"],
    }


def test_stream_adds_up() -> None:
    """Events of text, thinking and tool input, interleaved, add up to the message without streaming."""
    reducer = CODEC.reducer()
    for event in (
        {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {"input_tokens": 9}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "h"}},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "m"}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "yes"}},
        {
            "type": "content_block_start",
            "index": 2,
            "content_block": {"type": "tool_use", "id": "t", "name": "f", "input": {}},
        },
        {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '{"a"'}},
        {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": ": 1}"}},
        {"type": "content_block_delta", "index": 9, "delta": {"type": "text_delta", "text": "never started"}},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 7, "x": None}},
        {"type": "message_stop"},
    ):
        reducer.add(event)
    body = reducer.body()
    assert CODEC.response(body)["gen_ai.usage.output_tokens"] == 7
    assert CODEC.response(body)["gen_ai.response.finish_reasons"] == ["tool_call"]
    (message,) = json.loads(str(CODEC.response_content(body)["gen_ai.output.messages"]))
    assert message["parts"] == [
        {"type": "reasoning", "content": "hm"},
        {"type": "text", "content": "yes"},
        {"type": "tool_call", "id": "t", "name": "f", "arguments": {"a": 1}},
    ]
