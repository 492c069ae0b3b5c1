"""An event is like another when it differs in its text alone, whatever that text is."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from spanwise.instrument.body.likeness import Likeness, Run
from spanwise.instrument.codec import AnthropicMessages, OpenAIChat


def event(text: str, *, padding: str = "x", number: int = 1) -> bytes:
    """A chunk of a chat completion, with padding and a number that counts up."""
    choices = [{"index": 0, "delta": {"content": text}, "finish_reason": None}]
    body = {"id": "c", "sequence_number": number, "choices": choices, "usage": None, "obfuscation": padding}
    return b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n"


def content(data: bytes) -> str:
    """The text of such a chunk."""
    found: str = json.loads(data.removeprefix(b"data: "))["choices"][0]["delta"]["content"]
    return found


LEARNED = Likeness.of(event("word "))


def test_what_fits() -> None:
    """Other text, padding and numbers fit; another index, an end or a usage does not."""
    assert LEARNED is not None
    assert LEARNED.fits(event("other", padding="", number=12))
    assert not LEARNED.fits(event("word ").replace(b'"index":0', b'"index":1'))
    assert not LEARNED.fits(event("word ").replace(b'"finish_reason":null', b'"finish_reason":"stop"'))
    assert not LEARNED.fits(event("word ").replace(b'"usage":null', b'"usage":{"prompt_tokens":1}'))
    assert not LEARNED.fits(event("word ").replace(b'"sequence_number":1', b'"sequence_number":{"error":1}'))
    assert not LEARNED.fits(event("one") + event("two"))
    assert Likeness.of(b'data: {"type":"ping"}\n\n') is None


@given(st.text(), st.text(alphabet="abc"), st.integers(0, 10**9))
def test_no_text_hides_what_a_gate_looks_for(text: str, padding: str, number: int) -> None:
    """Whatever fits is passed by the gate as well: it would not have been taken."""
    data = event(text, padding=padding, number=number)
    assert LEARNED is not None
    if LEARNED.fits(data):
        assert OpenAIChat.gate.search(data) is None or "[DONE]" in text


@given(st.lists(st.text(), min_size=1))
def test_a_run_says_what_its_events_say(texts: list[str]) -> None:
    """One event of all that fit has their texts, one after the other."""
    assert LEARNED is not None
    fitting = [data for text in texts if LEARNED.fits(data := event(text))]
    if not fitting:
        return
    run = Run(LEARNED, fitting[0])
    run.extend(fitting[1:])
    assert content(run.event()) == "".join(map(content, fitting))


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    """What is no event at all is like nothing, and nothing raises."""
    found = Likeness.of(data)
    assert found is None or found.fits(data)
    assert LEARNED is not None
    assert LEARNED.fits(data) is False


def test_deltas_of_anthropic_fit() -> None:
    """A text delta is like the one before it; the end of the message is not."""
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}}
    data = f"event: content_block_delta\ndata: {json.dumps(delta, separators=(',', ':'))}\n\n".encode()
    found = Likeness.of(data)
    assert found is not None
    assert found.fits(data.replace(b'"text":"a"', b'"text":"message_stop"'))
    assert not found.fits(data.replace(b"content_block_delta", b"message_stop"))
    assert AnthropicMessages.gate.search(data) is None
