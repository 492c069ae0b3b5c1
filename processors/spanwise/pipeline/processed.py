"""`ProcessedSpan`: a span whose content is cleaned when somebody first reads it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from opentelemetry.sdk.trace import ReadableSpan

from spanwise.record import SpanRecord
from spanwise.record.sdk import from_readable, to_readable


class ProcessedSpan(ReadableSpan):
    """What processors and exporters see in place of the raw span.

    Ids, kind, parent and times are there at once; name, attributes, events, links, status, resource and scope are
    cleaned on first access, which in a batching set-up happens on the exporter's thread. There is no way to the raw
    values through this object, its private names included.

    Args:
        span: the raw span of the SDK.
        record: its record when the accounting half of the pipeline has already made one.
        clean: the cleaning half of the pipeline; it never raises.
    """

    def __init__(
        self, span: ReadableSpan, record: SpanRecord | None, clean: Callable[[SpanRecord], SpanRecord]
    ) -> None:
        # ReadableSpan.__init__ is left out on purpose: it would store the raw values.
        self._context = span.get_span_context()
        self._parent = span.parent
        self._kind = span.kind
        self._start_time = span.start_time
        self._end_time = span.end_time
        self._lock = threading.Lock()
        self._raw: tuple[ReadableSpan, SpanRecord | None, Callable[[SpanRecord], SpanRecord]] | None
        self._raw = (span, record, clean)
        self._done: ReadableSpan | None = None
        self._dropped = (span.dropped_attributes, span.dropped_events, span.dropped_links)

    def _cleaned(self) -> ReadableSpan:
        done = self._done
        if done is not None:
            return done
        with self._lock:
            if self._raw is not None:
                span, record, clean = self._raw
                self._done = to_readable(clean(record or from_readable(span)))
                self._raw = None
        assert self._done is not None
        return self._done

    # The SDK's own readers (`name`, `attributes`, `to_json` ...) go through these private names.
    _name = property(lambda self: self._cleaned()._name)
    _attributes = property(lambda self: self._cleaned()._attributes)
    _events = property(lambda self: self._cleaned()._events)
    _links = property(lambda self: self._cleaned()._links)
    _status = property(lambda self: self._cleaned()._status)
    _resource = property(lambda self: self._cleaned()._resource)
    _instrumentation_scope = property(lambda self: self._cleaned()._instrumentation_scope)
    _instrumentation_info = property(lambda self: self._cleaned()._instrumentation_info)

    @property
    def dropped_attributes(self) -> int:
        """Attributes the SDK's limits dropped from the raw span."""
        return self._dropped[0]

    @property
    def dropped_events(self) -> int:
        """Events the SDK's limits dropped from the raw span."""
        return self._dropped[1]

    @property
    def dropped_links(self) -> int:
        """Links the SDK's limits dropped from the raw span."""
        return self._dropped[2]
