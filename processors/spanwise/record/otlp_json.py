"""From OTLP/JSON to `SpanRecord`.

Reads the parsed JSON directly, because protobuf's own JSON mapping takes ids for base64 where OTLP writes hex. Strict
writers and loose ones are both read: lowerCamelCase or snake_case, enum numbers or names, 64-bit integers as strings
or numbers. Unknown fields are ignored; `null` means absent.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

import orjson
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.record.received import MAX_DEPTH, MAX_INT64, TOO_DEEP, MalformedRequest, Received, ReceivedLogs
from spanwise.record.score import ScoreRecord, problem
from spanwise.record.span import AttributeValue, Event, Link, Resource, Scope, SpanRecord
from spanwise.semconv import events


Json: TypeAlias = Any
"""What a JSON parser returns."""

_KIND_NAMES: Final = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_KINDS: Final[Mapping[object, SpanKind]] = {
    spelling: SpanKind.INTERNAL if number == 0 else SpanKind[name]
    for number, name in enumerate(_KIND_NAMES)
    for spelling in (number, str(number), f"SPAN_KIND_{name}")
}
_STATUSES: Final[Mapping[object, StatusCode]] = {
    spelling: code for code in StatusCode for spelling in (code.value, str(code.value), f"STATUS_CODE_{code.name}")
}
# What the fast parser refuses and the standard one reads: bare numbers that are none, escaped lone surrogates.
_LENIENT_MARKS: Final = (b"NaN", b"Infinity", b"\\ud", b"\\uD")
_MAX_UINT32: Final = 2**32 - 1


class _MalformedPart(ValueError):  # noqa: N818 - it names what was read
    """A part of a request that cannot be read; the message is a fixed sentence."""


def records(body: bytes | bytearray) -> Received:
    """The spans in `body`; those that cannot be read are counted and left out, the others are kept.

    Lone surrogates become U+FFFD and a bare `NaN` or `Infinity` is read, as some writers send both.

    Raises:
        MalformedRequest: `body` is not JSON, not UTF-8, nests too deep, or is no object with `resourceSpans`.
    """
    kept: list[SpanRecord] = []
    rejected, reason = 0, ""
    try:
        for span, resource, scope in _spans(_parse(body)):
            try:
                kept.append(_record(span, resource, scope))
            except _MalformedPart as problem:
                rejected += 1
                reason = reason or str(problem)
    except _MalformedPart as problem:
        raise MalformedRequest(str(problem)) from None
    return Received(kept, rejected, reason)


def scores(body: bytes | bytearray) -> ReceivedLogs:
    """The results of evaluations among the log records in `body`, as `otlp_logs.scores` finds them in protobuf.

    Raises:
        MalformedRequest: `body` is not JSON, not UTF-8, nests too deep, or is no object with `resourceLogs`.
    """
    kept: list[ScoreRecord] = []
    others = rejected = 0
    reason = ""
    try:
        for item, resource in _logs(_parse(body)):
            try:
                log = _mapping(item)
                if _text(log, "eventName") != events.GEN_AI_EVALUATION_RESULT:
                    others += 1
                    continue
                score = _score(log, resource)
                wrong = problem(score)
            except _MalformedPart as malformed:
                wrong = str(malformed)
            if wrong:
                rejected += 1
                reason = reason or wrong
            else:
                kept.append(score)
    except _MalformedPart as malformed:
        raise MalformedRequest(str(malformed)) from None
    return ReceivedLogs(kept, others, rejected, reason)


def value(item: Json, depth: int = MAX_DEPTH) -> AttributeValue:
    """The Python value of the JSON form of an `AnyValue`: arrays as tuples, maps as dicts, `TOO_DEEP` below `depth`.

    Raises:
        ValueError: `item` is no such form; the message is a fixed sentence.
    """
    message = _mapping(item)
    text = message.get("stringValue")
    if isinstance(text, str):
        return text
    for name, read in _SCALARS.items():
        found = _field(message, name)
        if found is not None:
            return read(found)
    array = _field(message, "arrayValue")
    if array is not None:
        return tuple([value(one, depth - 1) for one in _list(_mapping(array), "values")]) if depth else TOO_DEEP
    pairs = _field(message, "kvlistValue")
    if pairs is not None:
        return _attributes(_list(_mapping(pairs), "values"), depth - 1) if depth else TOO_DEEP
    return None


def _parse(body: bytes | bytearray) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if not any(mark in body for mark in _LENIENT_MARKS):
            raise MalformedRequest("the body is not JSON") from None
    try:
        return _mended(json.loads(body.decode()))
    except (ValueError, RecursionError):
        raise MalformedRequest("the body is not JSON") from None


def _mended(item: Json) -> Json:
    """`item` with every lone surrogate replaced by U+FFFD."""
    if isinstance(item, str):
        return item if item.isascii() else item.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(item, dict):
        return {_mended(key): _mended(one) for key, one in item.items()}
    if isinstance(item, list):
        return [_mended(one) for one in item]
    return item


def _spans(document: Json) -> Iterator[tuple[Json, Resource, Scope]]:
    root = _mapping(document)
    for resource_spans in _list(root, "resourceSpans"):
        outer = _mapping(resource_spans)
        resource = _resource(outer)
        for scope_spans in _list(outer, "scopeSpans"):
            inner = _mapping(scope_spans)
            scope = _scope(inner)
            for span in _list(inner, "spans"):
                yield span, resource, scope


def _logs(document: Json) -> Iterator[tuple[Json, Resource]]:
    root = _mapping(document)
    for resource_logs in _list(root, "resourceLogs"):
        outer = _mapping(resource_logs)
        resource = _resource(outer)
        for scope_logs in _list(outer, "scopeLogs"):
            for log in _list(_mapping(scope_logs), "logRecords"):
                yield log, resource


def _score(log: Mapping[str, Json], resource: Resource) -> ScoreRecord:
    return ScoreRecord(
        _id(log, "traceId", 32) if _text(log, "traceId").strip("0") else 0,
        _id(log, "spanId", 16) if _text(log, "spanId").strip("0") else 0,
        _time(log, "timeUnixNano") or _time(log, "observedTimeUnixNano"),
        _attributes(_list(log, "attributes")),
        resource,
    )


def _resource(outer: Mapping[str, Json]) -> Resource:
    resource = _mapping(_field(outer, "resource") or {})
    return Resource(
        _attributes(_list(resource, "attributes")),
        _text(outer, "schemaUrl"),
        _count(resource, "droppedAttributesCount"),
    )


def _scope(inner: Mapping[str, Json]) -> Scope:
    scope = _mapping(_field(inner, "scope") or {})
    return Scope(
        _text(scope, "name"),
        _text(scope, "version"),
        _text(inner, "schemaUrl"),
        _attributes(_list(scope, "attributes")),
        _count(scope, "droppedAttributesCount"),
    )


def _record(item: Json, resource: Resource, scope: Scope) -> SpanRecord:
    span = _mapping(item)
    status = _mapping(_field(span, "status") or {})
    return SpanRecord(
        name=_text(span, "name"),
        trace_id=_id(span, "traceId", 32),
        span_id=_id(span, "spanId", 16),
        parent_span_id=_parent_id(span),
        kind=_KINDS.get(_enum(span, "kind"), SpanKind.INTERNAL),
        start_unix_nano=_time(span, "startTimeUnixNano"),
        end_unix_nano=_time(span, "endTimeUnixNano"),
        status=_STATUSES.get(_enum(status, "code"), StatusCode.UNSET),
        status_description=_text(status, "message"),
        attributes=_attributes(_list(span, "attributes")),
        events=[_event(_mapping(event)) for event in _list(span, "events")],
        links=[_link(_mapping(link)) for link in _list(span, "links")],
        resource=resource,
        scope=scope,
        trace_state=_text(span, "traceState"),
        flags=_count(span, "flags"),
        dropped_attributes=_count(span, "droppedAttributesCount"),
        dropped_events=_count(span, "droppedEventsCount"),
        dropped_links=_count(span, "droppedLinksCount"),
    )


def _event(event: Mapping[str, Json]) -> Event:
    return Event(
        _text(event, "name"),
        _time(event, "timeUnixNano"),
        _attributes(_list(event, "attributes")),
        _count(event, "droppedAttributesCount"),
    )


def _link(link: Mapping[str, Json]) -> Link:
    return Link(
        _id(link, "traceId", 32),
        _id(link, "spanId", 16),
        _attributes(_list(link, "attributes")),
        _text(link, "traceState"),
        _count(link, "flags"),
        _count(link, "droppedAttributesCount"),
    )


def _attributes(pairs: list[Json], depth: int = MAX_DEPTH) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for item in pairs:
        pair = _mapping(item)
        held = _field(pair, "value")
        found[_text(pair, "key")] = None if held is None else value(held, depth)
    return found


@cache
def _snake(name: str) -> str:
    """`traceId` as `trace_id`. Called with the names in this file only, so the cache is bounded."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _field(message: Mapping[str, Json], name: str) -> Json:
    found = message.get(name)
    return message.get(_snake(name)) if found is None else found


