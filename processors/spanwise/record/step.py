"""The contract of a pipeline step."""

from __future__ import annotations

from typing import Protocol

from spanwise.record.span import SpanRecord


class Step(Protocol):
    """Change one finished span record, or drop it.

    Set-up belongs in `__init__`. `__call__` does no I/O, takes no lock and contains no `try`: the driver owns order,
    error boundary and counters. A step may be called from several threads at once.
    """

    def __call__(self, span: SpanRecord, /) -> SpanRecord | None:
        """The record to pass on (usually the same one, changed), or `None` to drop the span."""
        ...
