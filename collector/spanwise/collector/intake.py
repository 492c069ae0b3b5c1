"""From the decoded body of a request to a batch on the queue."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from spanwise.collector.config import CollectorConfig
from spanwise.collector.counts import Tally
from spanwise.collector.memory import Lease, Memory
from spanwise.collector.refusal import Refusal
from spanwise.collector.scoring import Scoring
from spanwise.collector.span_queue import Batch, SpanQueue
from spanwise.record import ScoreRecord, SpanRecord, otlp, otlp_json
from spanwise.record.received import MalformedRequest, Received, ReceivedLogs


Pipeline: TypeAlias = Callable[[SpanRecord], SpanRecord | None]
"""What is done to each span; `None` takes it out. Called from several threads at once; it does not raise."""


class Intake:
    """Parses, processes and queues, on the thread that received the request. Shared by both servers."""

    def __init__(
        self,
        queue: SpanQueue,
        pipeline: Pipeline | None,
        tally: Tally,
        config: CollectorConfig,
        scoring: Scoring | None = None,
    ) -> None:
        self.scoring = scoring
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

    def take_logs(self, body: bytes | bytearray, *, is_json: bool) -> ReceivedLogs:
        """Queue the scores among the log records of `body`; returns once they are queued, with the others counted.

        Raises:
            Refusal: `body` is malformed, or there is no room.
        """
        from spanwise.record import otlp_logs

        self.check_room()
        try:
            received = otlp_json.scores(body) if is_json else otlp_logs.scores(otlp_logs.parse(body))
        except MalformedRequest as error:
            raise Refusal.malformed(str(error)) from None
        self._tally.add(scores_rejected=received.rejected, logs_ignored=received.others)
        if received.scores:
            self.take_scores(received.scores, len(body))
        return received

    def take_scores(self, scores: list[ScoreRecord], size_bytes: int) -> None:
        """Queue well-formed `scores`, which came in `size_bytes`; one without a time was given now.

        Raises:
            Refusal: there is no room.
        """
        assert self.scoring is not None
        batch = Batch(len(scores), size_bytes)
        if not self._queue.admit(batch):
            raise self._full()
        processed = False
        try:
            for score in scores:
                score.time_unix_nano = score.time_unix_nano or time.time_ns()
            batch.scores = scores if self.scoring.pipeline is None else list(map(self.scoring.pipeline, scores))
            processed = True
        finally:
            if not processed:
                self._queue.withdraw(batch)
        self._tally.add(scores_received=len(scores))
        if not self._queue.put(batch):
            self._tally.add(scores_dropped=len(scores))

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
