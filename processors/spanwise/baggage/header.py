"""The header `baggage` (W3C Baggage, 2024): written within limits, read as something that anybody may have sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

from spanwise.baggage.config import attribute_of
from spanwise.semconv import attributes as attr


Said: TypeAlias = Mapping[str, object]
"""Attributes of a context."""

PREFIX: Final = "spanwise."
"""Before each of our keys, so that those of others stay theirs."""

MOST_VALUE_BYTES: Final = 256
MOST_BYTES: Final = 2048
"""Of all our entries. W3C asks everybody to pass on 8,192 bytes, those of others in it."""

_MOST_READ: Final = 8192
_MOST_ENTRIES: Final = 64
_MOST_TAGS: Final = 8
_SAFE: Final = "-._~"
_VERSION: Final = "prompt_version"


def write_header(said: Said, send: Sequence[str], before: str = "") -> str:
    """The header for a request, after what it is `before`; that alone where there is nothing to say.

    Values are percent-encoded. One that is longer than 256 bytes, and what would be beyond 2,048 in all, is left out.
    """
    entries: list[str] = []
    size, room = 0, min(MOST_BYTES, _MOST_READ - len(before))
    for name, text in _entries(said, send):
        value = quote(text, safe=_SAFE, errors="replace")
        entry = f"{PREFIX}{name}={value}"
        if len(value) <= MOST_VALUE_BYTES and size + len(entry) < room:
            entries.append(entry)
            size += len(entry) + 1
    return ",".join([before, *entries] if before else entries)


def read_header(header: str, accept: Sequence[str]) -> dict[str, str | tuple[str, ...]]:
    """Attributes for those entries of ours that are accepted. The first of a name holds.

    Nothing of it can be trusted: at most 8,192 bytes and 64 entries are read, and a value is left out that is empty,
    longer than 256 bytes, not UTF-8, or holds a control character.
    """
    found: dict[str, str | tuple[str, ...]] = {}
    if len(header) > _MOST_READ or not accept:
        return found
    known = {PREFIX + name: attribute_of(name) for name in accept}
    if "prompt" in accept:
        known[PREFIX + _VERSION] = attr.GEN_AI_PROMPT_VERSION
    for entry in header.split(",", _MOST_ENTRIES)[:_MOST_ENTRIES]:
        key, _, rest = entry.partition("=")
        name = known.get(key.strip())
        if name is None or name in found or (text := _value(rest)) is None:
            continue
        found[name] = tuple(filter(None, text.split(" ")))[:_MOST_TAGS] if name == attr.SPANWISE_TAGS else text
    if attr.GEN_AI_PROMPT_NAME not in found:
        found.pop(attr.GEN_AI_PROMPT_VERSION, None)
    return found


def _entries(said: Said, send: Sequence[str]) -> Iterable[tuple[str, str]]:
    for name in send:
        value = said.get(attribute_of(name))
        if name == "tags" and isinstance(value, tuple):
            value = " ".join(tag for tag in value[:_MOST_TAGS] if isinstance(tag, str) and " " not in tag)
        if isinstance(value, str | int | float) and (text := str(value)):
            yield name, text
            version = said.get(attr.GEN_AI_PROMPT_VERSION)
            if name == "prompt" and isinstance(version, str):
                yield _VERSION, version


def _value(rest: str) -> str | None:
    """The value of an entry without its properties; `None` for one that is not taken."""
    raw = rest.partition(";")[0].strip()
    if not 0 < len(raw) <= MOST_VALUE_BYTES:
        return None
    try:
        text = unquote(raw, errors="strict")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() and text.strip() else None
