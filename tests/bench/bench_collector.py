"""What receiving costs: OTLP/HTTP requests of chat spans, through the collector and through less of it.

Prints microseconds of CPU per span and ratios against decoding alone; asserts nothing.
"""

from __future__ import annotations

import http.client
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwise.collector import Collector
from spanwise.pipeline import Pipeline
from spanwise.record import SpanRecord, otlp
from spanwise.store import Store


SPANS = 512
ROUNDS = 7
TEXT = "The retriever returned eight passages, and the answer cites three of them. " * 14


def chat_span(number: int) -> SpanRecord:
    """A chat span with 1 KB of content."""
    messages = [{"role": "user", "parts": [{"type": "text", "content": TEXT}]}]
    now = time.time_ns()
    return SpanRecord(
        "chat gpt-4.1-mini",
        1 + number // 8,
        1 + number,
        start_unix_nano=now,
        end_unix_nano=now + 1_000_000,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4.1-mini",
            "gen_ai.response.model": "gpt-4.1-mini-2025-04-14",
            "gen_ai.usage.input_tokens": 240,
            "gen_ai.usage.output_tokens": 30,
            "gen_ai.input.messages": orjson.dumps(messages).decode(),
        },
    )


def decode(body: bytes) -> None:
    """The least any receiver does with a request: parse it."""
    request = ExportTraceServiceRequest()
    request.ParseFromString(body)


def request(first: int) -> bytes:
    """A request of spans numbered from `first`; the store leaves out spans it has."""
    return otlp.request([chat_span(number) for number in range(first, first + SPANS)]).SerializeToString()


def measure(bodies: Sequence[bytes], work: Callable[[bytes], None]) -> float:
    """Microseconds of CPU per span, all threads of this process counted: the median over `bodies` after the first."""
    work(bodies[0])
    found = []
    for body in bodies[1:]:
        start_s = time.process_time()
        work(body)
        found.append((time.process_time() - start_s) / SPANS * 1e6)
    return statistics.median(found)


def received(collector: Collector) -> Callable[[bytes], None]:
    """Sends a request to `collector` and waits until its spans are at the sink."""
    address = urlsplit(collector.http_url).netloc
    done = 0

    def send(body: bytes) -> None:
        nonlocal done
        connection = http.client.HTTPConnection(address)
        connection.request("POST", "/v1/traces", body, {"content-type": "application/x-protobuf"})
        assert connection.getresponse().status == 200
        connection.close()
        done += SPANS
        while collector.counts.written < done:
            time.sleep(0.002)

    return send


def discard(_: Sequence[SpanRecord]) -> None:
    """A sink that forgets."""


def main() -> None:
    """Print the table."""
    bodies = [request(1 + SPANS * number) for number in range(1 + ROUNDS)]
    base = measure(bodies, decode)
    print(f"parsing alone: {base:.1f} us per span of {len(bodies[0]) // SPANS} bytes")
    pipeline = Pipeline()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "s.duckdb")
        hosts = {
            "received": Collector(discard),
            "received, processed": Collector(discard, pipeline.process),
            "received, processed, stored": Collector(store.write, pipeline.process),
        }
        for name, collector in hosts.items():
            with collector:
                cost_us = measure(bodies, received(collector))
            print(f"{name:28} {cost_us:8.1f} us per span, x{cost_us / base:.1f}, {1e6 / cost_us:,.0f} spans/s a core")


if __name__ == "__main__":
    main()
