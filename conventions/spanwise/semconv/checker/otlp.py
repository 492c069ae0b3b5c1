"""From a parsed OTLP/JSON document to samples.

Strict writers and loose ones are both read: lowerCamelCase or snake_case, enum numbers or names, 64-bit integers as
strings or numbers. Unknown fields are ignored and `null` means absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from spanwise.semconv.checker.sample import Attributes, EventSample, MetricSample, ResourceSample, Sample, SpanSample
from spanwise.semconv.checker.sample import Value as AttributeValue


Json: TypeAlias = Any
"""What a JSON parser returns."""

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
_MAX_INT64: Final = 2**63 - 1
_HEX: Final = frozenset("0123456789abcdef")


class Malformed(ValueError):  # noqa: N818 - it names what was read
    """A part of a document that cannot be read; the message is a fixed sentence."""


def is_document(document: Json) -> bool:
    """Whether `document` is an object with the telemetry of at least one signal."""
    return isinstance(document, dict) and any(
        name in document or _snake(name) in document for name, _, _, _ in _SIGNALS
    )


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
    document: Json, outer_name: str, inner_name: str, items: str, read: Callable[[_Object, Attributes], Sample | None]
) -> Iterator[Sample | Malformed]:
    for outer in _list(_object(document), outer_name):
        resource = _attributes(_inner(_object(outer), "resource"))
        yield ResourceSample(resource)
        for inner in _list(outer, inner_name):
            for item in _list(_object(inner), items):
                try:
                    sample = read(_object(item), resource)
                except Malformed as problem:
                    yield problem
                else:
                    if sample is not None:
                        yield sample


def _span(span: _Object, resource: Attributes) -> SpanSample:
    status = _inner(span, "status")
    where = _where(span)
    return SpanSample(
        name=_text(span, "name"),
        kind=_KINDS.get(_enum(span, "kind"), "internal"),
        status=_STATUSES.get(_enum(status, "code"), "unset"),
        attributes=_attributes(span),
        events=tuple([_span_event(_object(event), where) for event in _list(span, "events")]),
        where=where,
        resource=resource,
    )


def _span_event(event: _Object, where: str) -> EventSample:
    return EventSample(_text(event, "name"), _attributes(event), where, structured=False)


def _event(record: _Object, _resource: Attributes) -> EventSample | None:
    """The log record as an event; `None` when it has no event name. Older writers put the name into an attribute."""
    attributes = _attributes(record)
    name = _text(record, "eventName") or attributes.get("event.name")
    return EventSample(name, attributes, _where(record)) if name and isinstance(name, str) else None


def _metric(metric: _Object, _resource: Attributes) -> MetricSample:
    instrument, data = _data(metric)
    points = _list(data, "dataPoints")
    return MetricSample(
        name=_text(metric, "name"),
        unit=_text(metric, "unit"),
        instrument=instrument,
        points=tuple([_attributes(_object(point)) for point in points]),
    )


def _data(metric: _Object) -> tuple[str, _Object]:
    for name in ("histogram", "exponentialHistogram", "sum", "gauge", "summary"):
        found = _field(metric, name)
        if found is not None:
            data = _object(found)
            if name == "sum":
                return "counter" if _field(data, "isMonotonic") is True else "updowncounter", data
            return name.removeprefix("exponential").lower(), data
    return "", {}


_SIGNALS: Final = (
    ("resourceSpans", "scopeSpans", "spans", _span),
    ("resourceMetrics", "scopeMetrics", "metrics", _metric),
    ("resourceLogs", "scopeLogs", "logRecords", _event),
)

_Object: TypeAlias = Mapping[str, Json]


@cache
def _snake(name: str) -> str:
    """`traceId` as `trace_id`. Called with the names in this file only, so the cache is bounded."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _field(message: _Object, name: str) -> Json:
    found = message.get(name)
    return message.get(_snake(name)) if found is None else found


def _object(item: Json) -> _Object:
    if not isinstance(item, dict):
        raise Malformed("a message is not a JSON object")
    return item


def _inner(message: _Object, name: str) -> _Object:
    found = _field(message, name)
    return {} if found is None else _object(found)


def _list(message: _Object, name: str) -> list[Json]:
    found = _field(message, name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Malformed(f"{name} is not a JSON array")
    return found


def _text(message: _Object, name: str) -> str:
    found = _field(message, name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Malformed(f"{name} is not a string")
    return found


def _enum(message: _Object, name: str) -> object:
    found = _field(message, name)
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _where(message: _Object) -> str:
    """`trace id/span id`; empty unless both are hex of the right length."""
    trace, span = _text(message, "traceId").lower(), _text(message, "spanId").lower()
    good = len(trace) == 32 and len(span) == 16 and _HEX.issuperset(trace) and _HEX.issuperset(span)
    return f"{trace}/{span}" if good else ""


def _attributes(message: _Object, depth: int = MAX_DEPTH) -> dict[str, AttributeValue]:
    return _pairs(_list(message, "attributes"), depth)


def _pairs(pairs: list[Json], depth: int) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for item in pairs:
        pair = _object(item)
        held = _field(pair, "value")
        found[_text(pair, "key")] = None if held is None else _value(_object(held), depth)
    return found


def _value(message: _Object, depth: int) -> AttributeValue:
    for name, read in _SCALARS.items():
        found = _field(message, name)
        if found is not None:
            return read(found)
    array, pairs = _field(message, "arrayValue"), _field(message, "kvlistValue")
    if array is None and pairs is None:
        return None
    if depth == 0:
        raise Malformed(f"a value nests deeper than {MAX_DEPTH}")
    if array is not None:
        return tuple([_value(_object(one), depth - 1) for one in _list(_object(array), "values")])
    return _pairs(_list(_object(pairs), "values"), depth - 1)


def _string(item: Json) -> str:
    if not isinstance(item, str):
        raise Malformed("stringValue is not a string")
    return item


def _integer(item: Json) -> int:
    """A whole number within 64 bits, written as a number or a string."""
    if isinstance(item, str):
        item = int(item) if len(item) <= 20 and item.isascii() and item.removeprefix("-").isdigit() else None
    if isinstance(item, float):
        item = int(item) if item.is_integer() else None
    if not isinstance(item, int) or isinstance(item, bool) or not -_MAX_INT64 - 1 <= item <= _MAX_INT64:
        raise Malformed("intValue is not a whole number of 64 bits")
    return item


def _double(item: Json) -> float:
    """A number, or its text: OTLP writes `NaN` and the infinities as strings."""
    if isinstance(item, bool) or not isinstance(item, str | int | float) or (isinstance(item, str) and len(item) > 40):
        raise Malformed("doubleValue is not a number")
    try:
        return float(item)
    except (ValueError, OverflowError):
        raise Malformed("doubleValue is not a number") from None


def _boolean(item: Json) -> bool:
    if not isinstance(item, bool):
        raise Malformed("boolValue is not true or false")
    return item


def _bytes(item: Json) -> bytes:
    """That there are bytes; which ones matters to no rule."""
    return _string(item).encode(errors="replace")


_SCALARS: Final[Mapping[str, Callable[[Json], AttributeValue]]] = {
    "stringValue": _string,
    "intValue": _integer,
    "doubleValue": _double,
    "boolValue": _boolean,
    "bytesValue": _bytes,
}
