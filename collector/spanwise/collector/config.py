"""The limits of a collector."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, fields


_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorConfig:
    """Limits that hold whatever a client sends. The defaults suit one machine; 64 MiB is OTLP's recommended bound.

    Raises:
        ValueError: a limit is not above zero.
    """

    max_body_bytes: int = 64 * _MIB
    """The largest request on the wire."""
    max_decoded_bytes: int = 64 * _MIB
    """The largest request after decompression."""
    max_inflight_bytes: int = 256 * _MIB
    """Bodies held at one time over all connections; beyond it requests get 503."""
    max_connections: int = 128
    """Open HTTP connections, one thread each; beyond it a connection gets 503 at once."""
    header_timeout_s: float = 10.0
    """From the request line to the last header."""
    body_timeout_s: float = 30.0
    """For the whole body, and for the client to take the answer."""
    idle_timeout_s: float = 60.0
    """How long a connection may stay open without a request."""
    queue_spans: int = 100_000
    """Spans waiting for the sink. One larger request is still taken when nothing waits."""
    queue_bytes: int = 128 * _MIB
    """Decoded request bytes waiting for the sink, under the same rule."""
    batch_spans: int = 512
    """The sink is called when this many spans wait; one request is never split."""
    batch_delay_s: float = 1.0
    """The sink is called at the latest this long after a span arrived."""
    sink_attempts: int = 3
    """How often a batch is offered to a sink that raises `SinkError`."""
    sink_backoff_s: float = 0.1
    """Before the second attempt; doubles for each further one."""
    retry_after_s: int = 1
    """What a refused client is told to wait."""
    grpc_workers: int = 8
    """Threads that serve gRPC calls."""
    allow_remote: bool = False
    """Whether addresses other than loopback may be bound. There is no TLS and no authentication."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            if getattr(self, limit.name) <= 0 and limit.name != "allow_remote":
                raise ValueError(f"{limit.name} must be above zero")


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without port, can only mean this machine. Names are not looked up."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
