"""The collector against the real OTLP exporters and against bad clients."""

from __future__ import annotations

import _socket
import gzip
import http.client
import json
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanwise.collector import Collector, CollectorConfig, SinkError
from spanwise.pipeline import Pipeline
from spanwise.record import SpanRecord


class Sink:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.records: list[SpanRecord] = []
        self.threads: set[str] = set()

    def __call__(self, records: Sequence[SpanRecord]) -> None:
        self.records.extend(records)
        self.threads.add(threading.current_thread().name)


def spans(count: int = 1) -> list[ReadableSpan]:
    """Finished spans of the SDK."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    for number in range(count):
        with provider.get_tracer("t").start_as_current_span(f"s{number}") as span:
            span.set_attribute("number", number)
    return list(exporter.get_finished_spans())


BODY = encode_spans(spans()).SerializeToString()
PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def sink() -> Sink:
    """An empty sink."""
    return Sink()


@pytest.fixture
def collector(sink: Sink) -> Iterator[Collector]:
    """A collector with small limits that writes at once."""
    config = CollectorConfig(
        batch_delay_s=0.01, max_body_bytes=1 << 20, max_decoded_bytes=1 << 20, header_timeout_s=0.3, body_timeout_s=0.3
    )
    running = Collector(sink, grpc_port=0, config=config)
    running.start()
    yield running
    assert running.stop(5)


def post(
    collector: Collector, body: bytes, headers: dict[str, str], path: str = "/v1/traces", method: str = "POST"
) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of one request."""
    address = collector.http_url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read(), {key.lower(): value for key, value in response.getheaders()}
    finally:
        connection.close()


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip, Compression.Deflate])
def test_the_stock_http_exporter(sink: Sink, compression: Compression) -> None:
    """Spans of the stock OTLP/HTTP exporter arrive, compressed or not, on one writer thread."""
    collector = Collector(sink)
    collector.start()
    exporter = HttpExporter(endpoint=f"{collector.http_url}/v1/traces", compression=compression)
    assert exporter.export(spans(3)) is SpanExportResult.SUCCESS
    exporter.shutdown()  # type: ignore[no-untyped-call]
    assert collector.stop(5)
    assert [record.name for record in sink.records] == ["s0", "s1", "s2"]
    assert len(sink.threads) == 1
    assert collector.counts.written == 3


def test_the_stock_grpc_exporter(collector: Collector, sink: Sink) -> None:
    """Spans of the stock OTLP/gRPC exporter arrive."""
    assert collector.grpc_target is not None
    exporter = GrpcExporter(endpoint=collector.grpc_target, insecure=True)
    assert exporter.export(spans(2)) is SpanExportResult.SUCCESS
    exporter.shutdown()
    collector.stop(5)
    assert len(sink.records) == 2


def test_json(collector: Collector, sink: Sink) -> None:
    """OTLP/JSON with hexadecimal ids is taken and answered in JSON."""
    span = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "j", "kind": 3}
    request = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    status, body, headers = post(collector, json.dumps(request).encode(), JSON)
    assert (status, json.loads(body), headers["content-type"]) == (200, {}, "application/json")
    collector.stop(5)
    assert [record.name for record in sink.records] == ["j"]


def test_good_spans_beside_bad_ones(collector: Collector, sink: Sink) -> None:
    """A span with an impossible id is rejected and said so; the one beside it is kept."""
    good = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "good"}
    bad = {"traceId": "00", "spanId": "eee19b7ec3c1b174", "name": "bad"}
    request = {"resourceSpans": [{"scopeSpans": [{"spans": [good, bad]}]}]}
    status, body, _ = post(collector, json.dumps(request).encode(), JSON)
    assert status == 200
    assert int(json.loads(body)["partialSuccess"]["rejectedSpans"]) == 1
    collector.stop(5)
    assert [record.name for record in sink.records] == ["good"]


@pytest.mark.parametrize(
    ("body", "headers", "path", "method", "expected"),
    [
        (b"\xff\xff\xff", PROTOBUF, "/v1/traces", "POST", 400),
        (b"{", JSON, "/v1/traces", "POST", 400),
        (b"[" * 100_000, JSON, "/v1/traces", "POST", 400),
        (BODY, {"Content-Type": "text/plain"}, "/v1/traces", "POST", 415),
        (BODY, {}, "/v1/traces", "POST", 415),
        (BODY, {**PROTOBUF, "Content-Encoding": "br"}, "/v1/traces", "POST", 415),
        (gzip.compress(BODY)[:-9], {**PROTOBUF, "Content-Encoding": "gzip"}, "/v1/traces", "POST", 400),
        (b"\0" * (2 << 20), PROTOBUF, "/v1/traces", "POST", 413),
        (gzip.compress(b"\0" * (64 << 20)), {**PROTOBUF, "Content-Encoding": "gzip"}, "/v1/traces", "POST", 413),
        (gzip.compress(b"\0" * 900_000) * 8, {**PROTOBUF, "Content-Encoding": "gzip"}, "/v1/traces", "POST", 413),
        (zlib.compress(b"\0" * (64 << 20)), {**PROTOBUF, "Content-Encoding": "deflate"}, "/v1/traces", "POST", 413),
        (BODY, PROTOBUF, "/v1/metrics", "POST", 404),
        (b"", {}, "/v1/traces", "GET", 405),
        (b"", {}, "/v1/traces", "DELETE", 405),
        (b"", {}, "/admin", "GET", 404),
        (b"", {}, "/healthz", "GET", 200),
        (BODY, {**PROTOBUF, "Host": "evil.example"}, "/v1/traces", "POST", 403),
    ],
)
def test_bad_requests(
    collector: Collector, body: bytes, headers: dict[str, str], path: str, method: str, expected: int
) -> None:
    """Each bad request gets its status and costs nobody else anything."""
    status, answer, _ = post(collector, body, headers, path, method)
    assert status == expected
    assert b"evil" not in answer
    assert post(collector, BODY, PROTOBUF)[0] == 200


