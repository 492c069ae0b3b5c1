"""Codecs of Ollama on JSON alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spanwise.instrument.codec.ollama_chat import OllamaChat
from spanwise.instrument.codec.ollama_embed import OllamaEmbed
from spanwise.instrument.codec.ollama_generate import OllamaGenerate


END: dict[str, Any] = {
    "model": "m",
    "done": True,
    "done_reason": "length",
    "total_duration": 2_500_000_000,
    "load_duration": 500_000_000,
    "prompt_eval_count": 5,
    "eval_count": 7,
}


def test_options_are_request_parameters() -> None:
    """Options have Ollama's names; as many tokens as there is room for is no number of tokens."""
    options = {"temperature": 0.5, "num_predict": -1, "top_k": 3, "top_p": 0.9, "seed": 7, "presence_penalty": 1.5}
    found = OllamaChat().request({"model": "m", "options": options, "think": "high", "stream": True})
    assert found == {
        "gen_ai.request.model": "m",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_k": 3,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.seed": 7,
        "gen_ai.request.presence_penalty": 1.5,
        "gen_ai.request.reasoning.level": "high",
        "gen_ai.request.stream": True,
    }


@pytest.mark.parametrize("wanted", ["json", {"type": "object", "properties": {}}])
def test_formats_are_json(wanted: object) -> None:
    """Both the word and a schema ask for JSON."""
    assert OllamaGenerate().request({"format": wanted})["gen_ai.output.type"] == "json"


def test_no_format_is_no_output_type() -> None:
    """An empty format asks for nothing."""
    assert "gen_ai.output.type" not in OllamaGenerate().request({"format": "", "think": True})


def test_counts_and_times() -> None:
    """Counts as they are, times in seconds."""
    assert OllamaGenerate().response(END) == {
        "gen_ai.response.model": "m",
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 7,
        "spanwise.response.latency_s": 2.5,
        "spanwise.response.load_s": 0.5,
        "gen_ai.response.finish_reasons": ["length"],
    }


def test_a_prompt_in_the_cache_has_no_count() -> None:
    """What the server leaves out is absent, not zero."""
    assert "gen_ai.usage.input_tokens" not in OllamaChat().response({**END, "prompt_eval_count": None})
    assert OllamaEmbed().response({"embedding": [0.1]}) == {}


def test_the_last_line_is_not_taken_from_a_tool() -> None:
    """Arguments that look like the end of a stream do not end it."""
    call = (
        b'{"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{"done":true}}}]},"done":false}\n'
    )
    last = b'{"message":{"content":""},"done":true,"done_reason":"stop","eval_count":7}\n'
    for codec in (OllamaChat(), OllamaGenerate()):
        assert codec.last.search(call) is None
        assert codec.last.search(call + last) is not None
        assert codec.last.search(last.replace(b"\n", b"\r\n")) is not None


def test_lines_are_one_message() -> None:
    """Thinking, text and calls of all lines are one message."""
    reducer = OllamaChat().reducer()
    reducer.add({"model": "m", "message": {"role": "assistant", "content": "", "thinking": "Hm"}, "done": False})
    reducer.add({"message": {"content": "Let me "}, "done": False})
    call = {"function": {"name": "f", "arguments": {"id": "1"}}}
    reducer.add({"message": {"content": "look", "tool_calls": [call]}, "done": False})
    reducer.add({"message": {"content": ""}, **END, "done_reason": "stop"})
    (said,) = json.loads(str(OllamaChat().response_content(reducer.body())["gen_ai.output.messages"]))
    assert said["parts"] == [
        {"type": "reasoning", "content": "Hm"},
        {"type": "text", "content": "Let me look"},
        {"type": "tool_call", "name": "f", "arguments": {"id": "1"}},
    ]
    assert OllamaChat().response(reducer.body())["gen_ai.response.finish_reasons"] == ["tool_call"]


def test_a_conversation_with_a_tool() -> None:
    """A tool's answer is a part of its own, by the tool's name."""
    messages = [{"role": "system", "content": "Be brief."}, {"role": "tool", "content": '{"a": 1}', "tool_name": "f"}]
    found = json.loads(str(OllamaChat().request_content({"messages": messages})["gen_ai.input.messages"]))
    assert [message["role"] for message in found] == ["system", "tool"]
    assert found[1]["parts"] == [{"type": "tool_call_response", "response": {"a": 1}, "name": "f"}]


def test_the_text_of_an_error_is_not_passed_on() -> None:
    """An error in a stream is an error of the provider's, whatever it says."""
    reducer = OllamaChat().reducer()
    reducer.add({"error": "model runner has stopped: the prompt was ..."})
    assert reducer.error == "provider_error"
    assert reducer.body() == {}


def test_calls_are_bounded() -> None:
    """A stream of calls without end is kept to a number of them."""
    reducer = OllamaChat().reducer()
    for _ in range(1000):
        reducer.add({"message": {"tool_calls": [{"function": {"name": "f"}}]}})
    assert len(reducer.body()["message"]["tool_calls"]) == 256
