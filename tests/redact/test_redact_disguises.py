"""What does not hide a value: encodings, invisible characters, foreign digits, borders between texts."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.record import Event, SpanRecord
from spanwise.redact import Redactor


REDACTOR = Redactor()
VALUES = ("joe.smith@example.com", "4111 1111 1111 1111", "sk-ant-api03-" + "aB3dE5gH_x" * 8)
LABELS = ("[EMAIL]", "[CARD]", "[ANTHROPIC_KEY]")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: "".join(f"&#{ord(letter)};" for letter in text),
        lambda text: "".join(f"&#x{ord(letter):X};" for letter in text),
        lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
        lambda text: "".join(f"\\x{ord(letter):02x}" for letter in text),
        "\u200b".join,
        lambda text: "".join(chr(ord(letter) + 0xFEE0) if letter > " " else letter for letter in text),
        lambda text: quote("".join(chr(ord(letter) + 0xFEE0) if letter > " " else letter for letter in text)),
    ],
    ids=["percent", "percent twice", "html", "html hex", "json escape", "hex escape", "zero width", "full width",
         "full width in percent"],
)  # fmt: skip
def test_an_escape_hides_nothing(value: str, disguise: object) -> None:
    """A value in any common encoding of its characters is taken out, and nothing beside it."""
    assert callable(disguise)
    found = REDACTOR.find(f"before {disguise(value)} behind")
    assert found.text.startswith("before [")
    assert found.text.endswith("] behind")
    assert found.text[7:-7] in LABELS


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("before", ["", "a ", "my ", "data: "])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_hides_nothing(value: str, before: str, encode: object) -> None:
    """Text in base64 is read, and comes back as base64 of the clean text."""
    assert callable(encode)
    text = encode(f"{before}{value} and so on".encode()).decode()
    clean = REDACTOR.text(f"payload {text} end")
    assert clean.startswith("payload ")
    decoded = base64.b64decode(clean.split()[1].replace("-", "+").replace("_", "/") + "==").decode()
    assert decoded == f"{before}{dict(zip(VALUES, LABELS, strict=True))[value]} and so on"


def test_base64_in_base64_is_read_too() -> None:
    """Encoding twice hides nothing either."""
    inner = base64.b64encode(b"write to joe.smith@example.com today").decode()
    outer = base64.b64encode(f"payload {inner} end".encode()).decode()
    clean = base64.b64decode(REDACTOR.text(f"x {outer} y").split()[1]).decode()
    assert base64.b64decode(clean.split()[1]) == b"write to [EMAIL] today"


@given(st.binary(min_size=20, max_size=300))
def test_base64_of_other_data_keeps_every_byte(data: bytes) -> None:
    """What is no text stays as it is, unless its letters spell a value by themselves."""
    text = base64.b64encode(data).decode()
    found = REDACTOR.find(f"image {text} end")
    assert found.kinds or found.text == f"image {text} end"


@pytest.mark.parametrize("value", VALUES)
def test_parts_of_a_message_hide_nothing(value: str) -> None:
    """A value cut in two by the border of two parts is taken out of both, wherever the cut is."""
    for cut in range(1, len(value)):
        parts = [{"type": "text", "content": f"it is {value[:cut]}"}, {"type": "text", "content": f"{value[cut:]} ok"}]
        clean = REDACTOR.text(json.dumps([{"role": "assistant", "parts": parts}]))
        texts = [part["content"] for part in json.loads(clean)[0]["parts"]]
        assert "".join(texts) == f"it is {dict(zip(VALUES, LABELS, strict=True))[value]} ok"


def test_many_small_chunks_hide_nothing() -> None:
    """A value that came one character at a time, as streams bring it, is taken out."""
    for value, label in zip(VALUES, LABELS, strict=True):
        chunks = list(f"it is {value} ok")
        clean = json.loads(REDACTOR.text(json.dumps({"content": chunks})))["content"]
        assert "".join(clean) == f"it is {label} ok"


def test_messages_are_no_pieces_of_each_other() -> None:
    """The end of one message and the beginning of the next are not read as one text."""
    messages = [{"role": "user", "content": "room 4111 1111"}, {"role": "assistant", "content": "1111 1111 steps"}]
    text = json.dumps(messages)
    assert REDACTOR.text(text) == text
    parts = [{"role": one["role"], "parts": [{"type": "text", "content": one["content"]}]} for one in messages]
    assert REDACTOR.text(json.dumps(parts)) == json.dumps(parts)


def test_events_of_a_stream_hide_nothing() -> None:
    """A value cut by the border of two events of one span is taken out of both."""
    span = SpanRecord("chat", 1, 2, events=[
        Event("chunk", 1, {"content": "write to joe.smi"}), Event("chunk", 2, {"content": "th@example.com, please"}),
    ])  # fmt: skip
    REDACTOR(span)
    assert [event.attributes["content"] for event in span.events] == ["write to [EMAIL]", ", please"]
    assert span.attributes["spanwise.redaction.count"] == 1


def test_a_disguised_value_in_two_chunks_is_found() -> None:
    """Cut in two and percent-encoded at once."""
    span = SpanRecord("chat", 1, 2, events=[
        Event("chunk", 1, {"content": "write to joe.smi"}), Event("chunk", 2, {"content": "t%68@exam%70le.com, please"}),
    ])  # fmt: skip
    clean = REDACTOR(span)
    assert [event.attributes["content"] for event in clean.events] == ["write to [EMAIL]", ", please"]


def test_a_list_of_chunks_hides_nothing() -> None:
    """So do the strings of a list attribute that carries text; other lists are read one by one."""
    span = SpanRecord("chat", 1, 2, attributes={"app.chunks": ["joe.smi", "th@example.com"], "app.rooms": ["4111 1111",
        " 1111 1111"]})  # fmt: skip
    REDACTOR(span)
    assert span.attributes["app.chunks"] == ["[EMAIL]", ""]
    assert span.attributes["app.rooms"] == ["4111 1111", " 1111 1111"]
