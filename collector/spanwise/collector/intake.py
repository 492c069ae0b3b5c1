"""From the decoded body of a request to a batch on the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from spanwise.collector.config import CollectorConfig
from spanwise.collector.counts import Tally
from spanwise.collector.memory import Lease, Memory
from spanwise.collector.refusal import Refusal
from spanwise.collector.span_queue import Batch, SpanQueue
from spanwise.record import SpanRecord, otlp, otlp_json
from spanwise.record.received import MalformedRequest, Received


Pipeline: TypeAlias = Callable[[SpanRecord], SpanRecord | None]
"""What is done to each span; `None` takes it out. Called from several threads at once; it does not raise."""


class Intake:
    """Parses, processes and queues, on the thread that received the request. Shared by both servers."""

    def __init__(self, queue: SpanQueue, pipeline: Pipeline | None, tally: Tally, config: CollectorConfig) -> None:
        self._queue = queue
        self._pipeline = pipeline
        self._tally = tally
        self._retry_after_s = config.retry_after_s
        self._memory = Memory(config.max_inflight_bytes, config.retry_after_s)

    def lease(self) -> Lease:
        """A share of the memory that all requests in flight may hold."""
        return self._memory.lease()

    def check_room(self) -> None:
        """Nothing, while there is any room for spans.

        Raises:
            Refusal: the queue is full or closed.
        """
        if not self._queue.has_room():
            raise self._full()

    def take(self, body: bytes | bytearray, *, is_json: bool) -> Received:
        """Queue the spans of `body`; returns once they are queued, with the malformed ones counted.

        Raises:
            Refusal: `body` is malformed, or there is no room.
        """
        self.check_room()
        try:
            received = otlp_json.records(body) if is_json else otlp.records(otlp.parse(body))
        except MalformedRequest as error:
            raise Refusal.malformed(str(error)) from None
        if received.records:
            self._admit(received.records, len(body))
        self._tally.add(received=len(received.records), rejected=received.rejected)
        return received

    def refused(self) -> None:
        """Count a request that is answered with an error."""
        self._tally.add(refused_requests=1)

    def _admit(self, records: list[SpanRecord], size_bytes: int) -> None:
        batch = Batch(len(records), size_bytes)
        if not self._queue.admit(batch):
            raise self._full()
        processed = False
        try:
            batch.records = self._processed(records)
            processed = True
        finally:
            if not processed:
                self._queue.withdraw(batch)
        self._tally.add(filtered=len(records) - len(batch.records))
        if not self._queue.put(batch):
            self._tally.drop("stopped", len(batch.records))

    def _processed(self, records: list[SpanRecord]) -> list[SpanRecord]:
        if self._pipeline is None:
            return records
        return [kept for kept in map(self._pipeline, records) if kept is not None]

    def _full(self) -> Refusal:
        return Refusal.unavailable("the queue is full or the collector is stopping", self._retry_after_s)