def _mapping(item: Json) -> Mapping[str, Json]:
    if not isinstance(item, dict):
        raise _MalformedPart("a message is not a JSON object")
    return item


def _list(message: Mapping[str, Json], name: str) -> list[Json]:
    found = _field(message, name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise _MalformedPart(f"{name} is not a JSON array")
    return found


def _text(message: Mapping[str, Json], name: str) -> str:
    found = _field(message, name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _MalformedPart(f"{name} is not a string")
    return found


def _enum(message: Mapping[str, Json], name: str) -> object:
    found = _field(message, name)
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _id(message: Mapping[str, Json], name: str, digits: int) -> int:
    text = _text(message, name)
    try:
        number = int.from_bytes(binascii.unhexlify(text), "big") if len(text) == digits else 0
    except ValueError:
        number = 0
    if not number:
        raise _MalformedPart(f"{name} is not {digits} hex digits or all zero")
    return number


def _parent_id(span: Mapping[str, Json]) -> int:
    text = _text(span, "parentSpanId")
    return 0 if not text.strip("0") and len(text) in {0, 16} else _id(span, "parentSpanId", 16)


def _time(message: Mapping[str, Json], name: str) -> int:
    found = _field(message, name)
    number = 0 if found is None else _integer(found)
    if number < 0:
        raise _MalformedPart(f"{name} is negative")
    return number


def _count(message: Mapping[str, Json], name: str) -> int:
    found = _field(message, name)
    return 0 if found is None else min(max(_integer(found), 0), _MAX_UINT32)


def _integer(item: Json) -> int:
    """A whole number within 64 bits, written as a number or a string."""
    if isinstance(item, str):
        item = int(item) if len(item) <= 20 and item.isascii() and item.removeprefix("-").isdigit() else None
    if isinstance(item, float):
        item = int(item) if item.is_integer() else None
    if not isinstance(item, int) or isinstance(item, bool) or not -MAX_INT64 - 1 <= item <= MAX_INT64:
        raise _MalformedPart("an integer is not a whole number of 64 bits")
    return item


def _double(item: Json) -> float:
    """A number, or its text: OTLP writes `NaN` and the infinities as strings."""
    if isinstance(item, bool) or not isinstance(item, str | int | float) or (isinstance(item, str) and len(item) > 40):
        raise _MalformedPart("doubleValue is not a number")
    try:
        return float(item)
    except (ValueError, OverflowError):
        raise _MalformedPart("doubleValue is not a number") from None


def _boolean(item: Json) -> bool:
    if not isinstance(item, bool):
        raise _MalformedPart("boolValue is not true or false")
    return item


def _string(item: Json) -> str:
    if not isinstance(item, str):
        raise _MalformedPart("stringValue is not a string")
    return item


def _bytes(item: Json) -> bytes:
    """Base64 of either alphabet, padded or not."""
    try:
        text = _string(item).rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise _MalformedPart("bytesValue is not base64") from None


_SCALARS: Final[Mapping[str, Callable[[Json], AttributeValue]]] = {
    "stringValue": _string,
    "intValue": _integer,
    "doubleValue": _double,
    "boolValue": _boolean,
    "bytesValue": _bytes,
}
