"""`SpanRecord`: what every step of the pipeline reads and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, Union

from opentelemetry.trace import SpanKind, StatusCode

from spanwise.semconv import attributes as attr


AttributeValue: TypeAlias = Union[  # noqa: UP007 - a recursive alias needs the subscript form
    str, bool, int, float, bytes, None, Sequence["AttributeValue"], Mapping[str, "AttributeValue"]
]
"""Any value OTLP can carry: scalars, arrays, maps and nothing."""

OWN_SCOPE: Final = "spanwise."
"""How scopes of our own instrumentation begin, which write the current convention."""


@dataclass(slots=True)
class Event:
    """Something that happened at one moment of a span. Times are nanoseconds since the epoch."""

    name: str
    time_unix_nano: int
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    dropped_attributes: int = 0


@dataclass(slots=True)
class Link:
    """A reference to another span."""

    trace_id: int
    span_id: int
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    trace_state: str = ""
    flags: int = 0
    dropped_attributes: int = 0


@dataclass(slots=True)
class Resource:
    """What emitted the span. Shared by all spans of one process: a step replaces it, never changes it."""

    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    schema_url: str = ""
    dropped_attributes: int = 0


@dataclass(slots=True)
class Scope:
    """The instrumentation scope. Shared like `Resource`: replaced, never changed."""

    name: str = ""
    version: str = ""
    schema_url: str = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    dropped_attributes: int = 0


@dataclass(slots=True)
class SpanRecord:
    """One finished span: ids as integers, times in nanoseconds since the epoch, attributes in a plain dict.

    The record owns `attributes`, `events` and `links`: steps change them in place. `resource` and `scope` are shared.
    """

    name: str
    trace_id: int
    span_id: int
    parent_span_id: int = 0
    kind: SpanKind = SpanKind.INTERNAL
    start_unix_nano: int = 0
    end_unix_nano: int = 0
    status: StatusCode = StatusCode.UNSET
    status_description: str = ""
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    resource: Resource = field(default_factory=Resource)
    scope: Scope = field(default_factory=Scope)
    trace_state: str = ""
    flags: int = 0
    dropped_attributes: int = 0
    dropped_events: int = 0
    dropped_links: int = 0

    @property
    def duration_s(self) -> float:
        """Seconds from start to end; 0 when the clock ran backwards."""
        return max(self.end_unix_nano - self.start_unix_nano, 0) / 1e9

    def text(self, name: str) -> str | None:
        """The attribute `name` when it is a non-empty string."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) and value else None

    def count(self, name: str) -> int | None:
        """The attribute `name` as a whole number of at least 0; `None` when absent or anything else.

        Accepts a float without a fraction, because JSON and some suites turn counts into doubles.
        """
        value = self.attributes.get(name)
        if isinstance(value, bool):
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return value if isinstance(value, int) and value >= 0 else None


def without_content(span: SpanRecord) -> SpanRecord:
    """What can be said of `span` later without holding what somebody wrote: no content, no events, no links."""
    attributes = span.attributes.copy()
    for name in attr.CONTENT.intersection(attributes):
        del attributes[name]
    return SpanRecord(
        span.name, span.trace_id, span.span_id, span.parent_span_id, span.kind, span.start_unix_nano,
        span.end_unix_nano, span.status, "", attributes, resource=span.resource, scope=span.scope, flags=span.flags,
    )  # fmt: skip
