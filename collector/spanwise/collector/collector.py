"""`Collector`: OTLP in, the pipeline, a sink."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from spanwise.collector.bearer import Bearer
from spanwise.collector.config import CollectorConfig, is_loopback
from spanwise.collector.counts import Counts, Tally
from spanwise.collector.http_server import HttpServer
from spanwise.collector.intake import Intake, Pipeline
from spanwise.collector.scoring import Scoring
from spanwise.collector.span_queue import SpanQueue
from spanwise.collector.writer import Sink, Writer


if TYPE_CHECKING:
    from spanwise.collector.grpc_server import GrpcServer


class Collector:
    """Receives OTLP over HTTP, and over gRPC when given a port for it, and hands processed spans to a sink.

    A client is answered when its spans are on the queue; one thread takes them from there to the sink.

    Args:
        sink: takes processed spans; raises `SinkError` when it cannot.
        pipeline: what each span goes through; `None` leaves them as they are.
        host: the address to bind.
        http_port: 0 takes a free port.
        grpc_port: 0 takes a free port, `None` serves no gRPC and imports none.
        config: limits.
        scoring: where scores go; `None` takes no log records and no feedback.
        budgets: what the budgets of its pipeline have spent, as JSON for processes that ask; `None` tells nobody.
        bearer: tokens with which processes of any machine are told; `None` tells those of this machine.

    Raises:
        ValueError: `host` is not loopback and the configuration does not allow that.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one keyword each for what a collector is made of
        self,
        sink: Sink,
        pipeline: Pipeline | None = None,
        host: str = "127.0.0.1",
        http_port: int = 0,
        grpc_port: int | None = None,
        config: CollectorConfig | None = None,
        scoring: Scoring | None = None,
        budgets: Callable[[], bytes] | None = None,
        bearer: Bearer | None = None,
    ) -> None:
        self._config = config or CollectorConfig()
        if not is_loopback(host) and not self._config.allow_remote:
            raise ValueError(
                f"{host} can be reached from other machines and there is no TLS and no authentication: "
                "bind a loopback address, or set allow_remote=True behind something that has both"
            )
        self._host, self._http_port, self._grpc_port = host, http_port, grpc_port
        self._tally = Tally()
        self._queue = SpanQueue(self._config.queue_spans, self._config.queue_bytes)
        self._writer = Writer(sink, scoring.sink if scoring else None, self._queue, self._tally, self._config)
        self._intake = Intake(self._queue, pipeline, self._tally, self._config, scoring)
        self._budgets, self._bearer = budgets, bearer
        self._http: HttpServer | None = None
        self._grpc: GrpcServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: a port cannot be bound; nothing listens then.
        """
        address = self._host, self._http_port
        self._http = HttpServer(address, self._intake, self._config, self._budgets, self._bearer)
        try:
            if self._grpc_port is not None:
                from spanwise.collector.grpc_server import GrpcServer

                self._grpc = GrpcServer(self._host, self._grpc_port, self._intake, self._config)
        except OSError:
            self._http.server_close()
            self._http = None
            raise
        self._writer.start()
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, name="spanwise-http", daemon=True
        )
        self._thread.start()
        if self._grpc is not None:
            self._grpc.start()

    @property
    def http_url(self) -> str:
        """Base URL for OTLP/HTTP, without `/v1/traces`. Known once started."""
        assert self._http is not None, "the collector is not started"
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._http.server_address[1]}"

    @property
    def grpc_target(self) -> str | None:
        """Address for OTLP/gRPC, `None` without one. Known once started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self._grpc.port}" if self._grpc is not None else None

    @property
    def counts(self) -> Counts:
        """What was done so far."""
        return self._tally.snapshot()

    def stop(self, timeout_s: float) -> bool:
        """Stop listening and write what was accepted.

        Returns:
            Whether everything accepted was offered to the sink within `timeout_s` seconds.
        """
        deadline_s = time.monotonic() + timeout_s
        if self._grpc is not None:
            self._grpc.stop(min(1.0, timeout_s))
            self._grpc = None
        if self._http is not None:
            self._http.shutdown()
            self._http.close_connections()
            self._http.server_close()
        if self._thread is None:
            return True
        self._thread.join(max(deadline_s - time.monotonic(), 0))
        return self._writer.finish(max(deadline_s - time.monotonic(), 0))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop(10.0)
