"""Codecs of Hugging Face on JSON alone."""

from __future__ import annotations

import json

import pytest

from spanwise.instrument.codec.hugging_face_embed import HuggingFaceEmbed
from spanwise.instrument.codec.hugging_face_generate import HuggingFaceGenerate, header_details


def test_parameters() -> None:
    """Parameters have names of their own."""
    parameters = {"max_new_tokens": 9, "temperature": 0.5, "stop": ["X"], "grammar": {"type": "json", "value": {}}}
    assert HuggingFaceGenerate().request({"model": "m", "inputs": "x", "parameters": parameters, "stream": False}) == {
        "gen_ai.request.model": "m",
        "gen_ai.request.max_tokens": 9,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.stop_sequences": ["X"],
        "gen_ai.output.type": "json",
    }


@pytest.mark.parametrize(("told", "expected"), [("eos_token", "stop"), ("length", "length"), ("stop_sequence", "stop")])
def test_details(told: str, expected: str) -> None:
    """Details tell the tokens made, and those of the prompt where they were asked for."""
    details = {"finish_reason": told, "generated_tokens": 7, "prefill": [{"id": 1}, {"id": 2}]}
    assert HuggingFaceGenerate().response({"generated_text": "x", "details": details}) == {
        "gen_ai.usage.input_tokens": 2,
        "gen_ai.usage.output_tokens": 7,
        "gen_ai.response.finish_reasons": [expected],
    }


def test_no_details_are_no_tokens() -> None:
    """What is not told is absent."""
    assert HuggingFaceGenerate().response({"generated_text": "x", "details": None}) == {}
    prefill: list[object] = []
    assert HuggingFaceGenerate().response({"details": {"prefill": prefill}}) == {}


@pytest.mark.parametrize(
    ("value", "expected"), [("18", 18), ("0", 0), ("-1", None), ("1e3", None), ("9" * 99, None), ("", None)]
)
def test_headers(value: str, expected: int | None) -> None:
    """Headers tell tokens where they are whole numbers of a size that tokens have."""
    found = header_details({"x-generated-tokens": value})
    assert found == ({} if expected is None else {"details": {"generated_tokens": expected}})


def test_tokens_are_the_text_so_far() -> None:
    """A stream that breaks off has the text that came, without marks that are no text."""
    reducer = HuggingFaceGenerate().reducer()
    for text, special in (("<s>", True), ("It ", False), ("is", False)):
        reducer.add({"token": {"text": text, "special": special}, "generated_text": None})
    (said,) = json.loads(str(HuggingFaceGenerate().response_content(reducer.body())["gen_ai.output.messages"]))
    assert said["parts"] == [{"type": "text", "content": "It is"}]


def test_the_last_event_has_all() -> None:
    """The last event has the text as a whole, and the details."""
    reducer = HuggingFaceGenerate().reducer()
    details = {"finish_reason": "length", "generated_tokens": 1, "input_length": 4}
    reducer.add({"token": {"text": "It"}, "generated_text": "It", "details": details})
    assert HuggingFaceGenerate().response(reducer.body())["gen_ai.usage.input_tokens"] == 4


def test_errors_by_kind() -> None:
    """An error in a stream has a kind; where it has none, its text is not passed on."""
    for event, expected in (
        ({"error": "x", "error_type": "overloaded"}, "overloaded"),
        ({"error": "x"}, "provider_error"),
    ):
        reducer = HuggingFaceGenerate().reducer()
        reducer.add(event)
        assert reducer.error == expected


def test_vectors_are_not_captured() -> None:
    """Feature extraction has a model, and nothing of what went in or came out."""
    assert HuggingFaceEmbed().request({"model": "m", "inputs": "x"}) == {"gen_ai.request.model": "m"}
    assert HuggingFaceEmbed().request_content({"inputs": "x"}) == HuggingFaceEmbed().response_content({}) == {}
