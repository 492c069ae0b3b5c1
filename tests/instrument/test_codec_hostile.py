"""Every wire codec on bodies that no provider sends: nothing raises, and what comes out is well-formed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.instrument.codec import (
    AnthropicMessages,
    Codec,
    OpenAIChat,
    OpenAICompletions,
    OpenAIEmbeddings,
    OpenAIResponses,
)


CODECS: list[Codec] = [OpenAIChat(), OpenAICompletions(), OpenAIEmbeddings(), OpenAIResponses(), AnthropicMessages()]
KEYS = st.sampled_from(
    [
        "model",
        "messages",
        "role",
        "content",
        "type",
        "text",
        "choices",
        "message",
        "delta",
        "index",
        "finish_reason",
        "usage",
        "prompt_tokens",
        "input_tokens",
        "output",
        "tools",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "id",
        "input",
        "instructions",
        "system",
        "source",
        "data",
        "image_url",
        "url",
        "file",
        "refusal",
        "output_tokens",
        "cost",
        "cache_creation",
        "prompt_tokens_details",
        "service_tier",
        "stop",
        "n",
        "stream",
        "status",
        "error",
        "incomplete_details",
        "response",
        "item_id",
        "content_block",
        "partial_json",
        "input_audio",
        "reasoning",
        "conversation",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | KEYS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)
BODIES = st.dictionaries(KEYS, JSON, max_size=6)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: type(codec).__name__)
@settings(max_examples=150, deadline=None)
@given(body=BODIES, events=st.lists(BODIES, max_size=6))
def test_any_json_is_read(codec: Codec, body: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Fields of a wrong type are left out: attributes have types a span takes, content is JSON."""
    reducer = codec.reducer()
    for event in events:
        reducer.add(event)
    for given_body in (body, reducer.body()):
        for attributes in (codec.request(given_body), codec.response(given_body)):
            for name, value in attributes.items():
                assert isinstance(value, str | int | float | bool | list), name
                assert value == value, f"{name} is not a number"  # noqa: PLR0124 - that is how NaN shows
        for content in (codec.request_content(given_body), codec.response_content(given_body)):
            for value in content.values():
                assert isinstance(json.loads(str(value)), list)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: type(codec).__name__)
def test_indices_do_not_allocate(codec: Codec) -> None:
    """An index of a billion, or thousands of indices, cost no memory in proportion."""
    reducer = codec.reducer()
    for index in (10**9, *range(5000)):
        reducer.add({"choices": [{"index": index, "delta": {"content": "x"}}]})
        reducer.add({"type": "content_block_start", "index": index, "content_block": {"type": "text"}})
        reducer.add({"type": "response.output_text.delta", "item_id": str(index), "delta": "x"})
    body = reducer.body()
    assert len(body.get("choices", ())) <= 256
    assert len(body.get("content", ())) <= 1024
    assert len(body.get("output", ())) <= 256
