"""OpenAI's wire codecs without any SDK: what a body says, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spanwise.instrument.codec import OpenAIChat, OpenAICompletions, OpenAIEmbeddings, OpenAIResponses


CHAT = OpenAIChat()
RESPONSES = OpenAIResponses()


def asked(message: dict[str, Any]) -> dict[str, Any]:
    """One request message of a chat as the convention's message."""
    (found,) = json.loads(str(CHAT.request_content({"messages": [message]})["gen_ai.input.messages"]))
    assert isinstance(found, dict)
    return found


def parts(content: list[Any]) -> list[dict[str, Any]]:
    """The parts of a user's message with `content`."""
    found = asked({"role": "user", "content": content})["parts"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "text", "text": "hi"}, {"type": "text", "content": "hi"}),
        ("hi", {"type": "text", "content": "hi"}),
        (
            {"type": "image_url", "image_url": {"url": "https://x.org/a.png", "detail": "low"}},
            {"type": "uri", "modality": "image", "uri": "https://x.org/a.png"},
        ),
        (
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
            {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "AAAA"},
        ),
        (
            {"type": "input_image", "image_url": "https://x.org/a.png"},
            {"type": "uri", "modality": "image", "uri": "https://x.org/a.png"},
        ),
        ({"type": "input_image", "file_id": "f1"}, {"type": "file", "modality": "image", "file_id": "f1"}),
        (
            {"type": "input_audio", "input_audio": {"format": "wav", "data": "BBBB"}},
            {"type": "blob", "modality": "audio", "mime_type": "audio/wav", "content": "BBBB"},
        ),
        (
            {"type": "file", "file": {"file_id": "f2"}},
            {"type": "file", "modality": "document", "file_id": "f2"},
        ),
        (
            {"type": "input_file", "file_data": "data:application/pdf;base64,CCCC"},
            {"type": "blob", "modality": "document", "mime_type": "application/pdf", "content": "CCCC"},
        ),
        ({"type": "refusal", "refusal": "no"}, {"type": "refusal", "content": "no"}),
        ({"type": "novel", "x": 1}, {"type": "novel", "x": 1}),
    ],
)
def test_parts(part: object, expected: dict[str, Any]) -> None:
    """Each kind of part has its form in the convention; an unknown one is kept as it came."""
    assert parts([part]) == [expected]


def test_tool_messages() -> None:
    """Calls and results of tools are parts; arguments and results that are JSON are structured."""
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    assert asked({"role": "assistant", "content": None, "tool_calls": [call]}) == {
        "role": "assistant",
        "parts": [{"type": "tool_call", "name": "f", "arguments": {"a": 1}, "id": "c1"}],
    }
    assert asked({"role": "tool", "tool_call_id": "c1", "content": "not json"}) == {
        "role": "tool",
        "parts": [{"type": "tool_call_response", "response": "not json", "id": "c1"}],
    }
    assert asked({"role": "function", "name": "f", "content": '{"b": 2}'}) == {
        "role": "tool",
        "parts": [{"type": "tool_call_response", "response": {"b": 2}}],
        "name": "f",
    }
    custom = {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "SELECT 1"}}
    assert asked({"role": "assistant", "tool_calls": [custom]})["parts"] == [
        {"type": "tool_call", "name": "g", "arguments": "SELECT 1", "id": "c2"}
    ]
    legacy = {"role": "assistant", "function_call": {"name": "h", "arguments": "{broken"}}
    assert asked(legacy)["parts"] == [{"type": "tool_call", "name": "h", "arguments": "{broken"}]


def test_reasoning_and_refusal() -> None:
    """What compatible servers call reasoning comes first, a refusal is a part of its own."""
    answered = {"content": "so", "reasoning_content": "hm", "refusal": "no"}
    content = CHAT.response_content({"choices": [{"message": answered}]})
    assert json.loads(str(content["gen_ai.output.messages"])) == [
        {
            "role": "assistant",
            "parts": [
                {"type": "reasoning", "content": "hm"},
                {"type": "text", "content": "so"},
                {"type": "refusal", "content": "no"},
            ],
        }
    ]


