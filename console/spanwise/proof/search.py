"""`Search`: which of many values stand in bytes, whatever they were written as."""

from __future__ import annotations

import binascii
import html
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

import re2

from spanwise.redact.dialect import options


_ESCAPES: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\[\"\\/bfnrt]")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_\-]{20,}={0,2}")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WIDE: Final = re.compile("[\uff01-\uff5e]")
_CONTROL: Final = b"\n<the control that every search must find>\n"
_DEPTH: Final = 8
"""Escapes in escapes that are undone: JSON in JSON in JSON, printed as JSON."""


class Search:
    """Looks for all of `values` at once.

    Args:
        values: What to look for.
    """

    def __init__(self, values: Sequence[str]) -> None:
        self._values = sorted({value.encode() for value in values})
        self._set = re2.Set.SearchSet(options())
        for value in (*self._values, _CONTROL):
            self._set.Add(re.escape(value))
        self._set.Compile()

    def found(self, data: bytes) -> set[str]:
        """Those of the values that stand in `data`, or in what it becomes when escapes and disguises are undone."""
        seen: set[bytes] = set()
        for form in forms(data):
            numbers = self._set.Match(form + _CONTROL) or ()
            if len(self._values) in numbers:
                seen.update(self._values[number] for number in numbers if number < len(self._values))
            else:  # a set that ran out of memory says nothing: one by one, then
                seen.update(value for value in self._values if value in form)
        return {value.decode() for value in seen}


def forms(data: bytes) -> Iterator[bytes]:
    """`data` itself, and without JSON escapes, percent-encoding, invisible and wide characters, base64."""
    yield data
    text = data.decode("utf-8", "replace")
    plain = text
    for _ in range(_DEPTH):
        shorter = _ESCAPES.sub(_unescaped, plain)
        if shorter == plain:
            break
        plain = shorter
        yield plain.encode("utf-8", "replace")
    folded = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), _INVISIBLE.sub("", plain))
    if folded != plain:
        yield folded.encode("utf-8", "replace")
    if "%" in folded or "&#" in folded:
        yield unquote_to_bytes(html.unescape(folded).encode("utf-8", "replace"))
    yield b"\n".join(_decoded(data))


def _unescaped(match: re.Match[str]) -> str:
    return str(json.loads(f'"{match.group()}"'))


def _decoded(data: bytes) -> Iterator[bytes]:
    for match in _BASE64.finditer(data):
        run = match.group().rstrip(b"=").translate(_URL_SAFE)
        if run == run.lower():  # hexadecimal, words
            continue
        for start in range(4):
            part = run[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            try:
                yield binascii.a2b_base64(part + b"=" * (-len(part) % 4))
            except binascii.Error:
                continue
