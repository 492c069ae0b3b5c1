"""`Cap`: the pipeline step that keeps a span within its limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spanwise.cap.config import CapConfig
from spanwise.cap.document import fit, fit_text, size_of
from spanwise.cap.text import cut
from spanwise.cap.text import size_of as text_size
from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr


_LONGEST_KEY: Final = 512  # bytes of an attribute's name; a longer one is data in the wrong place
_LARGEST_DOCUMENT: Final = 16 * 1024 * 1024  # bytes of JSON that are parsed; larger documents are emptied unread


class Cap:
    """Shortens what is too long and keeps JSON valid: a cut message list is still a message list.

    Within a JSON value files become notes, then the longest strings are cut, and only then messages from the middle
    go. Over the limit of the span the largest values give way first. What was removed is added up in bytes on the
    span. Numbers, booleans and values within the limits are never touched. Running it twice changes nothing.

    Runs after redaction. Cost: a length per attribute when nothing is too long; parsing and writing of the long
    ones otherwise. Raises `ValueError` on a configuration with mistakes.
    """

    def __init__(self, config: CapConfig | None = None) -> None:
        self._config = config or CapConfig()
        problems = self._config.validate()
        if problems:
            raise ValueError(" ".join(problems))

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span` within the limits; the same record."""
        removed = self._events(span) + self._names(span)
        sizes: list[tuple[int, dict[str, AttributeValue], str]] = []
        for owner in _owners(span):
            removed += _long_keys(owner)
            for key, value in owner.items():
                size = value_size(value)
                if size > self._config.max_attribute_bytes:
                    owner[key] = shrunk(value, self._config.max_attribute_bytes)
                    removed += size - value_size(owner[key])
                    size = value_size(owner[key])
                if size:
                    sizes.append((size, owner, key))
        removed += self._whole(sizes)
        if removed:
            before = span.count(attr.SPANWISE_CONTENT_TRUNCATED) or 0
            span.attributes[attr.SPANWISE_CONTENT_TRUNCATED] = before + removed
        return span

    def _events(self, span: SpanRecord) -> int:
        """Drops events from the middle; the last ones stay, because an exception is recorded at the end."""
        excess = len(span.events) - self._config.max_events
        if excess <= 0:
            return 0
        head = self._config.max_events // 2
        gone = span.events[head : head + excess]
        span.events = span.events[:head] + span.events[head + excess :]
        span.dropped_events += excess
        return sum(text_size(event.name) + sum(map(value_size, event.attributes.values())) for event in gone)

    def _names(self, span: SpanRecord) -> int:
        limit = self._config.max_attribute_bytes
        removed = 0
        for owner, field in ((span, "name"), (span, "status_description"), *((event, "name") for event in span.events)):
            text = getattr(owner, field)
            if text_size(text) > limit:
                setattr(owner, field, cut(text, limit))
                removed += text_size(text) - text_size(getattr(owner, field))
        return removed

    def _whole(self, sizes: list[tuple[int, dict[str, AttributeValue], str]]) -> int:
        """Brings the span within its limit by lowering the largest values to one common size; the bytes removed."""
        over = sum(size for size, _, _ in sizes) - self._config.max_span_bytes
        if over <= 0:
            return 0
        level = _level(sorted((size for size, _, _ in sizes), reverse=True), self._config.max_span_bytes)
        removed = 0
        for size, owner, key in sizes:
            if size > level:
                owner[key] = shrunk(owner[key], max(level, 2))
                removed += size - value_size(owner[key])
        return removed


def value_size(value: AttributeValue) -> int:
    """Bytes of `value`: UTF-8 of a text, JSON of a list or map, 0 for numbers and booleans."""
    if isinstance(value, str):
        return text_size(value)
    if value is None or isinstance(value, bool | int | float):
        return 0
    return len(value) if isinstance(value, bytes) else size_of(value)


def shrunk(value: AttributeValue, limit: int) -> AttributeValue:
    """`value` in at most `limit` bytes, of the same type; JSON stays JSON."""
    if isinstance(value, str):
        return _shrunk_text(value, limit)
    if isinstance(value, bytes):
        return value[:limit]
    short: AttributeValue = fit(value, limit)
    return tuple(short) if isinstance(value, tuple) and isinstance(short, list) else short


def _shrunk_text(text: str, limit: int) -> str:
    start = text[:64].lstrip()[:1]
    if start not in ("{", "["):
        return cut(text, limit)
    if len(text) > _LARGEST_DOCUMENT:
        return "{}" if start == "{" else "[]"
    document = fit_text(text, limit)
    return cut(text, limit) if document is None else document


def _level(sizes: list[int], limit: int) -> int:
    """The largest size to which all larger ones can be cut so that the sum is at most `limit`."""
    rest = sum(sizes)
    for count, size in enumerate(sizes, 1):
        rest -= size
        following = sizes[count] if count < len(sizes) else 0
        if rest + count * following <= limit:
            return (limit - rest) // count
    return 0


def _long_keys(owner: dict[str, AttributeValue]) -> int:
    """Removes attributes whose name is too long; the bytes removed."""
    long = [key for key in owner if len(key) > _LONGEST_KEY]
    return sum(text_size(key) + value_size(owner.pop(key)) for key in long)


def _owners(span: SpanRecord) -> Iterator[dict[str, AttributeValue]]:
    yield span.attributes
    for event in span.events:
        yield event.attributes
    for link in span.links:
        yield link.attributes
