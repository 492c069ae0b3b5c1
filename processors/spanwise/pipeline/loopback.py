"""`Loopback`: the short way from an application to the collector in its parent process."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from spanwise.pipeline import counters
from spanwise.semconv import values


_logger = logging.getLogger("spanwise.pipeline")


class Loopback:
    """A connection to a collector on this machine. For one thread at a time.

    Args:
        endpoint: base URL of the collector.
        timeout_s: seconds that one attempt may take.
    """

    def __init__(self, endpoint: str, *, timeout_s: float = 2.0) -> None:
        address = urlsplit(endpoint)
        self._host = address.hostname or "127.0.0.1"
        self._port = address.port or 80
        self._timeout_s = timeout_s
        self._connection: http.client.HTTPConnection | None = None

    def send(self, path: str, body: bytes) -> bool:
        """Whether the collector took `body`, an OTLP request in protobuf, at the first or second attempt."""
        return self._send(path, body) or self._send(path, body)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, path: str, body: bytes) -> bool:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        try:
            self._connection.request("POST", path, body, {"Content-Type": "application/x-protobuf"})
            response = self._connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException) as error:
            _logger.debug("spanwise: the local collector did not answer: %s", type(error).__name__)
            self.close()
            return False
        return response.status == 200


class LoopbackExporter(SpanExporter):
    """Sends spans as OTLP/HTTP to a collector on this machine, over one connection.

    A stock exporter would do, but costs its imports at start-up and retries a collector that is gone for longer than
    the application lives. This one imports nothing until the first export and tries a batch twice.

    Args:
        endpoint: base URL of the collector.
        timeout_s: seconds that one attempt may take.
    """

    def __init__(self, endpoint: str, *, timeout_s: float = 2.0) -> None:
        self._loopback = Loopback(endpoint, timeout_s=timeout_s)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Whether the collector took `spans`."""
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

        taken = self._loopback.send("/v1/traces", encode_spans(spans).SerializeToString())
        counters.exported(values.SPANWISE_OUTCOME_SUCCESS if taken else values.SPANWISE_OUTCOME_FAILURE, len(spans))
        return SpanExportResult.SUCCESS if taken else SpanExportResult.FAILURE

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - the exporter's interface
        """Always `True`: nothing waits here."""
        return True

    def shutdown(self) -> None:
        """Close the connection."""
        self._loopback.close()