def test_tool_definitions() -> None:
    """Tools are unwrapped; one that is not a function keeps its type."""
    tools = [
        {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}},
        {"type": "web_search_preview"},
        {"type": "custom", "custom": {"name": "g"}},
    ]
    found = CHAT.request_content({"messages": [], "tools": tools})["gen_ai.tool.definitions"]
    assert json.loads(str(found)) == [
        {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}},
        {"type": "web_search_preview", "name": "web_search_preview"},
        {"type": "custom", "name": "g"},
    ]


def test_request_of_a_chat() -> None:
    """Parameters are taken where they have the right type and say something."""
    body = {
        "model": "gpt-4.1",
        "max_completion_tokens": 9,
        "temperature": 1,
        "n": 2,
        "stop": ["a", 3],
        "reasoning_effort": "low",
        "response_format": {"type": "json_schema"},
        "service_tier": "flex",
        "stream": True,
        "top_p": "0.5",
    }
    assert CHAT.request(body) == {
        "openai.api.type": "chat_completions",
        "gen_ai.request.model": "gpt-4.1",
        "gen_ai.request.max_tokens": 9,
        "gen_ai.request.temperature": 1.0,
        "gen_ai.request.choice.count": 2,
        "gen_ai.request.stop_sequences": ["a"],
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.request.stream": True,
        "gen_ai.output.type": "json",
        "openai.request.service_tier": "flex",
    }
    plain = {"openai.api.type": "chat_completions"}
    assert CHAT.request({"n": 1, "stream": False, "service_tier": "auto"}) == plain
    assert CHAT.request({"modalities": ["text", "audio"]}) == {**plain, "gen_ai.output.type": "speech"}


def test_usage() -> None:
    """Counts are inclusive and complete; a zero modality was not used; a cost that a router sends is passed on."""
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0, "cache_write_tokens": 7},
        "completion_tokens_details": {"reasoning_tokens": 20, "audio_tokens": 5},
        "cost": 0.25,
    }
    assert CHAT.response({"usage": usage, "choices": [{"finish_reason": "tool_calls"}, {}]}) == {
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_write.input_tokens": 7,
        "gen_ai.usage.reasoning.output_tokens": 20,
        "gen_ai.usage.audio.output_tokens": 5,
        "gen_ai.usage.cost.amount": 0.25,
        "gen_ai.usage.cost.source": "provider",
        "gen_ai.response.finish_reasons": ["tool_call", "error"],
    }


def test_chunks_of_two_choices_with_tools() -> None:
    """Chunks of several choices and several tool calls, out of order, add up to the body without streaming."""
    reducer = CHAT.reducer()
    for delta in (
        {"index": 1, "delta": {"content": "b1"}},
        {"index": 0, "delta": {"tool_calls": [{"index": 1, "id": "y", "function": {"name": "g", "arguments": "{"}}]}},
        {"index": 0, "delta": {"tool_calls": [{"index": 0, "id": "x", "function": {"name": "f", "arguments": ""}}]}},
        {"index": 0, "delta": {"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]}},
        {"index": 1, "delta": {"content": "b2"}, "finish_reason": "stop"},
        {"index": 0, "delta": {}, "finish_reason": "tool_calls"},
    ):
        reducer.add({"id": "r", "choices": [delta]})
    body = reducer.body()
    assert body["id"] == "r"
    first, second = body["choices"]
    assert [call["function"] for call in first["message"]["tool_calls"]] == [
        {"name": "f", "arguments": ""},
        {"name": "g", "arguments": "{}"},
    ]
    assert (second["message"]["content"], second["finish_reason"]) == ("b1b2", "stop")


def test_responses_content() -> None:
    """Input and output items of every kind are messages; instructions stand apart."""
    body = {
        "instructions": "be kind",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "hi"}]},
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": '{"ok": true}'},
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "web_search_call", "id": "w1"},
        ],
        "tools": [{"type": "function", "name": "f", "parameters": {}}],
    }
    found = RESPONSES.request_content(body)
    assert json.loads(str(found["gen_ai.system_instructions"])) == [{"type": "text", "content": "be kind"}]
    assert json.loads(str(found["gen_ai.input.messages"])) == [
        {"role": "user", "parts": [{"type": "text", "content": "hi"}]},
        {"role": "assistant", "parts": [{"type": "tool_call", "name": "f", "arguments": {}, "id": "c1"}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "response": {"ok": True}, "id": "c1"}]},
        {"role": "assistant", "parts": [{"type": "reasoning", "content": "hm"}]},
        {"role": "assistant", "parts": [{"type": "web_search_call", "id": "w1"}]},
    ]
    assert json.loads(str(found["gen_ai.tool.definitions"])) == [{"type": "function", "name": "f", "parameters": {}}]
    given = RESPONSES.request_content({"input": "hi"})["gen_ai.input.messages"]
    assert json.loads(str(given)) == [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]
    output = [
        {"type": "message", "content": [{"type": "output_text", "text": "yes"}]},
        {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
    ]
    answered = RESPONSES.response_content({"output": output})["gen_ai.output.messages"]
    assert json.loads(str(answered))[0]["parts"] == [
        {"type": "text", "content": "yes"},
        {"type": "tool_call", "name": "g", "arguments": {}, "id": "c2"},
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"status": "completed", "output": []}, "stop"),
        ({"status": "completed", "output": [{"type": "function_call"}]}, "tool_call"),
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "length"),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "content_filter"),
        ({"status": "failed"}, "error"),
        ({"status": "cancelled"}, "error"),
    ],
)
def test_reason_of_a_response(body: dict[str, Any], reason: str) -> None:
    """The status of a response becomes a finish reason; one still in progress has none."""
    assert RESPONSES.response(body)["gen_ai.response.finish_reasons"] == [reason]
    assert "gen_ai.response.finish_reasons" not in RESPONSES.response({"status": "in_progress"})


