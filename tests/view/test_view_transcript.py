"""Messages, tools and documents of spans, from content of any form."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spanwise.semconv import attributes as attr
from spanwise.view.document import document
from spanwise.view.transcript import CONTENT, MAX_ALL, MAX_MESSAGES, MAX_PARTS, MAX_TEXT, last_text, transcript


WORDS = ("role", "parts", "content", "type", "name", "id", "arguments", "response", "score")
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1e9, 1e9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(WORDS), inner, max_size=5
    )
    | st.fixed_dictionaries({"type": st.sampled_from(["text", "tool_call", "tool_call_response", "blob", "uri"])}),
    max_leaves=20,
)  # fmt: skip
"""JSON of the shapes and the words of messages, and of none."""


@given(st.dictionaries(st.sampled_from(CONTENT), ANY | ANY.map(json.dumps) | st.text(max_size=20)), ANY)
def test_any_content_becomes_a_transcript(attributes: dict[str, Any], span_events: Any) -> None:
    """Never an error, always JSON, and every part is text."""
    found = transcript(attributes, span_events)
    document(found)
    for message in (*found.get("input", ()), *found.get("output", ())):  # type: ignore[misc] # lists where they are there
        assert isinstance(message["role"], str)
        assert all(isinstance(part["text"], str) for part in message["parts"])


def said(*parts: object, role: str = "user") -> dict[str, object]:
    """A message."""
    return {"role": role, "parts": list(parts)}


def test_parts_of_the_convention_are_told_apart() -> None:
    """Text, reasoning, calls, results and media each have their kind; media are words and never loaded."""
    message = said(
        {"type": "text", "content": "hello"},
        {"type": "reasoning", "content": "hm"},
        {"type": "tool_call", "id": "1", "name": "look", "arguments": {"a": 1}},
        {"type": "tool_call_response", "id": "1", "response": "found"},
        {"type": "server_tool_call", "name": "search", "server_tool_call": {"type": "web"}},
        {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "QUJD"},
        {"type": "uri", "modality": "image", "uri": "https://example.org/x.png"},
        {"type": "of tomorrow", "x": 1},
    )
    found: Any = transcript({attr.GEN_AI_INPUT_MESSAGES: json.dumps([message])}, None)
    parts = found["input"][0]["parts"]
    kinds = ["text", "reasoning", "tool_call", "tool_result", "tool_call", "media", "media", "other"]
    assert [part["kind"] for part in parts] == kinds
    assert parts[2] == {"kind": "tool_call", "name": "look", "id": "1", "text": '{\n  "a": 1\n}'}
    assert parts[5]["text"] == "image, image/png, 3 bytes"
    assert parts[6]["text"] == "image, https://example.org/x.png"
    assert parts[7]["name"] == "of tomorrow"


def test_content_of_an_event_is_content_of_the_span() -> None:
    """Where messages are events and not attributes, they are shown the same."""
    event = {
        "name": "gen_ai.client.inference.operation.details",
        "attributes": {attr.GEN_AI_OUTPUT_MESSAGES: [said({"type": "text", "content": "yes"}, role="assistant")]},
    }
    found: Any = transcript({}, [event])
    assert found["output"] == [{"role": "assistant", "parts": [{"kind": "text", "text": "yes"}]}]


def test_a_long_conversation_keeps_its_beginning_and_its_end() -> None:
    """The instruction at the beginning and the last messages are there, with the number between them."""
    messages = [said({"type": "text", "content": str(number)}) for number in range(MAX_MESSAGES + 50)]
    found: Any = transcript({attr.GEN_AI_INPUT_MESSAGES: json.dumps(messages)}, [])
    texts = [message["parts"][0]["text"] for message in found["input"]]
    assert len(texts) == MAX_MESSAGES
    assert texts[0] == "0"
    assert texts[-1] == str(MAX_MESSAGES + 49)
    assert found["input"][0]["omitted"] == 50
    assert int(texts[1]) == 51


def test_sizes_are_bounded_one_by_one_and_altogether() -> None:
    """No part, no message and no transcript is longer than its bound."""
    parts = [{"type": "text", "content": "x" * (MAX_TEXT + 5)} for _ in range(MAX_PARTS + 5)]
    found: Any = transcript({attr.GEN_AI_INPUT_MESSAGES: json.dumps([said(*parts)])}, [])
    (message,) = found["input"]
    assert len(message["parts"]) == MAX_PARTS + 1
    assert message["parts"][-1] == {"kind": "note", "text": "5 more parts are left out"}
    assert message["parts"][0]["text"].endswith("…")
    assert sum(len(part["text"]) for part in message["parts"]) < MAX_ALL + 2 * MAX_PARTS


def test_the_last_words_of_a_role_are_found() -> None:
    """What the user said last, and not the result of a tool after it."""
    messages = [
        said({"type": "text", "content": "first"}),
        said({"type": "text", "content": "a"}, {"type": "text", "content": "b"}),
        said({"type": "tool_call_response", "response": "42"}, role="tool"),
    ]
    assert last_text(json.dumps(messages), "user", 100) == "a b"
    assert last_text(messages, None, 2) == "a…"
    assert last_text("not JSON", None, 9) is None
    assert last_text([None, 7, {"parts": 3}], None, 9) is None
