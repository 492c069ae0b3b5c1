"""Fingerprints of prompts that nobody versions: of system instructions, without the values that change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any, Final, TypeAlias

from spanwise.pipeline.prompt_key import PROMPT_KEY


Value: TypeAlias = Any
"""One value of a request."""

LONGEST: Final = 16_384
"""Characters of an instruction that are read."""

_MOST: Final = 1024
_BYTES: Final = 8
_PIECES: Final = 16
_FIELDS: Final = ("system", "instructions", "systemInstruction", "system_instruction", "preamble")
"""Where dialects have the instruction beside the messages."""
_BESIDE: Final = frozenset(_FIELDS)

_LISTS: Final = ("messages", "input")
_ROLES: Final = frozenset({"system", "developer"})
_SIGN: Final = "\0"
_VALUE: Final = b"\0"
_CHANGING: Final = bytes.maketrans(b"0123456789@\t\n\v\f\r", b"\0" * 11 + b" " * 5)
"""For `bytes.translate`, ten times as fast as an expression: digits and `@` are the sign of a value."""

_LONGEST_QUOTE: Final = 200
_LONGEST_DATE: Final = 20
_MONTHS: Final = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun"
_CALENDAR: Final = frozenset(
    (before + spelled + after).encode()
    for word in f"{_MONTHS} {_DAYS} am pm a.m p.m utc gmt".split()
    for spelled in (word, word.capitalize(), word.upper())
    for before in ("", "(")
    for after in ("", ",", ".", ")", ").", "),")
)
"""Words that are part of a date where a number is beside them, as they are written: one look-up for each."""

_KNOWN: Final[dict[int, str]] = {}


def fingerprint_of(request: Mapping[str, Value]) -> str:
    """16 hexadecimal digits for the template of the system instruction in `request`; empty where there is none.

    Never content: a hash, keyed where the policy has a key for pseudonyms. Costs 1 us for a text that is known, else
    15 to 50 us per KB, by how many values are in it; at most 16 KB are read.
    """
    text = _instruction(request)
    if not text:
        return ""
    known = hash(text)
    if (found := _KNOWN.get(known)) is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        found = _KNOWN[known] = fingerprint(text, PROMPT_KEY.key)
    return found


def fingerprint(text: str, key: bytes = b"") -> str:
    """16 hexadecimal digits for the template of `text`. Two texts agree where they differ in values alone."""
    said = b"".join(template_pieces(text[:LONGEST]))
    return blake2b(said, digest_size=_BYTES, key=key).hexdigest()


def template_pieces(text: str) -> list[bytes]:
    """What `text` has between its values, and a sign for each value.

    Values are words with a digit, a `@` or a `://` in them, what is in quotation marks, and names of months and days
    and the like beside one. Values in a row are one: a list may be longer in another call.
    """
    data = _unquoted(text).encode("utf-8", "surrogatepass").translate(_CHANGING).replace(b"://", _VALUE)
    pieces: list[bytes] = []
    start, place = 0, data.find(_VALUE)
    while place >= 0:
        piece = _without_date(data[start : max(data.rfind(b" ", start, place), start)])
        if piece or not pieces:
            pieces += (piece, _VALUE)
        end = data.find(b" ", place)
        start = len(data) if end < 0 else end
        while (word := data[start + 1 : start + _LONGEST_DATE].partition(b" ")[0]) in _CALENDAR:
            start += 1 + len(word)
        place = data.find(_VALUE, start)
    pieces.append(data[start:].strip(b" "))
    return pieces


def _without_date(piece: bytes) -> bytes:
    """`piece` without words of a date at its end."""
    piece = piece.strip(b" ")
    while piece and (word := piece[piece.rfind(b" ") + 1 :]) in _CALENDAR:
        piece = piece[: -len(word)].rstrip(b" ")
    return piece


def _unquoted(text: str) -> str:
    """`text` with a sign in place of what is in double quotation marks; a mark that has no second one stays.

    What stands before a colon is the key of an example in JSON, and so part of the template.
    """
    if " '" in text:
        text = " ".join(_SIGN if _is_quoted(word) else word for word in text.split(" "))
    text = text.replace("“", '"').replace("”", '"')
    pieces = text.split('"')
    if len(pieces) < 3:
        return text
    made = [pieces[0]]
    index = 1
    while index < len(pieces):
        inner = pieces[index]
        if index + 1 == len(pieces) or len(inner) > _LONGEST_QUOTE or "\n" in inner:
            made.append(inner)
            index += 1
            continue
        after = pieces[index + 1]
        made.append(inner if after.startswith((":", " :")) else _SIGN)
        made.append(after)
        index += 2
    return " ".join(made)


def _is_quoted(word: str) -> bool:
    """Whether `word` is in single quotation marks, as no apostrophe is."""
    return word.startswith("'") and "'" in word[2:]


def _instruction(request: Mapping[str, Value]) -> str:
    if not _BESIDE.isdisjoint(request):
        for name in _FIELDS:
            if value := request.get(name):
                return _joined(_texts(value))
    for name in _LISTS:
        messages = request.get(name)
        if isinstance(messages, list | tuple) and messages:
            first = messages[0]
            has_instruction = isinstance(first, Mapping) and first.get("role") in _ROLES
            return _joined(_system_texts(messages)) if has_instruction else ""
    return ""


def _system_texts(messages: list[Value] | tuple[Value, ...]) -> Iterator[str]:
    """Of the messages before the first of a user: what is said to the model later is no template."""
    for message in messages:
        if not isinstance(message, Mapping) or message.get("role") not in _ROLES:
            return
        yield from _texts(message.get("content"))


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = value.get("text") or value.get("parts") or value.get("content")
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value[:_PIECES]:
            said = item.get("text") if isinstance(item, Mapping) else item
            if isinstance(said, str):
                yield said


def _joined(texts: Iterator[str]) -> str:
    found = list(islice(texts, _PIECES))
    return found[0] if len(found) == 1 else "\n".join(found)
