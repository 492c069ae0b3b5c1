"""Scores on the short way from an application to the collector in its parent process."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from opentelemetry.sdk._logs import LogRecordProcessor, ReadableLogRecord, ReadWriteLogRecord
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter, LogRecordExportResult

from spanwise.pipeline.loopback import Loopback
from spanwise.semconv import events


LOGS = "/v1/logs"


class LoopbackScores(LogRecordProcessor):
    """Sends the results of evaluations, and no other log record, to a collector on this machine.

    Nothing is made before the first score: a program that gives none pays for a comparison of names.

    Args:
        endpoint: base URL of the collector.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._making = threading.Lock()
        self._batches: BatchLogRecordProcessor | None = None

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        """Queue `log_record` if it is a score."""
        if log_record.log_record.event_name != events.GEN_AI_EVALUATION_RESULT:
            return
        with self._making:
            if self._batches is None:
                self._batches = BatchLogRecordProcessor(_Exporter(self._endpoint), schedule_delay_millis=500)
        self._batches.on_emit(log_record)

    def shutdown(self) -> None:
        """Send what waits, then end."""
        if self._batches is not None:
            self._batches.shutdown()  # type: ignore[no-untyped-call]

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Whether what waited was sent."""
        return self._batches is None or self._batches.force_flush(timeout_millis)


class _Exporter(LogRecordExporter):
    """Two attempts for each batch, as for spans."""

    def __init__(self, endpoint: str) -> None:
        self._loopback = Loopback(endpoint)

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs

        taken = self._loopback.send(LOGS, encode_logs(batch).SerializeToString())
        return LogRecordExportResult.SUCCESS if taken else LogRecordExportResult.FAILURE

    def force_flush(self, timeout_millis: int = 10_000) -> bool:  # noqa: ARG002 - the exporter's interface
        return True

    def shutdown(self) -> None:
        self._loopback.close()
