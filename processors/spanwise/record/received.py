"""What an OTLP request held: the good spans or scores, and how many were refused."""

from __future__ import annotations

from typing import Final, NamedTuple

from spanwise.record.score import ScoreRecord
from spanwise.record.span import SpanRecord


MAX_DEPTH: Final = 64
"""How deep attribute values may nest; what lies deeper becomes `TOO_DEEP`."""

MAX_INT64: Final = 2**63 - 1
"""The largest integer OTLP carries, and the latest time taken, in nanoseconds: the year 2262. Later times fit OTLP but
no signed column, so a span with one is refused at the border instead of failing a whole batch in a store."""

TOO_DEEP: Final = "[TOO DEEP]"
"""Stands where an attribute value nested too deep."""


class MalformedRequest(ValueError):  # noqa: N818 - it names what arrived
    """A body that is no OTLP request. The message is a fixed sentence and never quotes the body."""


class Received(NamedTuple):
    """The spans of one OTLP request. `reason` says why the first refused span was refused; it never quotes input."""

    records: list[SpanRecord]
    rejected: int = 0
    reason: str = ""


class ReceivedLogs(NamedTuple):
    """What one OTLP request of log records held.

    Attributes:
        scores: the results of evaluations in it.
        others: how many other log records it held, which are not kept.
        rejected: how many results of evaluations cannot be kept.
        reason: why the first of those cannot; it never quotes input.
    """

    scores: list[ScoreRecord]
    others: int = 0
    rejected: int = 0
    reason: str = ""
