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
from typing import Final

import orjson
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.record.received import MAX_DEPTH, TOO_DEEP, MalformedRequest, Received, ReceivedLogs
from spanwise.record.score import ScoreRecord, problem
from spanwise.record.span import AttributeValue, Event, Link, Resource, Scope, SpanRecord
from spanwise.semconv import events
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
    string_of,
    text_of,
)


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
            except Malformed as problem:
                rejected += 1
                reason = reason or str(problem)
    except Malformed as problem:
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
                log = message_of(item)
                if text_of(log, "eventName") != events.GEN_AI_EVALUATION_RESULT:
                    others += 1
                    continue
                score = _score(log, resource)
                wrong = problem(score)
            except Malformed as malformed:
                wrong = str(malformed)
            if wrong:
                rejected += 1
                reason = reason or wrong
            else:
                kept.append(score)
    except Malformed as malformed:
        raise MalformedRequest(str(malformed)) from None
    return ReceivedLogs(kept, others, rejected, reason)


def value(item: Json, depth: int = MAX_DEPTH) -> AttributeValue:
    """The Python value of the JSON form of an `AnyValue`: arrays as tuples, maps as dicts, `TOO_DEEP` below `depth`.

    Raises:
        ValueError: `item` is no such form; the message is a fixed sentence.
    """
    message = message_of(item)
    text = message.get("stringValue")
    if isinstance(text, str):
        return text
    for name, read in _SCALARS.items():
        found = field_of(message, name)
        if found is not None:
            return read(found)
    array = field_of(message, "arrayValue")
    if array is not None:
        return tuple([value(one, depth - 1) for one in list_of(message_of(array), "values")]) if depth else TOO_DEEP
    pairs = field_of(message, "kvlistValue")
    if pairs is not None:
        return _attributes(list_of(message_of(pairs), "values"), depth - 1) if depth else TOO_DEEP
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
    root = message_of(document)
    for resource_spans in list_of(root, "resourceSpans"):
        outer = message_of(resource_spans)
        resource = _resource(outer)
        for scope_spans in list_of(outer, "scopeSpans"):
            inner = message_of(scope_spans)
            scope = _scope(inner)
            for span in list_of(inner, "spans"):
                yield span, resource, scope


def _logs(document: Json) -> Iterator[tuple[Json, Resource]]:
    root = message_of(document)
    for resource_logs in list_of(root, "resourceLogs"):
        outer = message_of(resource_logs)
        resource = _resource(outer)
        for scope_logs in list_of(outer, "scopeLogs"):
            for log in list_of(message_of(scope_logs), "logRecords"):
                yield log, resource


def _score(log: Message, resource: Resource) -> ScoreRecord:
    return ScoreRecord(
        _id(log, "traceId", 32) if text_of(log, "traceId").strip("0") else 0,
        _id(log, "spanId", 16) if text_of(log, "spanId").strip("0") else 0,
        _time(log, "timeUnixNano") or _time(log, "observedTimeUnixNano"),
        _attributes(list_of(log, "attributes")),
        resource,
    )


def _resource(outer: Message) -> Resource:
    resource = message_of(field_of(outer, "resource") or {})
    return Resource(
        _attributes(list_of(resource, "attributes")),
        text_of(outer, "schemaUrl"),
        _count(resource, "droppedAttributesCount"),
    )


def _scope(inner: Message) -> Scope:
    scope = message_of(field_of(inner, "scope") or {})
    return Scope(
        text_of(scope, "name"),
        text_of(scope, "version"),
        text_of(inner, "schemaUrl"),
        _attributes(list_of(scope, "attributes")),
        _count(scope, "droppedAttributesCount"),
    )


def _record(item: Json, resource: Resource, scope: Scope) -> SpanRecord:
    span = message_of(item)
    status = message_of(field_of(span, "status") or {})
    return SpanRecord(
        name=text_of(span, "name"),
        trace_id=_id(span, "traceId", 32),
        span_id=_id(span, "spanId", 16),
        parent_span_id=_parent_id(span),
        kind=_KINDS.get(enum_of(span, "kind"), SpanKind.INTERNAL),
        start_unix_nano=_time(span, "startTimeUnixNano"),
        end_unix_nano=_time(span, "endTimeUnixNano"),
        status=_STATUSES.get(enum_of(status, "code"), StatusCode.UNSET),
        status_description=text_of(status, "message"),
        attributes=_attributes(list_of(span, "attributes")),
        events=[_event(message_of(event)) for event in list_of(span, "events")],
        links=[_link(message_of(link)) for link in list_of(span, "links")],
        resource=resource,
        scope=scope,
        trace_state=text_of(span, "traceState"),
        flags=_count(span, "flags"),
        dropped_attributes=_count(span, "droppedAttributesCount"),
        dropped_events=_count(span, "droppedEventsCount"),
        dropped_links=_count(span, "droppedLinksCount"),
    )


def _event(event: Message) -> Event:
    return Event(
        text_of(event, "name"),
        _time(event, "timeUnixNano"),
        _attributes(list_of(event, "attributes")),
        _count(event, "droppedAttributesCount"),
    )


def _link(link: Message) -> Link:
    return Link(
        _id(link, "traceId", 32),
        _id(link, "spanId", 16),
        _attributes(list_of(link, "attributes")),
        text_of(link, "traceState"),
        _count(link, "flags"),
        _count(link, "droppedAttributesCount"),
    )


def _attributes(pairs: list[Json], depth: int = MAX_DEPTH) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for item in pairs:
        pair = message_of(item)
        held = field_of(pair, "value")
        found[text_of(pair, "key")] = None if held is None else value(held, depth)
    return found


def _id(message: Message, name: str, digits: int) -> int:
    text = text_of(message, name)
    try:
        number = int.from_bytes(binascii.unhexlify(text), "big") if len(text) == digits else 0
    except ValueError:
        number = 0
    if not number:
        raise Malformed(f"{name} is not {digits} hex digits or all zero")
    return number


def _parent_id(span: Message) -> int:
    text = text_of(span, "parentSpanId")
    return 0 if not text.strip("0") and len(text) in {0, 16} else _id(span, "parentSpanId", 16)


def _time(message: Message, name: str) -> int:
    found = field_of(message, name)
    number = 0 if found is None else integer_of(found)
    if number < 0:
        raise Malformed(f"{name} is negative")
    return number


def _count(message: Message, name: str) -> int:
    found = field_of(message, name)
    return 0 if found is None else min(max(integer_of(found), 0), _MAX_UINT32)


def _bytes(item: Json) -> bytes:
    """Base64 of either alphabet, padded or not."""
    try:
        text = string_of(item).rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise Malformed("bytesValue is not base64") from None


_SCALARS: Final[Mapping[str, Callable[[Json], AttributeValue]]] = {
    "stringValue": string_of,
    "intValue": integer_of,
    "doubleValue": double_of,
    "boolValue": boolean_of,
    "bytesValue": _bytes,
}
