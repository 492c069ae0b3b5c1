"""The one thread that calls the sink."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

from spanwise.collector.config import CollectorConfig
from spanwise.collector.counts import Tally
from spanwise.collector.span_queue import SpanQueue
from spanwise.record import SpanRecord


Sink: TypeAlias = Callable[[Sequence[SpanRecord]], None]
"""Takes processed spans, always on the same thread. Raises `SinkError` when it could not."""

_log = logging.getLogger(__name__)


class SinkError(Exception):
    """A sink could not take a batch now; it is offered again a few times, then dropped and counted.

    Attributes:
        reason: a short label such as `disk_full`. It becomes a key of `Counts.dropped_by_reason` and goes to the log,
            so it holds no value from a span.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Writer:
    """Takes batches from the queue and offers them to the sink.

    Anything the sink raises besides `SinkError` is a defect: the writer ends, `failed` is set, what waits is counted as
    dropped, and the exception goes to `threading.excepthook`.
    """

    def __init__(self, sink: Sink, queue: SpanQueue, tally: Tally, config: CollectorConfig) -> None:
        self.failed = False
        self._sink = sink
        self._queue = queue
        self._tally = tally
        self._config = config
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spanwise-writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def finish(self, timeout_s: float) -> bool:
        """Close the queue and write what it holds within `timeout_s`; what is left then is counted as dropped.

        Returns:
            Whether everything was offered to the sink and the thread has ended.
        """
        self._queue.close()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            self._tally.drop("stopped", self._queue.abandon())
            # A writer that only waits for its next attempt ends at once; one inside the sink cannot be ended.
            self._hurry.set()
            self._thread.join(self._config.sink_backoff_s)
            return False
        return not self.failed

    def _run(self) -> None:
        finished = False
        try:
            while batches := self._queue.take(self._config.batch_spans, self._config.batch_delay_s):
                self._write([record for batch in batches for record in batch.records])
                self._queue.done(batches)
            finished = True
        finally:
            if not finished:
                self._fail()

    def _write(self, records: list[SpanRecord]) -> None:
        if not records:
            return
        reason = ""
        for attempt in range(self._config.sink_attempts):
            if attempt and self._hurry.wait(self._config.sink_backoff_s * 2 ** (attempt - 1)):
                break
            try:
                self._sink(records)
            except SinkError as error:
                reason = error.reason
            else:
                self._tally.add(written=len(records))
                return
        self._tally.drop(reason, len(records))
        _log.error("the sink did not take %d spans: %s", len(records), reason)

    def _fail(self) -> None:
        """Record the exception on its way out. Its text is left out, as it may quote a span."""
        self.failed = True
        kind = sys.exc_info()[0]
        lost = self._queue.abandon()
        self._tally.drop("sink_failed", lost)
        _log.critical("the sink raised %s; no more spans are taken", kind.__name__ if kind else "an exception")
