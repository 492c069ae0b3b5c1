"""JSON in a text: every string and number is read in its decoded form, and the text stays JSON.

The text is not parsed into objects and written again: a parser keeps only the last of two equal keys, changes long
numbers and fails on text that was cut off. The tokens are found one by one; those that hold nothing keep every byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, TypeAlias

import orjson

from spanwise.redact.rule import compiled


Read: TypeAlias = Callable[[str, str], str]
"""Given a decoded string and the key it stands under, the string that may be passed on."""

_STRING: Final = compiled(rb'"(?:[^"\\]|\\.)*"')
_NUMBER: Final = compiled(rb"-?\d+(?:\.\d+)?(?:[eE][+\-]?\d+)?")
_SEVEN_DIGITS: Final = compiled(rb"\d{7}")
_COLON: Final = compiled(rb"\s*:")
_CUT_ESCAPE: Final = compiled(rb"\\(?:u[0-9A-Fa-f]{0,3})?\z")
_HIDING: Final = compiled(rb"\\[u/bf]")


def looks_like_json(text: str) -> bool:
    """Whether `text` starts like an array or object."""
    return text[:1] in "{[" or (text[:1].isspace() and text[:64].lstrip()[:1] in ("{", "["))


def hides(data: bytes) -> bool:
    """Whether `data` has escapes that could keep a value from being seen in the raw text."""
    return _HIDING.search(data) is not None


def is_valid(data: bytes) -> bool:
    """Whether `data` is one complete JSON document that a strict parser accepts."""
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def redact_document(data: bytes, read: Read, *, valid: bool) -> bytes:
    """`data` with every string and, when it is `valid` JSON, every number passed through `read`.

    In a text that only looks like JSON a number may be part of something longer: the caller reads it as text.
    """
    numbers = _numbers if valid else _untouched
    pieces: list[bytes] = []
    last = 0
    key = ""
    for match in _STRING.finditer(data):
        start, end = match.span()
        pieces.append(numbers(data[last:start], key, read))
        is_key = _COLON.match(data, end) is not None
        before = data[start:end]
        text = _decoded(before)
        after = read(text, "" if is_key else key)
        pieces.append(before if after == text else _encoded(after))
        key = text if is_key else ""
        last = end
    pieces.append(_numbers(data[last:], key, read) if valid else _tail(data[last:], key, read))
    return b"".join(pieces)


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
