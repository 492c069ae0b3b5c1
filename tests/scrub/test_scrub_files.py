"""A file is cleaned stretch by stretch as it would be cleaned whole: no border hides a value, no clean byte changes."""

from __future__ import annotations

import io
import json
from collections import Counter

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.redact import RedactConfig, Redactor
from spanwise.scrub import Place, Scrubber
from spanwise.scrub import border as borders
from spanwise.scrub import reader as readers


REDACTOR = Redactor(RedactConfig(max_span_bytes=64 * 1024 * 1024, max_span_s=30.0))
KEY = "sk-ant-api03-" + "aB3dE5gH7jK9" * 4
PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEA0Z3VS5JJcds3xfnygWyF8PbnGy0AHB7M\n" * 12
) + "-----END RSA PRIVATE KEY-----"
VALUES = ("joe@example.com", "4111 1111 1111 1111", KEY, PEM, "DE89 3704 0044 0532 0130 00", "password: Tr0ub4dor9x")
WORDS = st.lists(st.sampled_from(["the", "order", "of", "é", "値", "12", "x-y", "3.5", "(see)"]), max_size=30).map(
    " ".join
)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of two kilobytes, so that small texts have borders."""
    monkeypatch.setattr(readers, "BLOCK", 2048)
    monkeypatch.setattr(readers, "AROUND", 1024)
    monkeypatch.setattr(readers, "_BEHIND", 256)
    monkeypatch.setattr(borders, "AROUND", 1024)


def cleaned(data: bytes, *, explain: bool = False) -> tuple[bytes, Counter[str], list[Place]]:
    """`data` cleaned as a file."""
    out, kinds, places = bytearray(), Counter[str](), []
    for done in Scrubber(REDACTOR, explain=explain).clean(io.BufferedReader(io.BytesIO(data))):
        out += done.data
        kinds += done.kinds
        places += done.places
    return bytes(out), kinds, places


@settings(max_examples=60)
@given(st.lists(st.tuples(WORDS, st.sampled_from(VALUES), st.sampled_from([" ", "\n", "\r\n"])), max_size=40))
def test_text_is_cleaned_as_if_whole(parts: list[tuple[str, str, str]]) -> None:
    """Wherever the borders fall, the text is that of one run over all of it, and so is the count."""
    text = "".join(f"{words}\n{value}{end}" for words, value, end in parts)
    out, kinds, _ = cleaned(text.encode())
    whole = REDACTOR.find(text)
    assert out.decode() == whole.text
    assert kinds == Counter(whole.kinds)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(WORDS, st.sampled_from(VALUES)), min_size=1, max_size=40),
    st.sampled_from([None, 2]),
    st.booleans(),
)
def test_a_document_is_cleaned_as_if_whole(parts: list[tuple[str, str]], indent: int | None, lines: bool) -> None:
    """JSON of any size stays JSON, with the same bytes as after one run over all of it; so do lines of JSON."""
    items = [
        {"text": words, "to": {"who": [value, number]}, "n": 4111111111111111}
        for number, (words, value) in enumerate(parts)
    ]
    if lines:
        text = "".join(json.dumps(item) + "\n" for item in items)
        whole = "".join(REDACTOR.text(line) for line in text.splitlines(keepends=True))
    else:
        text = json.dumps({"items": items, "end": VALUES[0]}, indent=indent)
        whole = REDACTOR.text(text)
    out, _, _ = cleaned(text.encode())
    assert out.decode() == whole
    for line in out.splitlines() if lines else [out]:
        orjson.loads(line)


@settings(max_examples=200)
@given(st.binary(max_size=6000) | st.text(max_size=3000).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_taken(data: bytes) -> None:
    """Nothing raises, and bytes in which nothing is found come back as they are, UTF-8 or not."""
    out, kinds, places = cleaned(data, explain=True)
    if not kinds and not places:
        assert out == data


@pytest.mark.parametrize("begin", ['{"a": [1,\n', "[2026-11-25 10:00:00] INFO started\n", '{"a": "', "[[[[[[\n", '"'])
def test_what_only_begins_like_json_is_text(begin: str) -> None:
    """A log with brackets, a document that was cut off: read as text, to the end, without loss."""
    text = begin + "INFO mail joe@example.com sent\n" * 300
    out, kinds, _ = cleaned(text.encode())
    assert b"joe" not in out
    assert kinds["email"] == 300
    assert out.count(b"\n") == text.count("\n")


def test_a_value_in_pieces_is_not_cut_apart() -> None:
    """Where the chunks of a stream are items of a long list, a document is not cut between two that belong together."""
    chunks = [{"delta": piece} for _ in range(120) for piece in ("write to jane", "@exam", "ple.com", " now. ")]
    out, _, _ = cleaned(json.dumps({"chunks": chunks}).encode())
    assert "jane@example.com" not in "".join(chunk["delta"] for chunk in json.loads(out)["chunks"])


def test_a_word_before_the_border_still_names_its_value() -> None:
    """A number that only a word makes a value is found when a border falls between the two."""
    for shift in range(0, 80, 7):
        filler = ("lorem ipsum dolor\n" * 400)[: 2048 - 40 + shift]
        text = f"{filler}\nssn:\n   123456789\nend\n" + "dolor sit\n" * 500
        out, kinds, _ = cleaned(text.encode())
        assert b"123456789" not in out, shift
        assert kinds.total() == 1


def test_places_are_lines_and_columns() -> None:
    """Every value's place is where it begins in the file, in characters, also behind escapes and in nested JSON."""
    inner = json.dumps({"to": "joe@example.com"})
    document = json.dumps(
        {"é": "x", "list": ["\n\t\u2028 joe@example.com", inner], "n": 4111111111111111}, ensure_ascii=False
    )
    text = f"é joe@example.com\n{document}\nlast 4111 1111 1111 1111"
    _, kinds, places = cleaned(text.encode(), explain=True)
    lines = text.split("\n")
    found = [(place.kind, lines[place.line - 1][place.column - 1 :][:4]) for place in places]
    assert found == [("email", "joe@"), ("email", "joe@"), ("email", '{\\"t'), ("card", "4111"), ("card", "4111")]
    assert kinds == {"email": 3, "card": 2}
    assert [place.stands for place in places] == ["[EMAIL]"] * 3 + ["[CARD]"] * 2
    assert places[0].value == "joe@example.com"


