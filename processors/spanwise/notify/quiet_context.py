"""Sending without being seen: our own requests are no telemetry of the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unobserved() -> Iterator[None]:
    """Within the block no instrumentation makes spans or metrics: not of HTTP, nor of anything else."""
    from opentelemetry.instrumentation.utils import suppress_http_instrumentation, suppress_instrumentation

    with suppress_instrumentation(), suppress_http_instrumentation():
        yield
