"""From a parsed OTLP/JSON document to samples.

Strict writers and loose ones are both read: lowerCamelCase or snake_case, enum numbers or names, 64-bit integers as
strings or numbers. Unknown fields are ignored and `null` means absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from spanwise.semconv.checker.sample import Attributes, EventSample, MetricSample, ResourceSample, Sample, SpanSample
from spanwise.semconv.checker.sample import Value as AttributeValue
from spanwise.semconv.otlp_message import (
    Json,
    Malformed,
    Message,
    boolean_of,
    double_of,
    enum_of,
    field_of,
    integer_of,
    list_of,
    message_of,
    snake,
    string_of,
    text_of,
)


MAX_DEPTH: Final = 64
"""How deep attribute values may nest."""

_KIND_NAMES: Final = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_KINDS: Final[Mapping[object, str]] = {
    spelling: name.lower() if number else "internal"
    for number, name in enumerate(_KIND_NAMES)
    for spelling in (number, str(number), f"SPAN_KIND_{name}")
}
_STATUSES: Final[Mapping[object, str]] = {
    spelling: name.lower()
    for number, name in enumerate(("UNSET", "OK", "ERROR"))
    for spelling in (number, str(number), f"STATUS_CODE_{name}")
}
_HEX: Final = frozenset("0123456789abcdef")


def is_document(document: Json) -> bool:
    """Whether `document` is an object with the telemetry of at least one signal."""
    return isinstance(document, dict) and any(name in document or snake(name) in document for name, _, _, _ in _SIGNALS)


def samples(document: Json) -> Iterator[Sample | Malformed]:
    """Everything in `document`, each resource before what it emitted; `Malformed` stands for what cannot be read.

    A span, metric or log record that cannot be read costs only itself; a container costs the rest of its signal.
    """
    for signal in _SIGNALS:
        try:
            yield from _signal(document, *signal)
        except Malformed as problem:
            yield problem


def _signal(
    document: Json, outer_name: str, inner_name: str, items: str, read: Callable[[Message, Attributes], Sample | None]
) -> Iterator[Sample | Malformed]:
    for outer in list_of(message_of(document), outer_name):
        resource = _attributes(_inner(message_of(outer), "resource"))
        yield ResourceSample(resource)
        for inner in list_of(outer, inner_name):
            for item in list_of(message_of(inner), items):
                try:
                    sample = read(message_of(item), resource)
                except Malformed as problem:
                    yield problem
                else:
                    if sample is not None:
                        yield sample


def _span(span: Message, resource: Attributes) -> SpanSample:
    status = _inner(span, "status")
    where = _where(span)
    return SpanSample(
        name=text_of(span, "name"),
        kind=_KINDS.get(enum_of(span, "kind"), "internal"),
        status=_STATUSES.get(enum_of(status, "code"), "unset"),
        attributes=_attributes(span),
        events=tuple([_span_event(message_of(event), where) for event in list_of(span, "events")]),
        where=where,
        resource=resource,
    )


def _span_event(event: Message, where: str) -> EventSample:
    return EventSample(text_of(event, "name"), _attributes(event), where, structured=False)


def _event(record: Message, _resource: Attributes) -> EventSample | None:
    """The log record as an event; `None` when it has no event name. Older writers put the name into an attribute."""
    attributes = _attributes(record)
    name = text_of(record, "eventName") or attributes.get("event.name")
    return EventSample(name, attributes, _where(record)) if name and isinstance(name, str) else None


def _metric(metric: Message, _resource: Attributes) -> MetricSample:
    instrument, data = _data(metric)
    points = list_of(data, "dataPoints")
    return MetricSample(
        name=text_of(metric, "name"),
        unit=text_of(metric, "unit"),
        instrument=instrument,
        points=tuple([_attributes(message_of(point)) for point in points]),
    )


def _data(metric: Message) -> tuple[str, Message]:
    for name in ("histogram", "exponentialHistogram", "sum", "gauge", "summary"):
        found = field_of(metric, name)
        if found is not None:
            data = message_of(found)
            if name == "sum":
                return "counter" if field_of(data, "isMonotonic") is True else "updowncounter", data
            return name.removeprefix("exponential").lower(), data
    return "", {}


_SIGNALS: Final = (
    ("resourceSpans", "scopeSpans", "spans", _span),
    ("resourceMetrics", "scopeMetrics", "metrics", _metric),
    ("resourceLogs", "scopeLogs", "logRecords", _event),
)


def _inner(message: Message, name: str) -> Message:
    found = field_of(message, name)
    return {} if found is None else message_of(found)


def _where(message: Message) -> str:
    """`trace id/span id`; empty unless both are hex of the right length."""
    trace, span = text_of(message, "traceId").lower(), text_of(message, "spanId").lower()
    good = len(trace) == 32 and len(span) == 16 and _HEX.issuperset(trace) and _HEX.issuperset(span)
    return f"{trace}/{span}" if good else ""


def _attributes(message: Message, depth: int = MAX_DEPTH) -> dict[str, AttributeValue]:
    return _pairs(list_of(message, "attributes"), depth)


def _pairs(pairs: list[Json], depth: int) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for item in pairs:
        pair = message_of(item)
        held = field_of(pair, "value")
        found[text_of(pair, "key")] = None if held is None else _value(message_of(held), depth)
    return found


def _value(message: Message, depth: int) -> AttributeValue:
    for name, read in _SCALARS.items():
        found = field_of(message, name)
        if found is not None:
            return read(found)
    array, pairs = field_of(message, "arrayValue"), field_of(message, "kvlistValue")
    if array is None and pairs is None:
        return None
    if depth == 0:
        raise Malformed(f"a value nests deeper than {MAX_DEPTH}")
    if array is not None:
        return tuple([_value(message_of(one), depth - 1) for one in list_of(message_of(array), "values")])
    return _pairs(list_of(message_of(pairs), "values"), depth - 1)


def _bytes(item: Json) -> bytes:
    """That there are bytes; which ones matters to no rule."""
    return string_of(item).encode(errors="replace")


_SCALARS: Final[Mapping[str, Callable[[Json], AttributeValue]]] = {
    "stringValue": string_of,
    "intValue": integer_of,
    "doubleValue": double_of,
    "boolValue": boolean_of,
    "bytesValue": _bytes,
}
