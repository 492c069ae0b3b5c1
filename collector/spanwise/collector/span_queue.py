"""The bounded queue between the receiving threads and the writer."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from spanwise.record import ScoreRecord, SpanRecord


@dataclass(slots=True)
class Batch:
    """The spans or scores of one request. `spans` and `size_bytes` are what it was admitted with, before the pipeline.

    A score takes the place of a span.
    """

    spans: int
    size_bytes: int
    records: list[SpanRecord] = field(default_factory=list)
    scores: list[ScoreRecord] = field(default_factory=list)


class SpanQueue:
    """Batches in order of arrival, bounded by spans and bytes, those being written included.

    A batch is admitted before the pipeline runs on it, so that a span which has been counted and priced is never
    refused and sent again.
    """

    def __init__(self, max_spans: int, max_bytes: int) -> None:
        self._max_spans = max_spans
        self._max_bytes = max_bytes
        self._spans = 0
        self._bytes = 0
        self._admitted = 0
        self._waiting: deque[Batch] = deque()
        self._closed = False
        self._abandoned = False
        self._changed = threading.Condition()

    def has_room(self) -> bool:
        """Whether an attempt to admit can succeed: a cheap look before the work of parsing."""
        with self._changed:
            return not self._closed and self._spans < self._max_spans and self._bytes < self._max_bytes

    def admit(self, batch: Batch) -> bool:
        """Whether there is room for `batch`; if so it must be `put` or `withdraw`n. An empty queue has room for any."""
        with self._changed:
            full = self._spans + batch.spans > self._max_spans or self._bytes + batch.size_bytes > self._max_bytes
            if self._closed or (full and self._spans):
                return False
            self._spans += batch.spans
            self._bytes += batch.size_bytes
            self._admitted += 1
            return True

    def put(self, batch: Batch) -> bool:
        """Hand over an admitted batch; `False` when the writer has gone in the meantime, and the batch is lost."""
        with self._changed:
            self._admitted -= 1
            self._changed.notify_all()
            if self._abandoned:
                return False
            self._waiting.append(batch)
            return True

    def withdraw(self, batch: Batch) -> None:
        """Give up the room of an admitted batch."""
        with self._changed:
            self._admitted -= 1
            self._release(batch)
            self._changed.notify_all()

    def take(self, enough_spans: int, delay_s: float) -> list[Batch]:
        """All waiting batches, once they hold `enough_spans`, `delay_s` has passed since the first, or on closing.

        Blocks; empty only when the queue is closed and drained, or abandoned.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over())
            deadline = time.monotonic() + delay_s
            while not (self._closed or sum(batch.spans for batch in self._waiting) >= enough_spans):
                remaining_s = deadline - time.monotonic()
                if remaining_s <= 0:
                    break
                self._changed.wait(remaining_s)
            if self._abandoned:
                return []
            taken = list(self._waiting)
            self._waiting.clear()
            return taken

    def done(self, batches: list[Batch]) -> None:
        """Free the room of batches that were taken."""
        with self._changed:
            for batch in batches:
                self._release(batch)

    def close(self) -> None:
        """Admit nothing more; what was admitted can still be put and taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def abandon(self) -> tuple[int, int]:
        """Close and throw away what waits.

        Returns:
            How many spans and how many scores were thrown away.
        """
        with self._changed:
            self._closed = self._abandoned = True
            lost = sum(len(batch.records) for batch in self._waiting), sum(len(batch.scores) for batch in self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
            return lost

    def _is_over(self) -> bool:
        return self._abandoned or (self._closed and not self._admitted)

    def _release(self, batch: Batch) -> None:
        self._spans -= batch.spans
        self._bytes -= batch.size_bytes