def test_what_lies_across_strings_is_told_as_well() -> None:
    """A value in two parts of a message has no place of its own; it is told all the same."""
    document = json.dumps([{"type": "text", "content": "mail joe@exa"}, {"type": "text", "content": "mple.com now"}])
    _, kinds, places = cleaned(document.encode(), explain=True)
    assert kinds == {"email": 1}
    assert [(place.rule, place.kind) for place in places] == [("", "email")]


def test_kept_values_have_a_place_and_stay() -> None:
    """What the policy keeps is shown as kept, and not counted."""
    keeping = Redactor(RedactConfig(actions={"email": "keep"}))
    (done,) = Scrubber(keeping, explain=True).clean(io.BufferedReader(io.BytesIO(b"joe@example.com\n")))
    assert done.data == b"joe@example.com\n"
    assert [place.stands for place in done.places] == [""]
    assert not done.kinds


def test_a_dropped_text_is_a_line_not_a_file() -> None:
    """Where the policy drops the text that holds a value, that is as little of a file as can be cut out."""
    dropping = Redactor(RedactConfig(actions={"email": "drop"}))
    text = "fine line\n" * 300 + "mail joe@example.com\n" + "fine line\n" * 300
    out, dropped = b"", 0
    for done in Scrubber(dropping).clean(io.BufferedReader(io.BytesIO(text.encode()))):
        out += done.data
        dropped += done.dropped
    assert dropped == 1
    assert b"joe" not in out
    assert out.count(b"fine line") > 350
