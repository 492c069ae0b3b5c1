"""Codecs of media, batches, stored and realtime responses on bodies that no provider sends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.instrument.codec import Codec
from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.anthropic_batches import AnthropicBatchCreate, AnthropicBatchResults
from spanwise.instrument.codec.openai_audio import OpenAISpeech, OpenAITranscriptions
from spanwise.instrument.codec.openai_batches import OpenAIBatchCreate, OpenAIBatchFetch
from spanwise.instrument.codec.openai_fetch import OpenAIFetch
from spanwise.instrument.codec.openai_images import OpenAIImages
from spanwise.instrument.codec.openai_moderations import OpenAIModerations
from spanwise.instrument.codec.openai_realtime import OpenAIRealtime


CODECS: list[Codec] = [
    OpenAIImages(),
    OpenAITranscriptions(),
    OpenAISpeech(),
    OpenAIModerations(),
    OpenAIBatchCreate(),
    OpenAIBatchFetch("batch_1", Accounts()),
    OpenAIFetch("resp_1", Accounts()),
    OpenAIRealtime(),
    AnthropicBatchCreate(),
    AnthropicBatchResults("msgbatch_1", Accounts()),
]
WORDS = st.sampled_from(
    [
        "model",
        "type",
        "usage",
        "data",
        "b64_json",
        "url",
        "size",
        "quality",
        "prompt",
        "images",
        "image_url",
        "file_id",
        "revised_prompt",
        "n",
        "stream",
        "status",
        "id",
        "output_format",
        "input_tokens",
        "output_tokens",
        "input_token_details",
        "output_tokens_details",
        "cached_tokens_details",
        "seconds",
        "text",
        "duration",
        "input",
        "instructions",
        "results",
        "flagged",
        "categories",
        "endpoint",
        "request_counts",
        "total",
        "completed",
        "failed",
        "result",
        "requests",
        "params",
        "message",
        "processing_status",
        "service_tier",
        "output",
        "content",
        "transcript",
        "conversation_id",
        "call_id",
        "error",
        "status_details",
        "reason",
        "output_modalities",
        "background",
        "starting_after",
        "tools",
        "image_generation.completed",
        "transcript.text.done",
        "transcript.text.delta",
        "speech.audio.done",
        "succeeded",
        "errored",
        "function_call",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=8
)
BODIES = st.dictionaries(WORDS, JSON, max_size=4)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: type(codec).__name__)
@settings(max_examples=30, deadline=None)
@given(body=BODIES, events=st.lists(BODIES, max_size=3))
def test_any_json_of_media_is_read(codec: Codec, body: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Fields of a wrong type are left out: attributes have types a span takes, content is JSON."""
    reducer = codec.reducer()
    for event in events:
        reducer.add(event)
    assert reducer.error is None or isinstance(reducer.error, str)
    for given_body in (body, reducer.body()):
        for attributes in (codec.request(given_body), codec.response(given_body)):
            for name, value in attributes.items():
                assert isinstance(value, str | int | float | bool | list), name
                assert value == value, f"{name} is not a number"  # noqa: PLR0124 - that is how NaN shows
        for content in (codec.request_content(given_body), codec.response_content(given_body)):
            for value in content.values():
                assert isinstance(json.loads(str(value)), list)


def test_what_was_counted_is_remembered_for_a_bounded_number() -> None:
    """A process that fetches a million batches holds the latest ten thousand."""
    accounts = Accounts()
    assert [accounts.claim("a"), accounts.claim("a"), accounts.claim("b", 7), accounts.claim("b", 3)] == [0, 1, 0, 7]
    for number in range(20_000):
        accounts.claim(str(number))
    assert accounts.claim("19999") == 1
    assert accounts.claim("a") == 0
