"""`Sender`: a client that keeps the ids of the spans for which a collector said that it has taken them."""

from __future__ import annotations

import itertools
import os
import threading
import time
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.stack.http import send


SPANS_A_BATCH = 10


class Sender:
    """Sends batches of spans without pause while the context is open, each batch until it is taken.

    `accepted` holds the ids of the spans for which the answer was a success. A batch for which there was no answer is
    sent again, as any OTLP client does; whether the first was taken is not known, so only the answered one counts.
    """

    def __init__(self, otlp_url: str, *, service: str, pause_s: float = 0.02) -> None:
        self.service = service
        self.accepted: set[str] = set()
        self.refusals = 0
        self._url = f"{otlp_url}/v1/traces"
        self._pause_s = pause_s
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._send_all, name="sender", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join(30)

    def _send_all(self) -> None:
        for number in itertools.count():
            batch, ids = self._batch(number)
            while not self._is_taken(batch):
                self.refusals += 1
                if self._ends.wait(0.05):
                    return
            self.accepted |= ids
            if self._ends.wait(self._pause_s):
                return

    def _is_taken(self, batch: bytes) -> bool:
        try:
            status, _ = send(self._url, body=batch, headers={"Content-Type": "application/x-protobuf"})
        except (OSError, EOFError):
            return False
        return status == 200

    def _batch(self, number: int) -> tuple[bytes, set[str]]:
        """One trace of ten spans, as it goes over the wire, and the ids of its spans."""
        request = ExportTraceServiceRequest()
        group = request.resource_spans.add()
        name = group.resource.attributes.add(key="service.name")
        name.value.string_value = self.service
        scope = group.scope_spans.add()
        scope.scope.name = "tests.stack"
        trace_id, now_ns = os.urandom(16), time.time_ns()
        root = os.urandom(8)
        ids: set[str] = set()
        for at in range(SPANS_A_BATCH):
            span_id = root if at == 0 else os.urandom(8)
            scope.spans.add(
                trace_id=trace_id,
                span_id=span_id,
                parent_span_id=b"" if at == 0 else root,
                name=f"step {number}.{at}",
                kind=Span.SPAN_KIND_INTERNAL,
                start_time_unix_nano=now_ns,
                end_time_unix_nano=now_ns + 1_000_000,
            )
            ids.add(span_id.hex())
        return request.SerializeToString(), ids
