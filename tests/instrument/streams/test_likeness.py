"""An event is like another when it differs in its text alone, whatever that text is."""

from __future__ import annotations

import json
import re

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
    run = Run(LEARNED)
    assert all(run.add(data) for data in fitting)
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


def gemini(text: str, *, said: int = 5, index: int = 0, version: str = "gemini-2.5-flash") -> bytes:
    """An event of Gemini, which counts in each."""
    details = [{"modality": "TEXT", "tokenCount": 7}]
    counts = {"promptTokenCount": 7, "candidatesTokenCount": said, "totalTokenCount": 7 + said}
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "index": index}
    usage = {**counts, "promptTokensDetails": details}
    body = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": version, "responseId": "r"}
    return b"data: " + json.dumps(body).encode() + b"\r\n\r\n"


def test_events_that_count_fit() -> None:
    """Counts and text may differ; another candidate, model or field may not."""
    found = Likeness.of(gemini("a"))
    assert found is not None
    assert found.fits(gemini("", said=12345))
    assert not found.fits(gemini("a", index=1))
    assert not found.fits(gemini("a", version="gemini-2.5-flash-002"))
    assert not found.fits(gemini("a").replace(b'"tokenCount": 7', b'"tokenCount": 7, "more": 7'))
    assert not found.fits(gemini('a "'))
    assert not found.fits(gemini("a") + gemini("b", said=6))
    assert not found.fits(gemini("a")[:-40])


COUNTING = re.compile(
    re.sub(rb'(Count":\\ )[0-9]+', rb"\1[0-9]+", re.escape(gemini("@"))).replace(b"@", b'([^"]*)'), re.DOTALL
)
"""What the events of Gemini have in common, as plainly as it can be said."""

COUNTED = st.builds(
    lambda text, said, read: gemini(text, said=said).replace(b'"tokenCount": 7', b'"tokenCount": %d' % read),
    st.text() | st.just(""),
    st.integers(0, 12) | st.integers(0, 10**6),
    st.sampled_from([7, 7, 7, 8, 12]),
)
PARTS = st.sampled_from([b"", b'"', b'\\"', b"1", b"{", b'"}', b'"error": 1', b"\r\n\r\n"]) | st.binary(max_size=2)


@given(st.lists(st.tuples(COUNTED, st.none() | st.tuples(st.integers(0, 400), st.integers(0, 4), PARTS)), max_size=12))
def test_counts_are_compared_as_any_search_would(drawn: list[tuple[bytes, tuple[int, int, bytes] | None]]) -> None:
    """Of any events, damaged ones among them, those fit that a regular expression finds, with the same text."""
    found = Likeness.of(gemini("a"))
    assert found is not None
    for whole, damage in drawn:
        place, size, part = damage or (0, 0, b"")
        data = whole[:place] + part + whole[place + size :]
        match = COUNTING.fullmatch(data)
        assert found.piece(data) == (match and match[1])


def test_an_event_that_is_too_short_does_not_fit() -> None:
    """Nor where the quote before its text is also the one behind it."""
    for data, short in (
        (gemini("a"), gemini("").replace(b'"text": ""', b'"text": "')),
        (event("a", padding=""), event("", padding="").replace(b'"content":""', b'"content":"')),
        (b'data: {"text":"a"}', b'data: {"text":"}'),
    ):
        found = Likeness.of(data)
        assert found is not None
        assert found.fits(data) and found.fits(data)
        assert not found.fits(short)


def test_a_run_that_counts_ends_with_the_last_counts() -> None:
    """The texts of all, and the counts of the last."""
    found = Likeness.of(gemini("a"))
    assert found is not None
    run = Run(found)
    assert run.add(gemini("one "))
    assert run.add(gemini("two", said=31))
    assert not run.add(gemini("three", index=1))
    assert run.event() == gemini("one two", said=31)


def test_deltas_of_bedrock_fit() -> None:
    """Padding of any length belongs to no likeness."""
    found = Likeness.of(b'{"contentBlockIndex":0,"delta":{"text":"a"},"p":"abcdefgh"}')
    assert found is not None
    assert found.fits(b'{"contentBlockIndex":0,"delta":{"text":"stopReason"},"p":"ab"}')
    assert not found.fits(b'{"contentBlockIndex":1,"delta":{"text":"a"},"p":"ab"}')


def test_a_text_with_a_quote_belongs_to_no_run() -> None:
    """Nor does the one that was learned from it: whoever holds events keeps such a one whole."""
    found = Likeness.of(b'data: {"delta":{"content":"a \\"b"},"usage":null}\n\n')
    assert found is not None
    run = Run(found)
    assert not run.add(b'data: {"delta":{"content":"a \\"b"},"usage":null}\n\n')
    assert run.add(b'data: {"delta":{"content":"a"},"usage":null}\n\n')
    assert run.event() == b'data: {"delta":{"content":"a"},"usage":null}\n\n'
