"""A store of telemetry that takes OTLP and keeps what it got, for tests to look at."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span


MOST_BYTES = 64 * 1024 * 1024


class TraceStore:
    """OTLP over gRPC on a port; stopped it refuses connections, and can be started again.

    It keeps what it got through stops, as a disk would.
    """

    def __init__(self, port: int, credentials: grpc.ServerCredentials | None = None) -> None:
        self.endpoint = f"127.0.0.1:{port}"
        self._credentials = credentials
        self.requests: list[trace_service_pb2.ExportTraceServiceRequest] = []
        self.records: list[LogRecord] = []
        self._lock = threading.Lock()
        self._server: grpc.Server | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        options = [("grpc.max_receive_message_length", MOST_BYTES), ("grpc.so_reuseport", 0)]
        server = grpc.server(ThreadPoolExecutor(4), options=options)
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(_Traces(self), server)  # type: ignore[no-untyped-call]
        logs_service_pb2_grpc.add_LogsServiceServicer_to_server(_Logs(self), server)  # type: ignore[no-untyped-call]
        if self._credentials is None:
            assert server.add_insecure_port(self.endpoint)
        else:
            assert server.add_secure_port(self.endpoint, self._credentials)
        server.start()
        self._server = server

    def stop(self) -> None:
        """Drop every connection, without a word."""
        if self._server is not None:
            self._server.stop(0).wait(10)
            self._server = None

    def take(self, request: trace_service_pb2.ExportTraceServiceRequest) -> None:
        """Keep a request."""
        with self._lock:
            self.requests.append(request)

    def take_logs(self, request: logs_service_pb2.ExportLogsServiceRequest) -> None:
        """Keep the records of a request."""
        found = [r for resource in request.resource_logs for scope in resource.scope_logs for r in scope.log_records]
        with self._lock:
            self.records += found

    def spans(self) -> list[Span]:
        """Every span it got, in the order of arrival; one that was sent twice is there twice."""
        with self._lock:
            requests = list(self.requests)
        return [span for request in requests for span in _spans(request)]

    def named(self, name: str) -> list[Span]:
        """The spans of that name."""
        return [span for span in self.spans() if span.name == name]

    def ids(self) -> set[str]:
        """The ids of its spans."""
        return {span.span_id.hex() for span in self.spans()}

    def raw(self) -> bytes:
        """All that it got, to search for what must not be there."""
        with self._lock:
            return b"".join(
                [r.SerializeToString() for r in self.requests] + [r.SerializeToString() for r in self.records]
            )


class MetricStore:
    """OTLP metrics over HTTP, as Prometheus takes them."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}/api/v1/otlp"
        self.requests: list[ExportMetricsServiceRequest] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def points(self, metric: str) -> list[Any]:
        """The points of `metric` in the last request that had it; none before one came."""
        for request in reversed(list(self.requests)):
            found = [point for data in _metrics(request) if data.name == metric for point in _points(data)]
            if found:
                return found
        return []


def attributes(values: Any) -> dict[str, Any]:
    """Attributes as a plain dictionary."""
    return {entry.key: plain(entry.value) for entry in values}


def plain(value: AnyValue) -> Any:
    """A value without its wrapping."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(entry) for entry in value.array_value.values]
    return getattr(value, kind) if kind else None


def wrapped(key: str, value: Any) -> KeyValue:
    """An attribute as OTLP has it."""
    return KeyValue(key=key, value=_wrapped(value))


def _wrapped(value: Any) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, list):
        found = AnyValue()
        found.array_value.values.extend([_wrapped(entry) for entry in value])
        return found
    return AnyValue(string_value=value)


class _Traces(trace_service_pb2_grpc.TraceServiceServicer):
    def __init__(self, store: TraceStore) -> None:
        self._store = store

    def Export(self, request: Any, context: Any) -> Any:
        self._store.take(request)
        return trace_service_pb2.ExportTraceServiceResponse()


class _Logs(logs_service_pb2_grpc.LogsServiceServicer):
    def __init__(self, store: TraceStore) -> None:
        self._store = store

    def Export(self, request: Any, context: Any) -> Any:
        self._store.take_logs(request)
        return logs_service_pb2.ExportLogsServiceResponse()


def _handler(store: MetricStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if self.path == "/api/v1/otlp/v1/metrics":
                store.requests.append(ExportMetricsServiceRequest.FromString(body))
            answer = ExportMetricsServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return None

    return Handler


def _spans(request: trace_service_pb2.ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            yield from scope.spans


def _metrics(request: ExportMetricsServiceRequest) -> Iterator[Any]:
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            yield from scope.metrics


def _points(data: Any) -> Iterator[Any]:
    yield from getattr(data, data.WhichOneof("data")).data_points