def test_a_client_that_still_sends_gets_its_answer(collector: Collector) -> None:
    """A body that is refused by its length is heard out, so that no reset takes the answer away."""
    address = urlsplit(collector.http_url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as client:
        client.sendall(
            b"POST /v1/traces HTTP/1.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: 8388608\r\n\r\n"
        )
        client.sendall(b"\0" * (1 << 20))
        assert client.recv(9, socket.MSG_PEEK).startswith(b"HTTP/1.1")
        for _ in range(7):
            client.sendall(b"\0" * (1 << 20))
        answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in answer


def test_two_gzip_members_are_one_body(collector: Collector, sink: Sink) -> None:
    """A body in several gzip members is read whole."""
    half = len(BODY) // 2
    body = gzip.compress(BODY[:half]) + gzip.compress(BODY[half:])
    assert post(collector, body, {**PROTOBUF, "Content-Encoding": "gzip"})[0] == 200
    collector.stop(5)
    assert len(sink.records) == 1


def test_slow_clients_are_cut_off(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that drips its head or its body loses its connection when it should; others are served meanwhile."""
    patience: dict[int, float | None] = {}

    def noted(self: socket.socket, seconds: float | None) -> None:
        _socket.socket.settimeout(self, seconds)
        if self.family == socket.AF_INET and self.getsockname()[1] == int(port):
            patience[self.getpeername()[1]] = seconds

    monkeypatch.setattr(socket.socket, "settimeout", noted, raising=False)
    host, port = collector.http_url.removeprefix("http://").split(":")
    for head in (
        b"POST /v1/tra",
        b"POST /v1/traces HTTP/1.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: 99\r\n\r\nx",
    ):
        with socket.create_connection((host, int(port)), timeout=5) as slow:
            slow.sendall(head)
            assert post(collector, BODY, PROTOBUF)[0] == 200
            while slow.recv(4096):
                pass
            seconds = patience[slow.getsockname()[1]]
            assert seconds is not None
            assert seconds <= 0.3


def test_a_full_queue_says_when_to_come_back(sink: Sink) -> None:
    """With the sink stuck and the queue full a client gets 503 and Retry-After, and nothing accepted is lost."""
    stuck = threading.Event()

    def blocked(records: Sequence[SpanRecord]) -> None:
        stuck.wait(10)
        sink(records)

    collector = Collector(blocked, config=CollectorConfig(queue_spans=2, batch_delay_s=0.01))
    collector.start()
    statuses = [post(collector, BODY, PROTOBUF)[0] for _ in range(5)]
    _, _, headers = post(collector, BODY, PROTOBUF)
    assert statuses[:2] == [200, 200]
    assert statuses[-1] == 503
    assert int(headers["retry-after"]) >= 1
    stuck.set()
    assert collector.stop(5)
    assert len(sink.records) == statuses.count(200)


def test_a_sink_that_fails_for_a_while(sink: Sink) -> None:
    """A sink that cannot is asked again; what it never takes is counted by cause."""
    attempts: list[int] = []

    def failing(records: Sequence[SpanRecord]) -> None:
        attempts.append(len(records))
        if len(attempts) < 3 or len(attempts) > 3:
            raise SinkError("disk_full")
        sink(records)

    collector = Collector(failing, config=CollectorConfig(batch_delay_s=0.01, sink_backoff_s=0.01))
    collector.start()
    assert post(collector, BODY, PROTOBUF)[0] == 200
    deadline_s = time.monotonic() + 5
    while not sink.records and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert post(collector, BODY, PROTOBUF)[0] == 200
    assert collector.stop(5)
    assert len(sink.records) == 1
    assert collector.counts.dropped_by_reason == {"disk_full": 1}


def test_the_pipeline_runs_before_the_sink(sink: Sink) -> None:
    """What reaches the sink is redacted; a span processed by its application is not priced again."""
    span = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "to jane@example.com"}
    request = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    with Collector(sink, Pipeline().process) as collector:
        assert post(collector, json.dumps(request).encode(), JSON)[0] == 200
    assert [record.name for record in sink.records] == ["to [EMAIL]"]


def test_other_machines_are_not_served_by_accident(sink: Sink) -> None:
    """An address that others can reach needs an explicit word."""
    with pytest.raises(ValueError, match="allow_remote"):
        Collector(sink, host="0.0.0.0")


def test_many_clients_at_once(collector: Collector, sink: Sink) -> None:
    """Spans of concurrent clients all arrive, once."""
    body = encode_spans(spans(50)).SerializeToString()
    threads = [threading.Thread(target=post, args=(collector, body, PROTOBUF)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    collector.stop(5)
    assert len(sink.records) == 1000
