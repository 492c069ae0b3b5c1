"""Codecs of Ollama, Hugging Face, Groq, Cerebras, Together and Writer on bodies that no provider sends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.instrument.codec import Codec
from spanwise.instrument.codec.hugging_face_embed import HuggingFaceEmbed
from spanwise.instrument.codec.hugging_face_generate import HuggingFaceGenerate
from spanwise.instrument.codec.ollama_chat import OllamaChat
from spanwise.instrument.codec.ollama_embed import OllamaEmbed
from spanwise.instrument.codec.ollama_generate import OllamaGenerate
from spanwise.instrument.codec.timed_completion import TimedChat, TimedCompletions
from spanwise.instrument.codec.together_rerank import TogetherRerank
from spanwise.instrument.codec.writer_chat import WriterChat
from spanwise.instrument.codec.writer_completions import WriterCompletions


CODECS: list[Codec] = [
    OllamaChat(),
    OllamaGenerate(),
    OllamaEmbed(),
    HuggingFaceGenerate(),
    HuggingFaceEmbed(),
    TimedChat(),
    TimedCompletions(),
    TogetherRerank(),
    WriterChat(),
    WriterCompletions(),
]
KEYS = st.sampled_from(
    [
        *("model", "messages", "message", "role", "content", "thinking", "images", "image", "tool_calls", "function"),
        *("name", "arguments", "tool_name", "options", "stop", "num_predict", "format", "think", "done", "done_reason"),
        *("prompt_eval_count", "eval_count", "total_duration", "load_duration", "prompt", "suffix", "system", "tools"),
        *("response", "error", "error_type", "inputs", "parameters", "details", "generated_text", "token", "text"),
        *("special", "finish_reason", "generated_tokens", "input_length", "prefill", "grammar", "type", "choices"),
        *(
            "index",
            "delta",
            "usage",
            "x_groq",
            "time_info",
            "executed_tools",
            "queue_time",
            "total_time",
            "graph_data",
            "llm_data",
        ),
        *("value", "query", "documents", "document", "results", "relevance_score", "prompt_token_details", "stream"),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | KEYS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)
BODIES = st.dictionaries(KEYS, JSON, max_size=5)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: type(codec).__name__)
@settings(max_examples=30, deadline=None)
@given(body=BODIES, events=st.lists(BODIES, max_size=3))
def test_any_json_is_read(codec: Codec, body: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Fields of a wrong type are left out: attributes have types a span takes, content is text or JSON."""
    reducer = codec.reducer()
    for event in events:
        reducer.add(event)
    for given_body in (body, reducer.body()):
        for attributes in (codec.request(given_body), codec.response(given_body)):
            for name, value in attributes.items():
                assert isinstance(value, str | int | float | bool | list), name
                assert value == value, f"{name} is not a number"  # noqa: PLR0124 - that is how NaN shows
        for content in (codec.request_content(given_body), codec.response_content(given_body)):
            for name, value in content.items():
                assert isinstance(value, str)
                assert name == "gen_ai.retrieval.query.text" or isinstance(json.loads(value), list)
    assert reducer.error is None or isinstance(reducer.error, str)