def test_response_stream_cut_short() -> None:
    """A stream that ends in the middle leaves the text so far; an error event names its class."""
    reducer = RESPONSES.reducer()
    reducer.add({"type": "response.created", "response": {"id": "r1", "status": "in_progress"}})
    reducer.add({"type": "response.output_text.delta", "item_id": "m1", "delta": "half an "})
    reducer.add({"type": "response.output_text.delta", "item_id": "m1", "delta": "answer"})
    reducer.add({"type": "error", "code": "server_error"})
    content = RESPONSES.response_content(reducer.body())
    assert "half an answer" in str(content["gen_ai.output.messages"])
    assert reducer.error == "server_error"


def test_response_that_failed() -> None:
    """A response that failed says why."""
    reducer = RESPONSES.reducer()
    body = {"status": "failed", "error": {"code": "rate_limit_exceeded"}}
    reducer.add({"type": "response.failed", "response": body})
    assert reducer.error == "rate_limit_exceeded"
    assert reducer.body() == body


def test_conversation_and_searches() -> None:
    """A response's conversation, predecessor and billed searches are taken over."""
    found = RESPONSES.request({"conversation": {"id": "conv_1"}, "previous_response_id": "resp_0"})
    assert found["gen_ai.conversation.id"] == "conv_1"
    assert found["gen_ai.request.previous_response.id"] == "resp_0"
    assert RESPONSES.request({"conversation": "conv_2"})["gen_ai.conversation.id"] == "conv_2"
    searched = RESPONSES.response({"output": [{"type": "web_search_call"}, {"type": "web_search_call"}]})
    assert searched["spanwise.usage.web_searches"] == 2


def test_legacy_completions() -> None:
    """Prompts are messages of the user, each choice one of the assistant; token ids are not content."""
    codec = OpenAICompletions()
    found = codec.request_content({"prompt": ["a", [1, 2], "b"]})["gen_ai.input.messages"]
    assert [message["parts"][0]["content"] for message in json.loads(str(found))] == ["a", "b"]
    assert codec.request_content({"prompt": [[1, 2]]}) == {}
    answered = codec.response_content({"choices": [{"text": "c"}]})["gen_ai.output.messages"]
    assert json.loads(str(answered)) == [{"role": "assistant", "parts": [{"type": "text", "content": "c"}]}]


def test_embeddings_hold_no_content() -> None:
    """Neither texts nor vectors are captured."""
    codec = OpenAIEmbeddings()
    assert codec.request_content({"input": ["secret"]}) == {}
    assert codec.response_content({"data": [{"embedding": [0.1]}]}) == {}
    assert codec.request({"model": "m", "input": "secret", "dimensions": 256, "encoding_format": "base64"}) == {
        "gen_ai.request.model": "m",
        "gen_ai.request.encoding_formats": ["base64"],
        "gen_ai.embeddings.dimension.count": 256,
    }
