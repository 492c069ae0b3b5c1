"""Traces to send to a Collector, each with something about it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.deploy.collector.otlp_store import wrapped
from tests.stack.http import send


SECOND = 1_000_000_000


@dataclass(frozen=True)
class Trace:
    """A root named `name root`, a child named `name`, and as many more as are asked for.

    Attributes:
        name: Of the child, which is the span with something about it.
        attributes: Of the child.
        events: Attributes of events of the child, by the events' names.
        duration_s: Of all spans.
        is_failed: Whether the child failed.
        more: Further spans.
    """

    name: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    events: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    duration_s: float = 0.01
    is_failed: bool = False
    more: int = 0

    def spans(self) -> list[Span]:
        """Its spans, of a trace of its own."""
        trace_id, root = os.urandom(16), os.urandom(8)
        ends = time.time_ns()

        def made(name: str, *, span_id: bytes, parent: bytes = root) -> Span:
            return Span(
                trace_id=trace_id,
                span_id=span_id,
                parent_span_id=parent,
                name=name,
                kind=Span.SPAN_KIND_CLIENT,
                start_time_unix_nano=ends - int(self.duration_s * SECOND),
                end_time_unix_nano=ends,
            )

        child = made(self.name, span_id=os.urandom(8))
        child.attributes.extend([wrapped(key, value) for key, value in self.attributes.items()])
        for name, values in self.events.items():
            event = child.events.add(name=name, time_unix_nano=ends)
            event.attributes.extend([wrapped(key, value) for key, value in values.items()])
        if self.is_failed:
            child.status.code = Status.STATUS_CODE_ERROR
        others = [made("another", span_id=os.urandom(8)) for _ in range(self.more)]
        return [made(f"{self.name} root", span_id=root, parent=b""), child, *others]


def request(*traces: Trace, service: str = "tests") -> ExportTraceServiceRequest:
    """One request with all `traces`."""
    found = ExportTraceServiceRequest()
    group = found.resource_spans.add()
    group.resource.attributes.append(wrapped("service.name", service))
    scope = group.scope_spans.add()
    scope.scope.name = "tests"
    for trace in traces:
        scope.spans.extend(trace.spans())
    return found


def post(url: str, *traces: Trace) -> ExportTraceServiceRequest:
    """Send `traces` to the OTLP endpoint at `url`; what was sent."""
    sent = request(*traces)
    body = sent.SerializeToString()
    status, answer = send(f"{url}/v1/traces", body=body, headers={"Content-Type": "application/x-protobuf"})
    assert status == 200, (status, answer[:300])
    return sent
