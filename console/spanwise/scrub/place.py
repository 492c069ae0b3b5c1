"""`Place`: where a value stands in a file, by which rule it was found, and what stands in for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

from spanwise.redact import Redactor
from spanwise.redact.document import looks_like_json
from spanwise.redact.pattern import compiled
from spanwise.redact.tally import Finding
from spanwise.scrub.border import NO_JSON
from spanwise.scrub.stretch import Stretch, bytes_of, text_of


_TOKEN: Final = compiled(rb'"(?:[^"\\]|\\.)*"|-?\d{7,}')
_COLON: Final = compiled(rb"\s*:")
_ESCAPE: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]")


class Place(NamedTuple):
    """A value in a file: for people who ask why, never for telemetry.

    Attributes:
        line, column: Where it begins, both counted from 1, columns in characters.
        rule: The rule that found it; empty when it lies across several strings, or was only seen once others were gone.
        kind: Its kind.
        stands: What stands in for it: empty when it is kept, `None` when the whole text around it is dropped.
        key: The JSON key it stands under.
        value: The value itself.
    """

    line: int
    column: int
    rule: str
    kind: str
    stands: str | None
    key: str
    value: str


class Lines:
    """Turns offsets in the bytes of a stretch into lines and columns of the file.

    Args:
        line, column: Where the stretch begins.
    """

    def __init__(self, line: int = 1, column: int = 1) -> None:
        self._line, self._column = line, column
        self._starts: list[int] = []
        self._data = b""

    def read(self, data: bytes) -> None:
        """Have `of` answer for `data`, which follows what was read before."""
        if self._data:
            self._line, self._column = self.of(len(self._data))
        self._data = data
        self._starts = [match.end() for match in re.finditer(rb"\n", data)]

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of the byte at `offset`."""
        number = bisect_right(self._starts, offset)
        if number == 0:
            return self._line, self._column + len(text_of(self._data[:offset]))
        return self._line + number, 1 + len(text_of(self._data[self._starts[number - 1] : offset]))


def found_in_text(redactor: Redactor, before: str, body: bytes) -> Iterator[tuple[int, Finding, str]]:
    """Every value in the text `body` behind the clean text `before`: its offset, how it was found, and itself."""
    text = text_of(body)
    base = len(NO_JSON) + len(before)
    for finding in redactor.explain(NO_JSON + before + text):
        start = max(finding.start - base, 0)
        if finding.end > base:
            yield len(bytes_of(text[:start])), finding, text[start : finding.end - base]


def found_in_document(redactor: Redactor, stretch: Stretch) -> Iterator[tuple[int, Finding, str]]:
    """Every value in the document `stretch`: its offset in the body, how it was found, and itself.

    The tokens are explained one by one, each with its key, because a place inside JSON is one inside a string.
    """
    whole = stretch.before + stretch.body
    if not redactor.explain(text_of(whole + stretch.behind)):
        return
    key = b""
    for match in _TOKEN.finditer(whole):
        token = match.group()
        is_key = token[:1] == b'"' and _COLON.match(whole, match.end()) is not None
        offset = match.start() - len(stretch.before)
        if offset >= 0:
            for finding in _explained(redactor, token, b"" if is_key else key, is_key=is_key):
                yield offset + _inside(token, finding.start), finding, _value(token, finding)
        if token[:1] == b'"':
            key = token if is_key else b""


def _explained(redactor: Redactor, token: bytes, key: bytes, *, is_key: bool) -> list[Finding]:
    if is_key:
        return [found for found in redactor.explain(text_of(b"{" + token + b":0}")) if not found.key]
    if not key:
        return redactor.explain(text_of(b"[" + token + b"]"))
    return [found for found in redactor.explain(text_of(b"{" + key + b":" + token + b"}")) if found.key]


def _inside(token: bytes, start: int) -> int:
    """The offset in the bytes of `token` of the character `start` of its text; of its first one for JSON in JSON."""
    if token[:1] != b'"':
        return 0
    inner = text_of(token[1:-1])
    if looks_like_json(_decoded(inner)):
        return 1
    pieces = [match.group() for match in _ESCAPE.finditer(inner)][:start]
    return 1 + len(bytes_of("".join(pieces)))


def _value(token: bytes, finding: Finding) -> str:
    if token[:1] != b'"':
        return token.decode("ascii")
    text = _decoded(text_of(token[1:-1]))
    return text if looks_like_json(text) else text[finding.start : finding.end]


def _decoded(inner: str) -> str:
    if "\\" not in inner:
        return inner
    import json

    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner
