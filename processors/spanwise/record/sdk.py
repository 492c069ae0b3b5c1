"""Between the SDK's `ReadableSpan` and `SpanRecord`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar, cast

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.resources import Resource as SdkResource
from opentelemetry.sdk.trace import Event as SdkEvent
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link as SdkLink
from opentelemetry.trace import SpanContext, TraceFlags, TraceState
from opentelemetry.trace.status import Status, StatusCode
from opentelemetry.util.types import Attributes

from spanwise.record.span import AttributeValue, Event, Link, Resource, Scope, SpanRecord


G = TypeVar("G")
M = TypeVar("M")

_MOST_MADE: Final = 512
_made: dict[int, tuple[object, object]] = {}


def from_readable(span: ReadableSpan) -> SpanRecord:
    """A record of `span`. Attribute values are shared, containers are copied; about 5 us for 20 attributes."""
    context = span.get_span_context()
    status = span.status
    attributes = span._attributes
    return SpanRecord(
        name=span.name,
        trace_id=context.trace_id if context else 0,
        span_id=context.span_id if context else 0,
        parent_span_id=span.parent.span_id if span.parent else 0,
        kind=span.kind,
        start_unix_nano=span.start_time or 0,
        end_unix_nano=span.end_time or 0,
        status=status.status_code,
        status_description=status.description or "",
        # Item by item, through methods of Python, is how the SDK's mapping is read otherwise: 10 us for 20 of them.
        attributes=_plain(attributes._dict if type(attributes) is BoundedAttributes else span.attributes),
        # The SDK makes a tuple of these at each question, and most spans have none.
        events=[_event(event) for event in span.events] if span._events else [],
        links=[_link(link) for link in span.links] if span._links else [],
        resource=_shared(span.resource, _resource),
        scope=_shared(span.instrumentation_scope, _scope),
        trace_state=context.trace_state.to_header() if context and context.trace_state else "",
        flags=int(context.trace_flags) if context else 0,
        dropped_attributes=span.dropped_attributes,
        dropped_events=span.dropped_events,
        dropped_links=span.dropped_links,
    )


def to_readable(record: SpanRecord) -> ReadableSpan:
    """A span of the SDK with everything `record` holds, for exporters."""
    trace_state = TraceState.from_header([record.trace_state]) if record.trace_state else None
    context = SpanContext(record.trace_id, record.span_id, False, TraceFlags(record.flags & 0xFF), trace_state)  # noqa: FBT003 - the SDK's signature
    parent = SpanContext(record.trace_id, record.parent_span_id, False) if record.parent_span_id else None  # noqa: FBT003 - the SDK's signature
    return ReadableSpan(
        name=record.name,
        context=context,
        parent=parent,
        resource=SdkResource(sdk_attributes(record.resource.attributes) or {}, record.resource.schema_url or None),
        attributes=sdk_attributes(record.attributes),
        events=[sdk_event(event) for event in record.events],
        links=[sdk_link(link) for link in record.links],
        kind=record.kind,
        status=sdk_status(record),
        start_time=record.start_unix_nano,
        end_time=record.end_unix_nano,
        instrumentation_scope=sdk_scope(record.scope),
    )


def sdk_attributes(attributes: Mapping[str, AttributeValue]) -> Attributes:
    """`attributes` under the SDK's type; the same object."""
    return cast("Attributes", attributes)


def sdk_event(event: Event) -> SdkEvent:
    """`event` as the SDK's class."""
    return SdkEvent(event.name, sdk_attributes(event.attributes), event.time_unix_nano)


def sdk_link(link: Link) -> SdkLink:
    """`link` as the SDK's class."""
    trace_state = TraceState.from_header([link.trace_state]) if link.trace_state else None
    context = SpanContext(link.trace_id, link.span_id, True, TraceFlags(link.flags & 0xFF), trace_state)  # noqa: FBT003 - the SDK's signature
    return SdkLink(context, sdk_attributes(link.attributes))


def sdk_scope(scope: Scope) -> InstrumentationScope:
    """`scope` as the SDK's class."""
    return InstrumentationScope(
        scope.name, scope.version or None, scope.schema_url or None, sdk_attributes(scope.attributes)
    )


def sdk_status(record: SpanRecord) -> Status:
    """The status of `record` as the SDK's class; a description is kept on errors only, as the SDK demands."""
    description = record.status_description or None
    return Status(record.status, description if record.status is StatusCode.ERROR else None)


def _plain(attributes: Attributes) -> dict[str, AttributeValue]:
    return dict(cast("Mapping[str, AttributeValue]", attributes or {}))


def _event(event: SdkEvent) -> Event:
    return Event(event.name, event.timestamp, _plain(event.attributes), event.dropped_attributes)


def _link(link: SdkLink) -> Link:
    context = link.context
    trace_state = context.trace_state.to_header() if context.trace_state else ""
    return Link(
        context.trace_id,
        context.span_id,
        _plain(link.attributes),
        trace_state,
        int(context.trace_flags),
        link.dropped_attributes,
    )


def _shared(given: G, make: Callable[[G], M]) -> M:
    """What `make` makes of `given`, made once: all spans of a tracer share their scope and their resource."""
    found = _made.get(id(given))
    if found is None:
        if len(_made) >= _MOST_MADE:
            _made.clear()
        # The original is kept with it, so that no other object can come to its id.
        found = _made[id(given)] = given, make(given)
    return cast("M", found[1])


def _resource(resource: SdkResource) -> Resource:
    return Resource(resource.attributes, resource.schema_url or "")


def _scope(scope: InstrumentationScope | None) -> Scope:
    if scope is None:
        return Scope()
    return Scope(scope.name, scope.version or "", scope.schema_url or "", _plain(scope.attributes))
