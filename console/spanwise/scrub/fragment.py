"""A JSON document that is too large to be read at once, cut into documents that are not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from spanwise.redact.pattern import compiled


# Not RE2, whose matches cost microseconds each in Python. Possessive quantifiers give nothing back: one pass, linear.
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z|\\\Z)|[{}\[\],:]', re.DOTALL)
"""Strings and brackets. A string that does not end here ends the search."""

_STRING: Final = compiled(rb'"((?:[^"\\]|\\.)*)"(\s*:)?')
_CLOSING: Final = {b"{": b"}", b"[": b"]"}
_STRINGS: Final = 8
"""Strings before and behind a cut that are read as one."""


class Open(NamedTuple):
    """A bracket that is open, and, in an object, the key (with its quotes) that was read last."""

    bracket: bytes
    key: bytes = b""


Opened: TypeAlias = tuple[Open, ...]
"""All brackets that are open at a place, the outermost first."""


class Cut(NamedTuple):
    """A place behind a comma, or behind the whole document when nothing is open there any more."""

    place: int
    opened: Opened


def cut_of(data: bytes, opened: Opened, earliest: int) -> Cut | None:
    """The end of the document that goes on in `data`, or the best place for a cut when it does not end there.

    Of the commas at `earliest` and behind, it is the last of those with the fewest brackets open: what stands in one
    object or message then stays together. `None` when there is neither comma nor end.
    """
    stack = list(opened)
    best: Cut | None = None
    string = b""
    for match in _TOKEN.finditer(data):
        token = match.group()
        if token[:1] == b'"':
            string = token
        elif token == b":":
            if stack:
                stack[-1] = Open(stack[-1].bracket, string)
        elif token in _CLOSING:
            stack.append(Open(token))
        elif token == b",":
            if match.end() >= earliest and stack and (best is None or len(stack) <= len(best.opened)):
                best = Cut(match.end(), tuple(stack))
        else:
            if stack:
                stack.pop()
            if not stack:
                return Cut(match.end(), ())
    return best


def prefix(opened: Opened, clean_key: Callable[[bytes], bytes]) -> bytes:
    """The beginning of a document in which `opened` are open and the next item follows."""
    pieces: list[bytes] = []
    for number, each in enumerate(opened, 1):
        pieces.append(each.bracket)
        if each.bracket == b"{" and number < len(opened):
            pieces += (clean_key(each.key), b":")
    return b"".join(pieces)


def suffix(opened: Opened) -> bytes:
    """What closes all of `opened`."""
    return b"".join(_CLOSING[each.bracket] for each in reversed(opened))


def strings_around(data: bytes, place: int, reach: int) -> tuple[str, str]:
    """The last strings within `reach` bytes before `place`, joined, and the first ones behind it; without the keys."""
    before = _strings(_from_a_string(data, place, reach))
    behind = _strings(data[place : place + reach])
    left, right = b"".join(before[-_STRINGS:]), b"".join(behind[:_STRINGS])
    return left.decode("utf-8", "replace"), right.decode("utf-8", "replace")


def _strings(data: bytes) -> list[bytes]:
    return [match.group(1) for match in _STRING.finditer(data) if not match.group(2)]


def is_blank(data: bytes) -> bool:
    """Whether `data` is nothing but white space."""
    return not data.strip()


def _from_a_string(data: bytes, place: int, reach: int) -> bytes:
    """The bytes before `place`, from the beginning of a token: where a comma stands before a quote, or a bracket."""
    start = max(0, place - reach)
    found = min(
        (at for sign in (b',"', b'{"', b', "', b",\n") if (at := data.find(sign, start, place)) >= 0), default=start
    )
    return data[found:place]
