"""A span stays within its limits, its JSON stays JSON, and what is small is never touched."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cap import Cap, CapConfig, document
from spanwise.record import AttributeValue, Event, Link, SpanRecord
from tests.steps import steps


SMALL = CapConfig(max_attribute_bytes=1000, max_span_bytes=3000, max_events=4)


def capped(attributes: dict[str, AttributeValue], config: CapConfig = SMALL) -> SpanRecord:
    """A span with `attributes` after the step."""
    return Cap(config)(SpanRecord("chat", 1, 2, attributes=attributes))


def chat(*contents: str, role: str = "user") -> str:
    """A message list with one text part each."""
    return orjson.dumps([{"role": role, "parts": [{"type": "text", "content": text}]} for text in contents]).decode()


def text_of(value: AttributeValue) -> str:
    """`value` as the string it must be."""
    assert isinstance(value, str)
    return value


def size(value: AttributeValue) -> int:
    """UTF-8 bytes of a string value."""
    return len(text_of(value).encode("utf-8", "surrogatepass"))


def test_small_span_is_untouched() -> None:
    """Nothing is changed, copied or marked when everything fits."""
    attributes: dict[str, AttributeValue] = {"a": "x" * 1000, "b": chat("hi"), "n": 10**18, "l": ["a"], "m": {"k": [1]}}
    before = dict(attributes)
    span = capped(attributes)
    assert span.attributes == before
    assert all(span.attributes[key] is value for key, value in before.items())


@pytest.mark.parametrize("letter", ["a", "é", "値", "😀", "\ud800", "e\u0301"])
def test_long_text_is_cut_between_characters(letter: str) -> None:
    """A text keeps its head, ends with how much is missing, and never with half a character."""
    text = letter * 2000
    span = capped({"a": text})
    head, mark = text_of(span.attributes["a"]).split("…[+")
    assert text.startswith(head)
    assert size(span.attributes["a"]) <= 1000
    missing = len(text.encode("utf-8", "surrogatepass")) - len(head.encode("utf-8", "surrogatepass"))
    assert mark == f"{missing} bytes]"
    removed = span.attributes["spanwise.content.truncated"]
    assert removed == len(text.encode("utf-8", "surrogatepass")) - size(span.attributes["a"])


def test_longest_string_of_a_chat_is_cut_first() -> None:
    """Short messages stay whole; the long one keeps its head; roles and types are intact."""
    before = chat("You are terse.", "x" * 5000, "And then?")
    messages = orjson.loads(text_of(capped({"gen_ai.input.messages": before}).attributes["gen_ai.input.messages"]))
    contents = [message["parts"][0]["content"] for message in messages]
    assert contents[0] == "You are terse."
    assert contents[2] == "And then?"
    assert contents[1].startswith("xxxx")
    assert contents[1].endswith(" bytes]")
    assert all(message["parts"][0]["type"] == "text" for message in messages)


def test_middle_messages_go_last() -> None:
    """When short messages alone are too many, the first and the latest stay."""
    before = chat(*(f"message {number}" for number in range(200)))
    after = text_of(capped({"m": before}).attributes["m"])
    contents = [message["parts"][0]["content"] for message in orjson.loads(after)]
    assert len(after) <= 1000
    assert contents[0] == "message 0"
    assert contents[-1] == "message 199"
    assert contents[1:] == [f"message {number}" for number in range(200 - len(contents) + 1, 200)]
    assert len(contents) > 5


def test_file_becomes_a_note() -> None:
    """A base64 part or data URL says its type, size and hash, and the text beside it stays whole."""
    content = random.Random(3).randbytes(9000)
    encoded = base64.b64encode(content).decode()
    digest = hashlib.sha256(content).hexdigest()[:12]
    parts = [
        {"type": "blob", "modality": "image", "mime_type": "image/png", "content": encoded},
        {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{encoded}"}},
        {"type": "text", "content": "what is this?"},
    ]
    span = capped({"m": orjson.dumps([{"role": "user", "parts": parts}]).decode()})
    [message] = orjson.loads(text_of(span.attributes["m"]))
    assert message["parts"][0]["content"] == f"[image/png, 9000 bytes, sha256 {digest}]"
    assert message["parts"][1]["image_url"]["url"] == f"[image/jpeg, 9000 bytes, sha256 {digest}]"
    assert message["parts"][2]["content"] == "what is this?"


def test_file_within_the_limit_stays() -> None:
    """A picture that fits is not replaced."""
    value = chat(base64.b64encode(bytes(range(256))).decode())
    assert capped({"m": value}).attributes["m"] == value


def test_largest_attributes_give_way_first() -> None:
    """Over the limit of the span, small attributes stay whole and the large ones come down to one size."""
    span = capped({"a": "a" * 900, "b": "b" * 950, "c": "c" * 980, "d": chat("d" * 800), "e": "e" * 100, "n": 5})
    sizes = {key: size(value) for key, value in span.attributes.items() if isinstance(value, str)}
    assert sum(sizes.values()) <= 3000
    assert sum(sizes.values()) > 2700
    assert span.attributes["e"] == "e" * 100
    assert span.attributes["n"] == 5
    orjson.loads(text_of(span.attributes["d"]))


def test_events_links_and_names_count() -> None:
    """Exceptions, links and names obey the same limits, and the last event stays."""
    events = [Event(f"e{number}", number, {"x": "y" * 2000}) for number in range(10)]
    span = SpanRecord(
        "n" * 5000, 1, 2, status_description="s" * 5000, events=events, links=[Link(1, 2, {"l": "z" * 5000})]
    )
    Cap(SMALL)(span)
    assert [event.name for event in span.events] == ["e0", "e1", "e8", "e9"]
    assert span.dropped_events == 6
    assert len(span.name) <= 1000
    assert len(span.status_description) <= 1000
    owners = [span.attributes, *(event.attributes for event in span.events), *(link.attributes for link in span.links)]
    assert sum(size(value) for owner in owners for value in owner.values() if isinstance(value, str)) <= 3000
    assert span.count("spanwise.content.truncated")


def test_lists_and_maps_keep_their_types() -> None:
    """A list attribute stays a list, a tuple a tuple and a map a map."""
    span = capped({"l": ["x" * 3000, "y"], "t": ("x" * 3000,), "m": {"a": {"b": "x" * 3000}, "c": 1}, "b": b"x" * 3000})
    assert isinstance(span.attributes["l"], list)
    assert isinstance(span.attributes["t"], tuple)
    assert isinstance(span.attributes["m"], dict)
    assert span.attributes["m"]["c"] == 1
    assert isinstance(span.attributes["b"], bytes)
    assert len(span.attributes["b"]) <= 1000


def test_removed_bytes_are_added_up() -> None:
    """A second host with a lower limit adds to what the first one removed."""
    span = capped({"a": "x" * 5000})
    first = span.count("spanwise.content.truncated")
    Cap(CapConfig(max_attribute_bytes=300, max_span_bytes=3000, max_events=4))(span)
    second = span.count("spanwise.content.truncated")
    assert first is not None and second is not None
    assert first + 690 <= second <= first + 720


def test_name_that_is_data_is_removed() -> None:
    """An attribute whose name is thousands of bytes long goes."""
    assert list(capped({"k" * 5000: 1, "a": 2}).attributes) == ["a", "spanwise.content.truncated"]


LARGE: dict[str, Callable[[int], str]] = {
    "text": lambda size: "word " * size,
    "one string": lambda size: json.dumps(["x" * (5 * size)]),
    "escapes": lambda size: json.dumps(['"\\' * (size * 3 // 4)]),
    "many strings": lambda size: json.dumps(["abcdefgh"] * (size * 9 // 20)),
    "many numbers": lambda size: json.dumps(list(range(size // 2))),
    "deep": lambda size: "[" * 900 + '"x"' + "]" * 900 + " " * size,
    "too deep": lambda size: "[" * (size // 2),
    "keys": lambda size: json.dumps({f"key{number}": number for number in range(size // 4)}),
    "file": lambda size: json.dumps([{"content": base64.b64encode(bytes(range(256)) * (size * 3 // 200)).decode()}]),
}
"""Texts of about five times `size` bytes."""


@pytest.mark.parametrize("name", LARGE)
def test_ten_megabytes_are_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten megabytes of any form fit afterwards and keep their type; none of them is written more than five times."""
    written = 0

    def counted(value: object) -> bytes:
        nonlocal written
        data = dumped(value)
        written += len(data)
        assert written <= 5 * len(large)
        return data

    dumped = document._dumped
    monkeypatch.setattr(document, "_dumped", counted)
    large = LARGE[name](2_000_000)
    after = text_of(capped({"a": large}, CapConfig()).attributes["a"])
    assert len(after.encode()) <= 65_536
    if name not in ("text", "too deep"):
        assert type(orjson.loads(after)) is type(orjson.loads(large))


