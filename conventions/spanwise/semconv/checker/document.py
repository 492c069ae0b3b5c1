"""From bytes to JSON documents: one document, or one on each line.

A file that is one document is read whole; a file of lines is read line by line, so only the longest line is held.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final, TypeAlias

import orjson

from spanwise.semconv.checker.otlp import is_document
from spanwise.semconv.checker.problem import Problem
from spanwise.semconv.otlp_message import Json


MAX_BYTES: Final = 256 * 1024 * 1024
"""The longest document or line that is read."""

Found: TypeAlias = tuple[int, Json | Problem]
"""A line number, 0 for the whole, and what stands there."""

_NO_TELEMETRY: Final = "JSON, but no OTLP: neither resourceSpans, resourceMetrics nor resourceLogs"
_BLANK: Final = b" \t\r\n"
_DISCARD_BYTES: Final = 1 << 20
_MAX_HELD: Final = 100


def documents(stream: BinaryIO, source: str = "", max_bytes: int = MAX_BYTES) -> Iterator[Found]:
    """The OTLP documents in `stream` with their line numbers, and a `Problem` for each line that is none.

    The first line that is not blank decides: JSON lines when it is a whole JSON value; otherwise all up to
    `max_bytes` is tried as one document, and as lines after that. Where not a single line can be read, there is one
    problem, not one for each line.
    """
    first = b""
    number = 0
    while not first.strip(_BLANK):
        first = stream.readline(max_bytes + 1)
        number += 1
        if number == 1:
            first = first.removeprefix(BOM_UTF8)
        if not first:
            return
    if len(first) > max_bytes or _is_json(first):
        yield from _numbered(chain([first], _lines(stream, max_bytes)), number, source, max_bytes)
        return
    whole = first + stream.read(max_bytes + 1 - len(first))
    parsed = _parse(whole, source, 0) if len(whole) <= max_bytes else Problem(source, 0, _too_long(max_bytes))
    if not isinstance(parsed, Problem):
        yield from _unpacked(parsed, source, 0)
        return
    # Cut inside a line when the limit was reached: the rest of that line belongs to it.
    rest = whole.splitlines(keepends=True)
    if len(whole) > max_bytes and not rest[-1].endswith(b"\n"):
        rest[-1] += stream.readline(max_bytes + 1)
    yield from _any_good(_numbered(chain(rest, _lines(stream, max_bytes)), number, source, max_bytes), parsed)


def _any_good(found: Iterator[Found], otherwise: Problem) -> Iterator[Found]:
    """What was `found`, or one problem for all when nothing in it is a document. Keeps 100 problems until then."""
    problems: list[Found] = []
    for line, item in found:
        if not isinstance(item, Problem):
            yield from problems
            yield line, item
            yield from found
            return
        if len(problems) < _MAX_HELD:
            problems.append((line, item))
    yield 0, otherwise


def _lines(stream: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """The lines of `stream`; of a longer one only the first `max_bytes` + 1 bytes, the rest is read and dropped."""
    while line := stream.readline(max_bytes + 1):
        yield line
        if len(line) > max_bytes and not line.endswith(b"\n"):
            _discard(stream)


def _discard(stream: BinaryIO) -> None:
    while (more := stream.readline(_DISCARD_BYTES)) and not more.endswith(b"\n"):
        pass


def _numbered(lines: Iterator[bytes], first: int, source: str, max_bytes: int) -> Iterator[Found]:
    for number, line in enumerate(lines, first):
        if len(line) > max_bytes:
            yield number, Problem(source, number, _too_long(max_bytes))
        elif line.strip(_BLANK):
            parsed = _parse(line, source, number)
            if isinstance(parsed, Problem):
                yield number, parsed
            else:
                yield from _unpacked(parsed, source, number)


def _unpacked(parsed: Json, source: str, line: int) -> Iterator[Found]:
    """`parsed` itself, or what is in it when it is a list of documents."""
    for one in parsed if isinstance(parsed, list) else (parsed,):
        yield line, one if is_document(one) else Problem(source, line, _NO_TELEMETRY)


def _parse(text: bytes, source: str, line: int) -> Json | Problem:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        # The message is the parser's own and names a column; it quotes nothing.
        return Problem(source, line, f"not JSON: {error.msg}, column {error.colno}")


def _is_json(line: bytes) -> bool:
    return not isinstance(_parse(line, "", 0), Problem)


def _too_long(max_bytes: int) -> str:
    return f"longer than {max_bytes} bytes"
