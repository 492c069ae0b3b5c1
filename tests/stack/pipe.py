"""`Pipe`: spans through processors of a real Collector, and back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, Span

from spanwise.record import AttributeValue, Event, SpanRecord
from tests.stack.http import answers, send
from tests.stack.port import free_ports
from tests.stack.process import Process
from tests.stack.server import program


MOST_MIB = 64
SPANS_AT_ONCE = 500


class Pipe:
    """A Collector with the given processors between an OTLP receiver and this process.

    `through` returns when the Collector has handed everything on: nothing is queued. Slots of a span's context that the
    processors do not touch are not looked at.

    Args:
        processors: By name, in their order.
        folder: Where the configuration and the log go.
        keeps: Whether spans that come out are read; without, they are only counted as taken.
    """

    def __init__(self, processors: Mapping[str, Any], folder: Path, *, name: str = "pipe", keeps: bool = True) -> None:
        self._got: list[Span] = []
        self._keeps = keeps
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._port, health = free_ports(2)
        config = folder / f"{name}.json"
        config.write_text(json.dumps(configuration(processors, self._port, health, self._server.server_address[1])))
        self.process = Process(
            "otelcol",
            [program("otelcol"), "--config", config],
            log=folder / f"{name}.log",
            is_ready=lambda: answers(f"http://127.0.0.1:{health}/"),
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self.process.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def through(self, spans: Sequence[SpanRecord]) -> list[SpanRecord]:
        """The spans as they come out, in the order of their ids, which must differ."""
        self._got.clear()
        for start in range(0, len(spans), SPANS_AT_ONCE):
            self.post(request(spans[start : start + SPANS_AT_ONCE]))
        return sorted((record(span) for span in self._got), key=lambda span: span.span_id)

    def post(self, body: bytes) -> None:
        """Send one serialised request."""
        url = f"http://127.0.0.1:{self._port}/v1/traces"
        status, answer = send(url, body=body, headers={"Content-Type": "application/x-protobuf"})
        assert status == 200, f"{status}: {answer[:500]!r}. {self.process.last_lines()}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        got, keeps = self._got, self._keeps

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken = body if keeps else b""
                for resource in ExportTraceServiceRequest.FromString(taken).resource_spans:
                    for scope in resource.scope_spans:
                        got.extend(scope.spans)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def configuration(processors: Mapping[str, Any], port: int, health: int, sink: int) -> dict[str, Any]:
    """A Collector's configuration, which is JSON because JSON is YAML."""
    return {
        "extensions": {"health_check": {"endpoint": f"127.0.0.1:{health}"}},
        "receivers": {
            "otlp": {
                "protocols": {
                    "http": {"endpoint": f"127.0.0.1:{port}", "max_request_body_size": MOST_MIB << 20},
                }
            }
        },
        "processors": dict(processors),
        "exporters": {
            "otlp_http": {
                "endpoint": f"http://127.0.0.1:{sink}",
                "compression": "none",
                "sending_queue": {"enabled": False},
                "retry_on_failure": {"enabled": False},
            }
        },
        "service": {
            "telemetry": {"metrics": {"level": "none"}, "logs": {"level": "warn"}},
            "extensions": ["health_check"],
            "pipelines": {
                "traces": {"receivers": ["otlp"], "processors": list(processors), "exporters": ["otlp_http"]}
            },
        },
    }


def request(spans: Iterable[SpanRecord]) -> bytes:
    """An OTLP request with these spans, grouped by their scope."""
    message = ExportTraceServiceRequest()
    scopes: dict[str, ScopeSpans] = {}
    resource = message.resource_spans.add()
    for span in spans:
        if span.scope.name not in scopes:
            scopes[span.scope.name] = resource.scope_spans.add()
            scopes[span.scope.name].scope.name = span.scope.name
        scopes[span.scope.name].spans.append(
            Span(
                name=span.name,
                trace_id=span.trace_id.to_bytes(16, "big"),
                span_id=span.span_id.to_bytes(8, "big"),
                start_time_unix_nano=span.start_unix_nano,
                end_time_unix_nano=span.end_unix_nano,
                attributes=_pairs(span.attributes),
                events=[
                    Span.Event(name=each.name, time_unix_nano=each.time_unix_nano, attributes=_pairs(each.attributes))
                    for each in span.events
                ],
                status={"message": span.status_description},  # type: ignore[arg-type]
            )
        )
    return message.SerializeToString()


def record(span: Span) -> SpanRecord:
    """What came back, as a record."""
    return SpanRecord(
        span.name,
        int.from_bytes(span.trace_id, "big"),
        int.from_bytes(span.span_id, "big"),
        start_unix_nano=span.start_time_unix_nano,
        end_unix_nano=span.end_time_unix_nano,
        status_description=span.status.message,
        attributes={pair.key: _plain(pair.value) for pair in span.attributes},
        events=[
            Event(each.name, each.time_unix_nano, {pair.key: _plain(pair.value) for pair in each.attributes})
            for each in span.events
        ],
    )


def _pairs(values: Mapping[str, AttributeValue]) -> list[KeyValue]:
    return [KeyValue(key=key, value=_any(value)) for key, value in values.items()]


def _any(value: AttributeValue) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, str):
        return AnyValue(string_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    if isinstance(value, Mapping):
        return AnyValue(kvlist_value=KeyValueList(values=_pairs(value)))
    if value is None:
        return AnyValue()
    return AnyValue(array_value=ArrayValue(values=[_any(item) for item in value]))


def _plain(value: AnyValue) -> AttributeValue:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [_plain(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {pair.key: _plain(pair.value) for pair in value.kvlist_value.values}
    plain: AttributeValue = getattr(value, kind)
    return plain
