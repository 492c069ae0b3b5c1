"""Between OTLP protobuf messages and `SpanRecord`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource as ResourceMessage
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.record.received import MAX_DEPTH, MAX_INT64, TOO_DEEP, MalformedRequest, Received
from spanwise.record.span import AttributeValue, Event, Link, Resource, Scope, SpanRecord


KINDS: Final = (
    SpanKind.INTERNAL,
    SpanKind.INTERNAL,
    SpanKind.SERVER,
    SpanKind.CLIENT,
    SpanKind.PRODUCER,
    SpanKind.CONSUMER,
)
"""The span kind by OTLP number. Unspecified counts as internal, as the protocol allows."""

STATUSES: Final = (StatusCode.UNSET, StatusCode.OK, StatusCode.ERROR)
"""The status by OTLP number."""

# Protobuf parsers refuse messages nested deeper than 100. An attribute value of an event sits on level 6; an array
# adds two levels, a map three. A deeper value would cost its receiver the whole request.
_VALUE_LEVELS: Final = 94
_MAX_UINT32: Final = 2**32 - 1
_MAX_UINT64: Final = 2**64 - 1


def parse(body: bytes | bytearray) -> ExportTraceServiceRequest:
    """The request in `body`.

    Raises:
        MalformedRequest: `body` is no such message, holds invalid UTF-8, or nests deeper than 100 messages.
    """
    message = ExportTraceServiceRequest()
    try:
        message.MergeFromString(cast("bytes", body))
    except DecodeError:
        raise MalformedRequest("the body is not an OTLP trace request in protobuf") from None
    return message


def records(request: ExportTraceServiceRequest) -> Received:
    """The spans of `request`; those with invalid ids or times are counted and left out, the others are kept.

    Spans of one resource or scope share one `Resource` or `Scope`. About 20 us for a span with 20 attributes.
    """
    kept: list[SpanRecord] = []
    rejected, reason = 0, ""
    for resource_spans in request.resource_spans:
        resource = _resource(resource_spans)
        for scope_spans in resource_spans.scope_spans:
            scope = _scope(scope_spans)
            for span in scope_spans.spans:
                problem = _problem(span)
                if problem:
                    rejected += 1
                    reason = reason or problem
                else:
                    kept.append(_record(span, resource, scope))
    return Received(kept, rejected, reason)


def value(message: AnyValue, depth: int = MAX_DEPTH) -> AttributeValue:
    """The Python value of `message`: arrays as tuples and maps as dicts, `TOO_DEEP` below `depth` containers."""
    kind = message.WhichOneof("value")
    if kind is None or kind == "string_value_strindex":
        return None
    if kind == "array_value":
        return tuple([value(item, depth - 1) for item in message.array_value.values]) if depth else TOO_DEEP
    if kind == "kvlist_value":
        return {item.key: value(item.value, depth - 1) for item in message.kvlist_value.values} if depth else TOO_DEEP
    return cast("AttributeValue", getattr(message, kind))


def any_value(item: AttributeValue, levels: int = _VALUE_LEVELS) -> AnyValue:
    """`item` as an OTLP message.

    Integers beyond 64 bits become doubles, lone surrogates U+FFFD, values nested deeper than any receiver parses
    `TOO_DEEP`, and objects that are no attribute value nothing.
    """
    if isinstance(item, str):
        return _string(item)
    if isinstance(item, bool):
        return AnyValue(bool_value=item)
    if isinstance(item, int):
        return AnyValue(int_value=item) if -MAX_INT64 - 1 <= item <= MAX_INT64 else AnyValue(double_value=_wide(item))
    if isinstance(item, float):
        return AnyValue(double_value=item)
    if isinstance(item, bytes | bytearray):
        return AnyValue(bytes_value=bytes(item))
    if isinstance(item, Mapping):
        return _map(item, levels - 3)
    if isinstance(item, Sequence):
        return _array(item, levels - 2)
    return AnyValue()


def request(records: Sequence[SpanRecord]) -> ExportTraceServiceRequest:
    """One request with all `records`, grouped by equal resource and scope in order of first appearance."""
    message = ExportTraceServiceRequest()
    headers: dict[tuple[object, ...], bytes] = {}
    resources: dict[bytes, ResourceSpans] = {}
    scopes: dict[tuple[bytes, bytes], ScopeSpans] = {}
    for record in records:
        resource, scope = _resource_header(record.resource, headers), _scope_header(record.scope, headers)
        target = scopes.get((resource, scope))
        if target is None:
            parent = resources.get(resource)
            if parent is None:
                parent = resources[resource] = message.resource_spans.add()
                parent.MergeFromString(resource)
            target = scopes[resource, scope] = parent.scope_spans.add()
            target.MergeFromString(scope)
        target.spans.append(span(record))
    return message


def span(record: SpanRecord) -> Span:
    """`record` as an OTLP span, without its resource and scope."""
    return Span(
        trace_id=record.trace_id.to_bytes(16, "big"),
        span_id=record.span_id.to_bytes(8, "big"),
        parent_span_id=record.parent_span_id.to_bytes(8, "big") if record.parent_span_id else b"",
        trace_state=_text(record.trace_state),
        flags=record.flags & _MAX_UINT32,
        name=_text(record.name),
        kind=cast("Span.SpanKind.ValueType", record.kind.value + 1),
        start_time_unix_nano=_clamp(record.start_unix_nano, _MAX_UINT64),
        end_time_unix_nano=_clamp(record.end_unix_nano, _MAX_UINT64),
        attributes=_pairs(record.attributes),
        events=[_event_message(event) for event in record.events],
        links=[_link_message(link) for link in record.links],
        dropped_attributes_count=_clamp(record.dropped_attributes, _MAX_UINT32),
        dropped_events_count=_clamp(record.dropped_events, _MAX_UINT32),
        dropped_links_count=_clamp(record.dropped_links, _MAX_UINT32),
        status=Status(
            code=cast("Status.StatusCode.ValueType", record.status.value), message=_text(record.status_description)
        ),
    )


def _resource_header(resource: Resource, known: dict[tuple[object, ...], bytes]) -> bytes:
    """A serialised `ResourceSpans` without spans: what groups equal resources, whatever objects hold them."""
    key = (id(resource.attributes), resource.schema_url, resource.dropped_attributes)
    header = known.get(key)
    if header is None:
        message = ResourceSpans(
            resource=ResourceMessage(
                attributes=_pairs(resource.attributes),
                dropped_attributes_count=_clamp(resource.dropped_attributes, _MAX_UINT32),
            ),
            schema_url=_text(resource.schema_url),
        )
        header = known[key] = message.SerializeToString(deterministic=True)
    return header


def _scope_header(scope: Scope, known: dict[tuple[object, ...], bytes]) -> bytes:
    """A serialised `ScopeSpans` without spans."""
    key = (scope.name, scope.version, id(scope.attributes), scope.schema_url, scope.dropped_attributes)
    header = known.get(key)
    if header is None:
        message = ScopeSpans(
            scope=InstrumentationScope(
                name=_text(scope.name),
                version=_text(scope.version),
                attributes=_pairs(scope.attributes),
                dropped_attributes_count=_clamp(scope.dropped_attributes, _MAX_UINT32),
            ),
            schema_url=_text(scope.schema_url),
        )
        header = known[key] = message.SerializeToString(deterministic=True)
    return header


def _problem(span: Span) -> str:
    """Why `span` cannot be kept; empty when it can."""
    if len(span.trace_id) != 16 or not any(span.trace_id):
        return "a trace id is not 16 bytes or all zero"
    if len(span.span_id) != 8 or not any(span.span_id):
        return "a span id is not 8 bytes or all zero"
    if len(span.parent_span_id) not in {0, 8}:
        return "a parent span id is not 8 bytes"
    if span.start_time_unix_nano > MAX_INT64 or span.end_time_unix_nano > MAX_INT64:
        return "a time is beyond the year 2262"
    return ""


def _record(span: Span, resource: Resource, scope: Scope) -> SpanRecord:
    links = [_link(link) for link in span.links if _is_link(link)] if span.links else []
    status = span.status
    return SpanRecord(
        name=span.name,
        trace_id=int.from_bytes(span.trace_id, "big"),
        span_id=int.from_bytes(span.span_id, "big"),
        parent_span_id=int.from_bytes(span.parent_span_id, "big"),
        kind=KINDS[span.kind] if 0 <= span.kind < len(KINDS) else SpanKind.INTERNAL,
        start_unix_nano=span.start_time_unix_nano,
        end_unix_nano=span.end_time_unix_nano,
        status=STATUSES[status.code] if 0 <= status.code < len(STATUSES) else StatusCode.UNSET,
        status_description=status.message,
        attributes=_attributes(span.attributes),
        events=[_event(event) for event in span.events] if span.events else [],
        links=links,
        resource=resource,
        scope=scope,
        trace_state=span.trace_state,
        flags=span.flags,
        dropped_attributes=span.dropped_attributes_count,
        dropped_events=span.dropped_events_count,
        dropped_links=span.dropped_links_count + len(span.links) - len(links),
    )


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for pair in pairs:
        message = pair.value
        # Nearly every attribute is a string: reading it here saves a call for each.
        kind = message.WhichOneof("value")
        found[pair.key] = message.string_value if kind == "string_value" else value(message)
    return found


def _event(event: Span.Event) -> Event:
    return Event(
        event.name,
        min(event.time_unix_nano, MAX_INT64),
        _attributes(event.attributes),
        event.dropped_attributes_count,
    )


def _is_link(link: Span.Link) -> bool:
    return len(link.trace_id) == 16 and len(link.span_id) == 8


def _link(link: Span.Link) -> Link:
    return Link(
        int.from_bytes(link.trace_id, "big"),
        int.from_bytes(link.span_id, "big"),
        _attributes(link.attributes),
        link.trace_state,
        link.flags,
        link.dropped_attributes_count,
    )


def _resource(message: ResourceSpans) -> Resource:
    resource = message.resource
    return Resource(_attributes(resource.attributes), message.schema_url, resource.dropped_attributes_count)


def _scope(message: ScopeSpans) -> Scope:
    scope = message.scope
    return Scope(
        scope.name,
        scope.version,
        message.schema_url,
        _attributes(scope.attributes),
        scope.dropped_attributes_count,
    )


def _pairs(attributes: Mapping[str, AttributeValue]) -> list[KeyValue]:
    return [KeyValue(key=_text(key), value=any_value(item)) for key, item in attributes.items()]


def _event_message(event: Event) -> Span.Event:
    return Span.Event(
        name=_text(event.name),
        time_unix_nano=_clamp(event.time_unix_nano, _MAX_UINT64),
        attributes=_pairs(event.attributes),
        dropped_attributes_count=_clamp(event.dropped_attributes, _MAX_UINT32),
    )


def _link_message(link: Link) -> Span.Link:
    return Span.Link(
        trace_id=link.trace_id.to_bytes(16, "big"),
        span_id=link.span_id.to_bytes(8, "big"),
        trace_state=_text(link.trace_state),
        attributes=_pairs(link.attributes),
        dropped_attributes_count=_clamp(link.dropped_attributes, _MAX_UINT32),
        flags=link.flags & _MAX_UINT32,
    )


def _string(text: str) -> AnyValue:
    try:
        return AnyValue(string_value=text)
    except UnicodeEncodeError:
        return AnyValue(string_value=_text(text))


def _array(values: Sequence[AttributeValue], levels: int) -> AnyValue:
    if levels < 0:
        return AnyValue(string_value=TOO_DEEP)
    message = AnyValue()
    message.array_value.SetInParent()
    message.array_value.values.extend([any_value(item, levels) for item in values])
    return message


def _map(values: Mapping[str, AttributeValue], levels: int) -> AnyValue:
    if levels < 0:
        return AnyValue(string_value=TOO_DEEP)
    message = AnyValue()
    message.kvlist_value.SetInParent()
    message.kvlist_value.values.extend(
        [KeyValue(key=_text(str(key)), value=any_value(item, levels)) for key, item in values.items()]
    )
    return message


def _text(text: str) -> str:
    """`text` with lone surrogates, which UTF-8 cannot carry, replaced by U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _wide(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _clamp(number: int, largest: int) -> int:
    return min(max(number, 0), largest)
