"""The one thread that calls the sink."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from spanwise.collector.config import CollectorConfig
from spanwise.collector.counts import Tally
from spanwise.collector.span_queue import SpanQueue
from spanwise.record import ScoreRecord, SpanRecord


Sink: TypeAlias = Callable[[Sequence[SpanRecord]], None]
"""Takes processed spans, always on the same thread. Raises `SinkError` when it could not."""

ScoreSink: TypeAlias = Callable[[Sequence[ScoreRecord]], None]
"""Takes processed scores, on the same thread as the spans. Raises `SinkError` when it could not."""

_T = TypeVar("_T")

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

    def __init__(
        self, sink: Sink, scores: ScoreSink | None, queue: SpanQueue, tally: Tally, config: CollectorConfig
    ) -> None:
        self.failed = False
        self._sink = sink
        self._scores = scores
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
            self._lost("stopped")
            # A writer that only waits for its next attempt ends at once; one inside the sink cannot be ended.
            self._hurry.set()
            self._thread.join(self._config.sink_backoff_s)
            return False
        return not self.failed

    def _run(self) -> None:
        finished = False
        try:
            while batches := self._queue.take(self._config.batch_spans, self._config.batch_delay_s):
                spans = [record for batch in batches for record in batch.records]
                if self._offered(self._sink, spans, "spans"):
                    self._tally.add(written=len(spans))
                scores = [score for batch in batches for score in batch.scores]
                if self._scores is not None and self._offered(self._scores, scores, "scores"):
                    self._tally.add(scores_written=len(scores))
                self._queue.done(batches)
            finished = True
        finally:
            if not finished:
                self._fail()

    def _offered(self, sink: Callable[[Sequence[_T]], None], records: list[_T], what: str) -> bool:
        """Whether `sink` took all of `records`, at the last attempt at least; what it did not is counted."""
        if not records:
            return False
        reason = ""
        for attempt in range(self._config.sink_attempts):
            if attempt and self._hurry.wait(self._config.sink_backoff_s * 2 ** (attempt - 1)):
                break
            try:
                sink(records)
            except SinkError as error:
                reason = error.reason
            else:
                return True
        if what == "spans":
            self._tally.drop(reason, len(records))
        else:
            self._tally.add(scores_dropped=len(records))
        _log.error("the sink did not take %d %s: %s", len(records), what, reason)
        return False

    def _lost(self, reason: str) -> None:
        spans, scores = self._queue.abandon()
        self._tally.drop(reason, spans)
        self._tally.add(scores_dropped=scores)

    def _fail(self) -> None:
        """Record the exception on its way out. Its text is left out, as it may quote a span."""
        self.failed = True
        kind = sys.exc_info()[0]
        self._lost("sink_failed")
        _log.critical("the sink raised %s; no more spans are taken", kind.__name__ if kind else "an exception")
