"""JSON values, made to fit: the longest strings are shortened first, messages from the middle go last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import orjson

from spanwise.cap.blob import note
from spanwise.cap.text import cut


Json: TypeAlias = Any
"""A parsed JSON value."""

MAX_DEPTH: Final = 64
"""Nesting that is kept in a value that has to shrink; what is deeper becomes a dot."""

_SHORTEST: Final = 48  # encoded bytes to which a string may be cut before whole parts are dropped
_NOTE: Final = 28  # room for the note that a string was cut
_OPTIONS: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS


def fit_text(text: str, limit: int) -> str | None:
    """The JSON in `text` in at most `limit` bytes, with the same type at the top; `None` when it is no JSON."""
    try:
        value = orjson.loads(text.encode("utf-8", "surrogatepass"))
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, list | dict):
        return None
    return _dumped(fit(value, limit)).decode("utf-8")


def fit(value: Json, limit: int) -> Json:
    """`value` (objects, arrays, scalars) so that its JSON has at most `limit` bytes; `limit` is at least 2."""
    value = _without_files(value, "", 0)
    for _ in range(3):
        over = len(_dumped(value)) - limit
        if over <= 0:
            return value
        level = _level(sorted((_encoded_size(text) for text in _strings(value)), reverse=True), over)
        value = _shortened(value, level)
        if level == _SHORTEST:
            break
    return value if len(_dumped(value)) <= limit else _parts(value, limit)


def size_of(value: Json) -> int:
    """Bytes of `value` as JSON."""
    return len(_dumped(value))


def _dumped(value: Json) -> bytes:
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS)
    except TypeError:  # a lone surrogate, an integer beyond 64 bits, or too deep for this encoder
        return json.dumps(value, default=_plain).encode("ascii")


def _plain(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("latin-1")
    return list(value) if isinstance(value, Sequence) else str(value)


def _without_files(value: Json, media_type: str, depth: int) -> Json:
    """`value` with notes in place of files; containers are new, so the caller's stay as they are."""
    if isinstance(value, str):
        return note(value, media_type) or value
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{media_type or 'blob'}, {len(value)} bytes]"
    if not isinstance(value, Mapping | Sequence):
        return value
    if depth >= MAX_DEPTH:
        return "…"
    if isinstance(value, Mapping):
        named = value.get("mime_type") or value.get("media_type")
        media_type = named if isinstance(named, str) else media_type
        return {str(key): _without_files(item, media_type, depth + 1) for key, item in value.items()}
    return [_without_files(item, media_type, depth + 1) for item in value]


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _encoded_size(text: str) -> int:
    return len(_dumped(text)) - 2


def _level(sizes: list[int], over: int) -> int:
    """The size to which the longest strings must be cut so that `over` bytes go; never below the shortest."""
    freed = 0
    for count, size in enumerate(sizes, 1):
        following = max(sizes[count] if count < len(sizes) else 0, _SHORTEST)
        freed += count * (size - following)
        if size <= _SHORTEST:
            break
        if freed >= over:
            return max(following + (freed - over) // count, _SHORTEST)
    return _SHORTEST


def _shortened(value: Json, level: int) -> Json:
    if isinstance(value, str):
        return _cut_encoded(value, level)
    if isinstance(value, dict):
        return {key: _shortened(item, level) for key, item in value.items()}
    return [_shortened(item, level) for item in value] if isinstance(value, list) else value


def _cut_encoded(text: str, level: int) -> str:
    """The head of `text` in at most `level` bytes of encoded JSON (escapes make it longer than the text)."""
    size = _encoded_size(text)
    keep = level
    short = text
    while size > level and keep > 0:
        short = cut(text, keep)
        size = _encoded_size(short)
        keep = min(keep - 1, keep * level // max(size, 1))
    return short if size <= level else ""


def _parts(value: Json, limit: int) -> Json:
    """`value` without its middle: first and last items of a list, the smallest entries of an object."""
    if len(_dumped(value)) <= limit:
        return value
    if isinstance(value, list):
        return _ends(value, limit)
    if isinstance(value, dict):
        return _entries(value, limit)
    return _cut_encoded(value, limit - 2) if isinstance(value, str) and limit >= 2 else None


def _ends(items: list[Json], limit: int) -> list[Json]:
    """The first item (instructions, the question) and as many of the last as fit."""
    first = _parts(items[0], max(limit // 2, limit - 2) if len(items) == 1 else limit // 2)
    room = limit - 2 - len(_dumped(first))
    if room < 0:
        return []
    last: list[Json] = []
    for item in reversed(items[1:]):
        size = len(_dumped(item)) + 1
        if size > room:
            break
        last.append(item)
        room -= size
    if not last and len(items) > 1 and room > 8:
        last.append(_parts(items[-1], room - 1))
    return [first, *reversed(last)]


def _entries(entries: dict[str, Json], limit: int) -> dict[str, Json]:
    """The entries in their order, small ones first served; the largest one gets the room that is left."""
    sizes = {key: (len(_dumped(key)) + 2, len(_dumped(value))) for key, value in entries.items()}
    room = limit - 2
    kept: dict[str, Json] = {}
    for key, (name, size) in sorted(sizes.items(), key=lambda entry: entry[1][1]):
        if name + size <= room:
            kept[key] = entries[key]
            room -= name + size
            continue
        if name + 4 <= room:
            kept[key] = small = _parts(entries[key], room - name)
            room -= name + len(_dumped(small))
    return {key: kept[key] for key in entries if key in kept}