@pytest.mark.parametrize("name", LARGE)
def test_the_steps_grow_with_the_text(name: str) -> None:
    """Twice as long a text of any form takes at most twice the steps."""
    config = CapConfig(max_attribute_bytes=1000, max_span_bytes=3000)

    def spent(size: int) -> int:
        large = LARGE[name](size)
        return steps(lambda: capped({"a": large}, config))

    spent(100)  # what is done the first time only does not count
    assert spent(8_000) < 2.1 * spent(4_000) + 100


def test_mistakes_in_the_configuration_are_named() -> None:
    """Each complaint names the key, what was found and what is accepted."""
    assert CapConfig().validate() == []
    [problem] = CapConfig(max_events=1).validate()
    assert problem.startswith("max_events: found 1, accepted is")
    with pytest.raises(ValueError, match="max_attribute_bytes"):
        Cap(CapConfig(max_attribute_bytes=True))


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=300)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=20), inner, max_size=8),
    max_leaves=60,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(JSON, max_size=20) | st.dictionaries(st.text(max_size=20), JSON, max_size=20), st.integers(256, 2000))
def test_any_json_fits_and_stays_json(value: Any, limit: int) -> None:
    """JSON of any shape is within the limit afterwards, has its type at the top, and a second run changes nothing."""
    config = CapConfig(max_attribute_bytes=limit, max_span_bytes=100_000)
    before = json.dumps(value)
    span = capped({"a": before}, config)
    after = text_of(span.attributes["a"])
    assert size(after) <= limit
    if len(before) <= limit:
        assert after is before
    else:
        assert type(json.loads(after)) is type(value)
    once = repr(span)
    assert repr(Cap(config)(span)) == once


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(max_size=8), JSON | st.binary(max_size=2000) | st.text(max_size=3000), max_size=12))
def test_any_span_fits(attributes: dict[str, Any]) -> None:
    """No value of any shape raises, and every text is within its limit."""
    span = capped(dict(attributes))
    assert all(size(value) <= 1000 for value in span.attributes.values() if isinstance(value, str))
    for key, value in attributes.items():
        if isinstance(value, bool | int | float) or value is None:
            assert span.attributes[key] == value
