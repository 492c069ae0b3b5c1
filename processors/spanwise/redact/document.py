"""JSON in a text: every string and number is read in its decoded form, and the text stays JSON.

The text is not parsed into objects and written again: a parser keeps only the last of two equal keys, changes long
numbers and fails on text that was cut off. The tokens are found one by one; those that hold nothing keep every byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

import orjson

from spanwise.redact.label import begins_with_label
from spanwise.redact.pattern import compiled
from spanwise.redact.sibling import ROLE, Siblings


Read: TypeAlias = Callable[[str, str], str]
"""Given a decoded string and the key it stands under, the string that may be passed on."""

Join: TypeAlias = Callable[[list[str]], "list[str] | None"]
"""Given pieces that follow each other, the pieces without what stands across their borders; `None` for no change."""

_GLANCE: Final = 256
_STRING: Final = compiled(rb'"(?:[^"\\]|\\.)*"')
_NUMBER: Final = compiled(rb"-?\d+(?:\.\d+)?(?:[eE][+\-]?\d+)?")
_SEVEN_DIGITS: Final = compiled(rb"\d{7}")
_COLON: Final = compiled(rb"\s*:")
_CUT_ESCAPE: Final = compiled(rb"\\(?:u[0-9A-Fa-f]{0,3})?\z")
HIDING: Final = rb"\\[u/bf]"
"""Escapes that keep a value from being seen in the raw text of a document, even without its backslashes."""


class _Token(NamedTuple):
    """A string of the document: its place, the text it stands for, the key it stands under, and whether it is a key."""

    start: int
    end: int
    text: str
    key: str
    is_key: bool


def looks_like_json(text: str) -> bool:
    """Whether `text` starts like an array or object, and not with what stands in for a value."""
    start = text[:_GLANCE].lstrip()
    return start[:1] in ("{", "[") and not begins_with_label(start)


def without_escapes(data: bytes) -> bytes:
    """The text of a document about as its strings say it, at any depth: enough to tell whether a value is in it."""
    for escape in (b"\\n", b"\\r", b"\\t"):
        data = data.replace(escape, b" ")
    return data.replace(b"\\", b"")


def is_valid(data: bytes) -> bool:
    """Whether `data` is one complete JSON document that a strict parser accepts."""
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def redact_document(data: bytes, read: Read, join: Join, *, valid: bool) -> bytes:
    """`data` with every string and, when it is `valid` JSON, every number passed through `read`.

    Texts of siblings, such as the parts of one message, are first read as one by `join`. In a text that only looks like
    JSON a number may be part of something longer: the caller reads it as text.
    """
    numbers = _numbers if valid else _untouched
    tokens = list(_tokens(data))
    texts = _joined(data, tokens, join)
    pieces: list[bytes] = []
    last = 0
    key = ""
    for token, text in zip(tokens, texts, strict=True):
        pieces.append(numbers(data[last : token.start], key, read))
        after = read(text, "" if token.is_key else token.key)
        pieces.append(data[token.start : token.end] if after == token.text else _encoded(after))
        key = token.text if token.is_key else ""
        last = token.end
    pieces.append(_numbers(data[last:], key, read) if valid else _tail(data[last:], key, read))
    return b"".join(pieces)


def _tokens(data: bytes) -> Iterator[_Token]:
    key = ""
    for match in _STRING.finditer(data):
        start, end = match.span()
        is_key = _COLON.match(data, end) is not None
        text = _decoded(data[start:end])
        yield _Token(start, end, text, "" if is_key else key, is_key)
        key = text if is_key else ""


def _joined(data: bytes, tokens: list[_Token], join: Join) -> list[str]:
    """The texts of `tokens`, those of siblings without what stands across their borders."""
    texts = [token.text for token in tokens]
    siblings = Siblings()
    last = 0
    for index, token in enumerate(tokens):
        siblings.gap(data[last : token.start])
        if not token.is_key:
            siblings.string(index, token.key)
        elif token.text == ROLE:
            siblings.string(index, "", role=True)
        last = token.end
    for group in siblings.groups():
        clean = join([texts[index] for index in group])
        for index, text in zip(group, clean or (), strict=False):
            texts[index] = text
    return texts


def _numbers(gap: bytes, key: str, read: Read) -> bytes:
    if len(gap) < 7 or _SEVEN_DIGITS.search(gap) is None:
        return gap
    pieces: list[bytes] = []
    last = 0
    for match in _NUMBER.finditer(gap):
        before = match.group().decode("ascii")
        after = read(before, key)
        if after != before:
            pieces += (gap[last : match.start()], _encoded(after))
            last = match.end()
    return b"".join((*pieces, gap[last:]))


def _untouched(gap: bytes, _key: str, _read: Read) -> bytes:
    return gap


def _tail(tail: bytes, key: str, read: Read) -> bytes:
    """What stands behind the last whole string: brackets, or a string that was cut off."""
    quote = tail.find(b'"')
    if quote < 0:
        return tail
    before = tail[quote + 1 :]
    cut = _CUT_ESCAPE.search(before)
    text = _decoded(b'"' + (before[: cut.start()] if cut else before) + b'"')
    after = read(text, key)
    rest = before if after == text else _encoded(after)[1:-1]
    return tail[: quote + 1] + rest


def _decoded(token: bytes) -> str:
    """The text a JSON string token stands for; what no parser accepts is taken as it is."""
    inner = token[1:-1]
    if b"\\" not in inner:
        return inner.decode("utf-8", "surrogatepass")
    try:
        # The lenient parser: raw line breaks and lone surrogates occur in what applications record.
        return str(json.loads(token.decode("utf-8", "surrogatepass"), strict=False))
    except ValueError:
        return inner.decode("utf-8", "surrogatepass")


def _encoded(text: str) -> bytes:
    try:
        return orjson.dumps(text)
    except TypeError:  # a lone surrogate has no UTF-8 form; as an escape it is valid JSON
        return json.dumps(text).encode("ascii")
